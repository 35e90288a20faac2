"""``/tune follow``."""

from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Who, say
from handlers.ui.text import code

USAGE = "/tune follow JOB"


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Have the person told how the job ends."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE, at_least=1)
    view = front.services.followers.follow(asked[0], invocation.user)
    return say(f"I write to you when {code(view.name)} ends. `/tune mute {view.id}` takes that back.")


COMMAND = Command(
    name="follow",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    summary="Be told directly how a job ends",
    details="For jobs of others; your own mention you anyway. It waits for the end of your quiet hours.",
    example="/tune follow claims-router-ft",
    run=run,
)
