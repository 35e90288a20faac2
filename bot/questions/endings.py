"""Why an answer stopped: what is said under one that is not whole, and what is remembered of it.

The words are those of Converse's ``stopReason`` (botocore 1.44.5, bedrock-runtime, ``StopReason``). One that is not
known here is told by its own name: an answer that stopped for an unknown reason is not taken for a whole one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.questions.answerer import Answerer, Ending
from bot.questions.splitting import code_end
from bot.wording import Person, mention, quoted

WHOLE: Final = frozenset({"end_turn", "stop_sequence"})
"""The model had said what it wanted to."""
STOPPED: Final = Ending("stopped_by_person")
"""Whoever asked pressed stop: no word of the service's."""
RESTARTED: Final = "_I am being restarted. The whole answer comes here in a moment._"
"""Under what there is of an answer that another process gives anew."""
IN_ONE_PIECE: Final = "is writing: the answer comes in one piece…"
"""What is shown, after the bot's name, of an answer that nobody can read while it grows."""
INTERRUPTED: Final = "_I was interrupted. The whole answer comes here in a moment._"
"""The same, where the process that gave it ended without a word."""
BASE_BROKE_OFF: Final = "The answer of its base broke off."
FENCE: Final = "```"


@dataclass(frozen=True, slots=True)
class _Cut:
    """What is said of an answer that is not whole. ``kept``: its words were the model's, so the thread may go on."""

    said: str
    mend: str
    kept: bool = False


_CUTS: Final[Mapping[str, _Cut]] = {
    "max_tokens": _Cut(
        "The answer was cut off at its limit of {limit:,} tokens.",
        "Ask me to go on, or for something shorter.",
        kept=True,
    ),
    "model_context_window_exceeded": _Cut(
        "The answer was cut off: with this thread it is as long as the model can read.",
        "Ask again in a new thread.",
        kept=True,
    ),
    "guardrail_intervened": _Cut(
        "A guardrail of your AWS account stopped the answer.",
        "Ask in other words; the operator knows what the guardrail is for.",
    ),
    "content_filtered": _Cut(
        "The service's content filter stopped the answer.",
        "Ask in other words.",
    ),
    "tool_use": _Cut("The model wanted to use a tool, and I have none for it.", "Ask in other words."),
    "malformed_tool_use": _Cut(
        "The model wanted to use a tool, and I have none for it.", "Ask in other words."
    ),
    "malformed_model_output": _Cut("The model broke off with something that nobody can read.", "Ask again."),
    STOPPED.stop_reason: _Cut("", "", kept=True),
}


def is_whole(ending: Ending) -> bool:
    """Return whether the model had come to its end."""
    return ending.stop_reason in WHOLE


def sentences(ending: Ending, answerer: Answerer) -> tuple[str, str]:
    """Return why the answer is not whole, and what to do; both empty for one that is."""
    if is_whole(ending):
        return "", ""
    cut = _CUTS.get(ending.stop_reason)
    if cut is None:
        named = ending.stop_reason.replace("`", "")[:60]
        return f"The service stopped the answer early (`{named}`).", "Ask again."
    return cut.said.format(limit=answerer.max_tokens), cut.mend


def note_under(answer: str, ending: Ending, answerer: Answerer) -> str:
    """Return what is added to an answer that is not whole, as Markdown; empty for one that is.

    Code that was cut off is closed first, so that the note does not stand in it.
    """
    said, mend = sentences(ending, answerer)
    return under(answer, f"{said} {mend}") if said else ""


def asleep(model: str) -> str:
    """Return what is said of a model that does not answer, since it sleeps."""
    return f"{quoted(model)} is asleep."


def left_out_under(answer: str, turns: int) -> str:
    """Return what is added to an answer that was given without the oldest turns of its thread, as Markdown."""
    if not turns:
        return ""
    oldest = "the oldest message" if turns == 1 else f"the {turns} oldest messages"
    return under(
        answer, f"Answered without {oldest} of this thread, which is longer than I read out to a model."
    )


def stopped_under(answer: str, user: str) -> str:
    """Return what is added to an answer that somebody stopped; ``user`` is empty where nobody knows who."""
    return under(answer, f"Stopped by {mention(Person(user))}." if user else "Stopped.")


def under(answer: str, note: str) -> str:
    """Return the note as it is added to an answer, as Markdown: code that is open is closed first."""
    return f"{code_end(answer)}\n\n_{note}_"


def remembered(answer: str, ending: Ending) -> str:
    """Return what the conversation keeps of an answer: one that is not whole says so, or is not kept at all.

    What a filter or a guardrail stopped is not kept: the next question would be stopped by it, too.
    """
    if is_whole(ending) or not answer.strip():
        return answer
    cut = _CUTS.get(ending.stop_reason)
    return f"{answer.rstrip()}\n\n[This answer was cut off here.]" if cut and cut.kept else ""
