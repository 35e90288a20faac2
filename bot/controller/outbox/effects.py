"""What is done in Slack for any message of a resource. Their ledger is the outbox, which knows more of each."""

from bot.controller.effects import Effect, Proof

DIRECT = Effect(
    "direct",
    "opening a direct message",
    "a direct message that is opened again, which is the same; what was decided is saved before anything is said there",
)
FIND = Effect("find", "reading Slack for a message", "nothing: it is read again")
POST = Effect(
    "post", "posting a message", "the message without its timestamp: Slack is read for it", Proof.LOOK
)
UPDATE = Effect("update", "editing a message", "an edit that is made again, with the same text")
DELETE = Effect("delete", "deleting a copy of a message", "a copy that is gone already")

OUTBOX = (DIRECT, FIND, POST, UPDATE, DELETE)
"""The effects of whatever tells people something."""
