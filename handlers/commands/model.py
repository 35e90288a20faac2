"""``/tune model``."""

from dataclasses import replace

from bot.serving.cards import ModelList
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, show
from handlers.lookup import model_called, models_with_links
from handlers.picker import which_model

USAGE = "/tune model NAME"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show one tuned model."""
    asked = words(invocation.text)
    if not asked:
        return which_model(context, "model {}", USAGE)
    expect(asked, 1, USAGE)
    listed = models_with_links(context, context.services.serving.models(model_called(context, asked[0])))
    lines = (replace(each, votes=context.services.feedback.tally(each.name)) for each in listed.lines)
    return show(ModelList(tuple(lines)))


COMMAND = Command(
    name="model",
    usage=USAGE,
    who=Who.ANYONE,
    task=Task.MODELS,
    summary="One tuned model: base, dataset, losses, whether it is in service",
    details="NAME is the model's name, as `/tune models` shows it, or that of the job that made it.",
    example="/tune model claims-router",
    run=run,
)
