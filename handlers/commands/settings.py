"""``/tune settings``: how a model answers."""

from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who
from handlers.picker import which_model_of_theirs
from handlers.views import answering

USAGE = "/tune settings MODEL"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Open the form."""
    asked = words(invocation.text)
    if not asked:
        return which_model_of_theirs(context, "settings {}", USAGE)
    expect(asked, 1, USAGE)
    return answering.open_form(invocation, context, asked[0])


COMMAND = Command(
    name="settings",
    usage=USAGE,
    who=Who.OWNER,
    task=Task.MODELS,
    summary="How a model answers: temperature, length, where it stops, system prompt",
    details=(
        "For whoever owns it, or the operator. What is left empty is as by default; the system prompt that it was "
        "trained with is given by itself. What was set is told with the facts under each answer."
    ),
    example="/tune settings claims-router",
    run=run,
)
