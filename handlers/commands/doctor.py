"""``/tune doctor``."""

from bot.checkup import Checkup, folded
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, show

USAGE = "/tune doctor"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Look at everything that the bot needs, which takes some seconds, and show it to the person alone."""
    expect(words(invocation.text), 0, USAGE)
    return show(Checkup(tuple(folded(context.services.doctor.examine()))))


COMMAND = Command(
    name="doctor",
    usage=USAGE,
    who=Who.OPERATOR,
    task=Task.REST,
    summary="Whether all that I need is well: Slack, Redis, AWS, clocks",
    details=(
        "Each thing that I need is looked at anew, which takes up to half a minute: tokens and scopes, the store, the "
        "AWS account with its buckets, role, quotas and base models. What is not well has the line that mends it. "
        "Only whoever runs me sees this; `tunesmith doctor` says the same on the command line."
    ),
    example="/tune doctor",
    run=run,
)
