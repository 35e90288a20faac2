"""What a sweep found, and how it is told: one message for each place a sweep, whatever was found.

What is to be told is written down together with what was done about it, and taken away once it was told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.controller.context import Context
from bot.controller.model import Registration, in_words
from bot.controller.outbox.messages import Outbox
from bot.wording import kept, read_back, wording

UNTOLD = "untold"
_LINES = 30
"""Lines in one message; the log has the rest."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was not as it should be: in a line, and what is registered because of it.

    ``channel`` is where people are told, when nothing that is registered will tell them; whoever
    hears of money always is.
    ``owner`` is whom it concerns: they are told directly what the channel does not take.
    """

    line: str
    resources: tuple[Registration, ...] = ()
    channel: str | None = None
    owner: str | None = None


def note_down(step: Context, found: Iterable[Found], hears: Sequence[str], at: float) -> None:
    """Add what was found to what is to be told. Nothing is written yet: save the step.

    ``at`` is when the sweep began, by the store's clock: all that one sweep finds for a place is one message.
    """
    untold: list[dict[str, Any]] = step.status.setdefault(UNTOLD, [])
    for each in found:
        for place in dict.fromkeys(place for place in (*hears, each.channel) if place):
            entry = _entry(untold, f"account:{at:.3f}:{place}", place, at)
            entry["lines"].append(kept(each.line))
            if place == each.channel and not entry["owner"]:
                entry["owner"] = each.owner


def _entry(untold: list[dict[str, Any]], name: str, place: str, at: float) -> dict[str, Any]:
    known = next((each for each in untold if each["name"] == name), None)
    if known is None:
        known = {"name": name, "place": place, "at": at, "lines": [], "owner": None}
        untold.append(known)
    return known


def tell(step: Context, outbox: Outbox) -> None:
    """Tell what was not told yet.

    Raises:
        NotReady, Unavailable: Slack is busy or away. Let it pass through; nothing is lost.
    """
    while untold := step.status.get(UNTOLD):
        each = untold[0]
        since = datetime.fromtimestamp(each["at"], UTC)
        message = in_words(_text([read_back(line) for line in each["lines"]]))
        outbox.post_once(step, each["name"], message, channel=each["place"], since=since, owner=each["owner"])
        untold.pop(0)
        step.status["outbox"].pop(each["name"])  # a sweep goes on for ever, and its notes would pile up
        step.save()


def _text(lines: list[str]) -> str:
    more = len(lines) - _LINES
    rest = [f"… and {more} more; the log has them all."] if more > 0 else []
    head = "I compared the AWS account with what I know:"
    return wording(head, *(part for line in [*lines[:_LINES], *rest] for part in ("\n", line)))
