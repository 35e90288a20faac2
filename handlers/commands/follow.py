"""``/tune follow``."""

from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Task, Who, say
from handlers.lookup import job_called
from handlers.picker import which_job
from handlers.ui.text import code

USAGE = "/tune follow JOB"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Have the person told how the job ends."""
    asked = words(invocation.text)
    if not asked:
        return which_job(context, "follow {}", USAGE)
    expect(asked, 1, USAGE)
    view = context.services.followers.follow(job_called(context, asked[0]), invocation.user)
    return say(f"I write to you when {code(view.name)} ends. `/tune mute {view.id}` takes that back.")


COMMAND = Command(
    name="follow",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.JOBS,
    summary="Get a direct message when a job ends",
    details="For jobs of others: your own mention you anyway. It waits for the end of your quiet hours.",
    example="/tune follow claims-router-ft",
    run=run,
)
