"""What operators are told of what is kept and cannot be read."""

from bot.controller.model import Message
from bot.notifications.cards import Readable, Unread
from handlers.ui.blocks import in_words
from handlers.ui.cards import Cards


def unread(card: Unread) -> Message:
    """Draw that something cannot be read, with what becomes of its cost meanwhile."""
    money = f" {card.called.money}" if card.called.money else ""
    return in_words(
        f"I cannot read what I keep of {_the(card)}: {card.why}. It is left as it is and "
        f"left out of every list; everything else goes on.{money} If a newer release wrote it, run that one."
    )


def readable(card: Readable) -> Message:
    """Draw that it can be read again."""
    return in_words(f"I can read what I keep of {_the(card)} again: it is there as before.")


def _the(card: Unread | Readable) -> str:
    if card.name:
        return f"the {card.called.one} `{card.name}`"
    return f"one {card.called.one} (its ID is in the log)"


CARDS: Cards = {Unread: unread, Readable: readable}
