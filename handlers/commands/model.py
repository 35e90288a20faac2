"""``/tune model``."""

from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Who, show

USAGE = "/tune model NAME"


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Show one tuned model."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE, at_least=1)
    return show(front.services.leases.models(asked[0]))


COMMAND = Command(
    name="model",
    usage=USAGE,
    who=Who.ANYONE,
    summary="One tuned model: base, dataset, losses, whether it is awake",
    details="NAME is the model's name, as `/tune models` shows it.",
    example="/tune model claims-router",
    run=run,
)
