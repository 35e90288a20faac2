"""A picture that could not be sent."""

from bot.controller.model import Message
from bot.pictures.cards import PictureNotSent
from handlers.ui.blocks import context, section
from handlers.ui.cards import Cards
from handlers.ui.folding import folded
from handlers.ui.text import plain, sentence


def not_sent(card: PictureNotSent) -> Message:
    """Draw why it does not come, and in words what it would have shown."""
    why = sentence(card.why, 600)
    face = [section(f"I could not send you the picture. {why}"), context(plain(card.alt_text, 1_500))]
    return folded(f"I could not send you the picture. {why}", face, [])


CARDS: Cards = {PictureNotSent: not_sent}
