"""What a look at the account found: told as a card, with what is registered because of it."""

from dataclasses import dataclass

from bot.controller.model import Registration


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was not as it should be: the card that tells it, and what is registered because of it.

    ``channel`` is where people are told, when nothing that is registered will tell them; whoever
    hears of money always is.
    ``owner`` is whom it concerns: they are told directly what the channel does not take.
    """

    news: object
    """A card, of a class that the feature's ``Recovery`` names: it is kept until it was told."""
    resources: tuple[Registration, ...] = ()
    channel: str | None = None
    owner: str | None = None
