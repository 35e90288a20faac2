"""What the store had forgotten and was found again."""

from bot.distillations.cards import AnswersRecovered
from bot.jobs.cards import JobRecovered, ModelRecovered
from handlers.ui.example_values import CHANNEL, PLAN
from handlers.ui.examples import Examples

EXAMPLES: Examples = {
    f"recovered, {what} {'with' if with_plan else 'without'} its plan": card
    for with_plan in (True, False)
    for what, card in (
        ("job", JobRecovered(PLAN.job_name, PLAN.region, CHANNEL, with_plan)),
        ("model", ModelRecovered(PLAN.model_name, PLAN.region, with_plan)),
        ("answers", AnswersRecovered("distill-prompts-1", "us-east-1", CHANNEL, with_plan)),
    )
}
