"""What does not move at Bedrock, with what can be done until something was."""

from datetime import datetime

from bot.controller.model import Message
from bot.distillations.cards import DistillationStalled
from bot.jobs.cards import JobStalled
from handlers.ui.blocks import Element, actions, button, context, section, within_message
from handlers.ui.cards import distillations, jobs
from handlers.ui.flags import flag
from handlers.ui.text import sentence, when


def job_stalled(card: JobStalled) -> Message:
    """Draw a stage of a job that does not move."""
    buttons = (button("Keep waiting", "job.wait", card.view.id), jobs.stop_button(card.view))
    return _stalled(f"{flag(card.view.id)} ", card.told, card.since, card.settled, buttons)


def answers_stalled(card: DistillationStalled) -> Message:
    """Draw a batch job that does not move."""
    buttons = (
        button("Keep waiting", "distillation.wait", card.view.id),
        distillations.stop_button(card.view),
    )
    return _stalled("", card.told, card.since, card.settled, buttons)


def _stalled(
    mark: str, told: str, since: datetime, settled: str, buttons: tuple[Element | None, ...]
) -> Message:
    words = sentence(told)
    blocks = [
        section(f":hourglass: {mark}{words}"),
        context(f"It last moved {when(since)}, by Bedrock's clock."),
    ]
    blocks += [context(sentence(settled, 400))] if settled else actions(*buttons)
    return Message(text=words, blocks=within_message(blocks))
