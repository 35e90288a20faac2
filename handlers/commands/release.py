"""``/tune release``."""

from handlers.core import Command, Front, Invocation, Reply, Who, say
from handlers.grammar import expect, words
from handlers.ui.text import code

USAGE = "/tune release MODEL"


def run(invocation: Invocation, front: Front) -> Reply:
    """End the lease now; the lease's own message says when AWS has confirmed it."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE, at_least=1)
    view = front.services.leases.release(asked[0], invocation.user)
    return say(
        f"Releasing {code(view.model_name)}. I say so in its thread once AWS has confirmed that it is gone."
    )


COMMAND = Command(
    name="release",
    usage=USAGE,
    who=Who.ENDER,
    summary="End a lease now, so that it stops costing",
    details="The model falls asleep; it stays, and `/tune serve` wakes it again.",
    example="/tune release claims-router",
    run=run,
)
