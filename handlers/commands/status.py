"""``/tune status``."""

from bot.jobs.cards import JobCard
from handlers.core import Command, Front, Invocation, Reply, Who, show
from handlers.grammar import expect, words

USAGE = "/tune status [JOB]"


def run(invocation: Invocation, front: Front) -> Reply:
    """Show one job; without a name, those that are running."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE)
    if not asked:
        return show(front.services.jobs.list("running", invocation.user))
    return show(JobCard(front.services.jobs.find(asked[0])))


COMMAND = Command(
    name="status",
    usage=USAGE,
    who=Who.TRAINER,
    summary="One job as it stands: stages, time, cost, and why it failed",
    details="JOB is its name or ID, as `/tune jobs` shows it. Without one, you see what is running.",
    example="/tune status claims-router-ft",
    run=run,
)
