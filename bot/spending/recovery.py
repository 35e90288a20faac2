"""What a look at the account found: told as a card, with what is registered because of it."""

from dataclasses import dataclass, fields, replace
from typing import Any

from bot.controller.model import Registration
from bot.controller.outbox.fallbacks import is_elsewhere

_UNNAMED = "name in the log"
"""Stands where there is no reference either: the log has the ARN of whatever is found."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was not as it should be: the card that tells it, and what is registered because of it.

    ``channel`` is where people are told, when nothing that is registered will tell them; whoever
    hears of money always is.
    ``owner`` is whom it concerns: they are told directly what the channel does not take.
    ``reference`` is what it is told by where others read along; empty: the key of what is registered first.
    """

    news: object
    """A card, of a class that the feature's ``Recovery`` names: it is kept until it was told."""
    resources: tuple[Registration, ...] = ()
    channel: str | None = None
    owner: str | None = None
    reference: str = ""

    def told_in(self, place: str) -> object:
        """Return the card as a place is told it: a channel that it is not from reads no name that came from there.

        ``name`` and ``model`` of a card are what people call it, and ``channel`` is where it is from.
        """
        card: Any = self.news
        known = {each.name for each in fields(card)}
        if not is_elsewhere(place, getattr(card, "channel", None) or self.channel or ""):
            return self.news
        reference = self.reference or (str(self.resources[0].key) if self.resources else _UNNAMED)
        hidden = {"name": reference, "model": reference, "channel": ""}
        return replace(card, **{each: hidden[each] for each in hidden if each in known})
