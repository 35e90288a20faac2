"""What does not move at Bedrock, with what can be done until something was."""

from datetime import datetime

from bot.controller.model import Message
from handlers.ui.blocks import Element, actions, context, section, within_message
from handlers.ui.text import sentence, when


def stalled(mark: str, told: str, since: datetime, settled: str, *buttons: Element | None) -> Message:
    """Draw what has not moved ``since`` then: the buttons are there until it is ``settled``."""
    words = sentence(told)
    blocks = [
        section(f":hourglass: {mark}{words}"),
        context(f"It last moved {when(since)}, by Bedrock's clock."),
    ]
    blocks += [context(sentence(settled, 400))] if settled else actions(*buttons)
    return Message(text=words, blocks=within_message(blocks))
