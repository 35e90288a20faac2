"""A job's end, told to one person directly."""

from bot.controller.model import Message
from bot.jobs.cards import JobNews
from handlers.ui.blocks import actions, context, section, within_message
from handlers.ui.cards.jobs import explanation, mark_of, raw_button
from handlers.ui.flags import flag
from handlers.ui.text import channel, code, sentence


def job_news(card: JobNews) -> Message:
    """Draw the end for somebody who is not pinged in the channel."""
    view = card.view
    said = f"{mark_of(view.phase)} {flag(view.id)} *{code(view.name)}: {view.phase.value}*"
    judged = [sentence(card.verdict)] if card.verdict else []
    blocks = [
        section("\n".join([said, *judged])),
        *explanation(view),
        context(
            f"In {channel(card.channel)}, where its messages are. You are told because {sentence(card.why)}."
        ),
        *actions(raw_button(view)),
    ]
    return Message(text=f"{sentence(view.name)}: {view.phase.value}", blocks=within_message(blocks))
