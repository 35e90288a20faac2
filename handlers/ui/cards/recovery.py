"""What a look at the account has found again: jobs, models and answers that the store had forgotten."""

from bot.controller.model import Message
from bot.distillations.cards import AnswersRecovered
from bot.jobs.cards import JobRecovered, ModelRecovered
from bot.wording import Channel, wording
from handlers.ui.blocks import in_words
from handlers.ui.cards import Cards


def job_recovered(card: JobRecovered) -> Message:
    """Draw that a job is followed again."""
    what, unknown = (
        f"the job `{card.name}`",
        _without_plan("the system prompt that it was trained with", with_plan=card.with_plan),
    )
    return in_words(wording(_followed(what, card.region, card.channel), unknown))


def answers_recovered(card: AnswersRecovered) -> Message:
    """Draw that a batch of answers is followed again."""
    what, unknown = (
        f"the answers `{card.name}`",
        _without_plan("the prompts that were left out", with_plan=card.with_plan),
    )
    return in_words(wording(_followed(what, card.region, card.channel), unknown))


def model_recovered(card: ModelRecovered) -> Message:
    """Draw that a model is known again."""
    said = f"I had forgotten the model `{card.name}` in {card.region}; it can be served and asked again."
    lost = (
        " The plan that it was trained by is lost, so it is asked without the system prompt of its dataset."
    )
    return in_words(said if card.with_plan else f"{said}{lost}")


def _followed(what: str, region: str, channel: str) -> str:
    where = (" in ", Channel(channel)) if channel else (" where it is told",)
    return wording(f"I had lost track of {what} in {region}, and follow it again", *where, ".")


def _without_plan(unknown: str, *, with_plan: bool) -> str:
    return "" if with_plan else f" Its plan is lost as well, so I know neither its cost nor {unknown}."


CARDS: Cards = {
    JobRecovered: job_recovered,
    AnswersRecovered: answers_recovered,
    ModelRecovered: model_recovered,
}
