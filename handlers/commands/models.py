"""``/tune models``."""

from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, show
from handlers.lookup import models_with_links

USAGE = "/tune models"


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Show every tuned model."""
    expect(words(invocation.text), 0, USAGE)
    return show(models_with_links(front, front.services.serving.models()))


COMMAND = Command(
    name="models",
    usage=USAGE,
    who=Who.ANYONE,
    task=Task.MODELS,
    summary="Tuned models, and which of them are in service",
    details="A sleeping model costs its storage only; `/tune serve MODEL` wakes it for a while.",
    example="/tune models",
    run=run,
)
