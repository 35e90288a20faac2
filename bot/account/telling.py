"""How what a look at the account found is told: one message for each place a look, whatever was found.

What is to be told is written down together with what was done about it, and taken away once it was told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.account.cards import AccountNews
from bot.controller.context import AnyContext
from bot.controller.documents import dump, load
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Renderer
from bot.spending.recovery import Found

_IS = "is"
"""In a line as it is kept: the class of the card, whose members are the rest."""


@dataclass(slots=True)
class Untold:
    """One message that is still to be posted: all that one look found for one place."""

    name: str
    place: str
    """A person or a channel, by ID."""
    at: float
    """When the look began, by the store's clock."""
    lines: list[dict[str, Any]]
    owner: str | None = None
    """Whom it concerns."""


def note_down(untold: list[Untold], found: Iterable[Found], hears: Sequence[str], at: float) -> None:
    """Add what was found to what is to be told. Nothing is written yet: save the context.

    ``at`` is when the look began, by the store's clock: all that one look finds for a place is one message.
    """
    for each in found:
        for place in dict.fromkeys(place for place in (*hears, each.channel) if place):
            entry = _entry(untold, f"account:{at:.3f}:{place}", place, at)
            entry.lines.append({_IS: type(each.news).__name__, **dump(each.told_in(place))})
            if place == each.channel and not entry.owner:
                entry.owner = each.owner


def _entry(untold: list[Untold], name: str, place: str, at: float) -> Untold:
    known = next((each for each in untold if each.name == name), None)
    if known is None:
        known = Untold(name, place, at, [])
        untold.append(known)
    return known


def tell(
    context: AnyContext, untold: list[Untold], outbox: Outbox, renderer: Renderer, news: Mapping[str, type]
) -> None:
    """Tell what was not told yet. ``news`` are the classes of what may be told, by name.

    Raises:
        NotReady, Unavailable: Slack is busy or away. Let it pass through; nothing is lost.
        KeyError: a newer release wrote down what this one has no words for: that one tells it.
    """
    while untold:
        each = untold[0]
        lines = tuple(renderer.render(load(news[line[_IS]], line)) for line in each.lines)
        message, since = renderer.render(AccountNews(lines)), datetime.fromtimestamp(each.at, UTC)
        outbox.post_once(context, each.name, message, channel=each.place, since=since, owner=each.owner)
        untold.pop(0)
        context.engine.outbox.pop(each.name)  # a look goes on for ever, and its notes would pile up
        context.save()
