"""What an answer does on the outside, beside the messages of the outbox. How far a part is, its ``Part`` knows."""

from bot.controller.effects import Effect, Proof

CALL = 6.0
"""Seconds that one call to Slack may take."""

ASK = Effect(
    "ask",
    "asking the model",
    "nothing: it is written down that it is asked, and it is asked again, four times at most",
)
OPEN = Effect(
    "open",
    "opening a message as a stream",
    "an open stream without a marker: the thread is read for it; none there after the grace: it was not opened",
    Proof.LOOK,
    longest=CALL,
    grace=20.0,
)
APPEND = Effect(
    "append",
    "adding to a message",
    "half an answer: the model is asked again, quietly, and the whole replaces it",
    longest=CALL,
)
CLOSE = Effect(
    "close",
    "closing a message",
    "a closed message: closing says so, and the same text is put there again",
    longest=CALL,
)
REPLACE = Effect(
    "replace", "putting the whole text into a message", "the same text, put there again", longest=CALL
)
REMEMBER = Effect(
    "remember", "remembering the turns", "turns that are remembered: adding them again adds nothing"
)
ANSWERING = (ASK, OPEN, APPEND, CLOSE, REPLACE, REMEMBER)
