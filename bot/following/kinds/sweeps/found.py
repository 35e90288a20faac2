"""What a sweep found, and how it is told: one message for each place a sweep, whatever was found.

What is to be told is written down together with what was done about it, and taken away once it was told.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.following.model import Message, Registration
from bot.following.notices import Notices
from bot.following.step import Step

UNTOLD = "untold"
_LINES = 30
"""Lines in one message; the log has the rest."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was not as it should be: in a line, and what is registered because of it.

    ``channel`` is where people are told, when nothing that is registered will tell them; the operator always is.
    """

    line: str
    things: tuple[Registration, ...] = ()
    channel: str | None = None


def note_down(step: Step, found: Iterable[Found], operator: str) -> None:
    """Add what was found to what is to be told. Nothing is written yet: save the step."""
    lines: dict[str, list[str]] = defaultdict(list)
    for each in found:
        for place in dict.fromkeys(place for place in (operator, each.channel) if place):
            lines[place].append(each.line)
    at = step.now()
    untold: list[dict[str, Any]] = step.status.setdefault(UNTOLD, [])
    for place, said in lines.items():
        untold.append({"name": f"sweep:{at:.3f}:{place}", "place": place, "at": at, "text": _text(said)})


def tell(step: Step, notices: Notices) -> None:
    """Tell what was not told yet.

    Raises:
        Later, Unavailable: Slack is busy or away. Let it pass through; nothing is lost.
    """
    while untold := step.status.get(UNTOLD):
        each = untold[0]
        since = datetime.fromtimestamp(each["at"], UTC)
        notices.post_once(step, each["name"], Message(each["text"]), channel=each["place"], since=since)
        untold.pop(0)
        step.status["notes"].pop(each["name"])  # a sweep goes on for ever, and its notes would pile up
        step.save()


def _text(lines: list[str]) -> str:
    more = len(lines) - _LINES
    rest = [f"… and {more} more; the log has them all."] if more > 0 else []
    return "\n".join(["I compared the AWS account with what I know:", *(lines[:_LINES]), *rest])
