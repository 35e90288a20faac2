"""Every card of the house as a message: the renderer that reconcilers and handlers are given."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from bot.controller.model import Message
from bot.discovery import collect
from handlers.ui.cards import Cards
from handlers.ui.limits import MESSAGE_TEXT, clip


def all_cards(modules: Iterable[Cards]) -> dict[type, Callable[[Any], Message]]:
    """Return what draws each card.

    Raises:
        TypeError: a card is drawn twice: a defect that shows when the process starts.
    """
    found: dict[type, Callable[[Any], Message]] = {}
    for cards in modules:
        if twice := found.keys() & cards.keys():
            raise TypeError(f"drawn twice: {', '.join(sorted(each.__name__ for each in twice))}")
        found |= cards
    return found


DRAWN = all_cards(collect("handlers.ui.cards", "CARDS"))
"""What draws each card, found in its feature's module."""


def render(card: object) -> Message:
    """Return the message for a card; its text is never empty, and never longer than an edit may be.

    Raises:
        TypeError: the value is no card.
    """
    draw = DRAWN.get(type(card))
    if draw is None:
        raise TypeError(f"{type(card).__name__} is no card")
    drawn = draw(card)
    return replace(drawn, text=clip(drawn.text.strip() or "Tunesmith", MESSAGE_TEXT))


class BlockKitRenderer:
    """``bot.controller.ports.Renderer`` in Block Kit."""

    def render(self, card: object) -> Message:
        """Return the message for a card. TypeError for a value that is no card."""
        return render(card)
