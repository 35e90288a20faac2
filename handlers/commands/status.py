"""``/tune status``."""

from bot.distillations.cards import DistillationCard
from bot.jobs.cards import JobCard
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Who, show
from handlers.lookup import distillation

USAGE = "/tune status [JOB]"


def run(invocation: Invocation, front: CommandContext) -> Reply:
    """Show one job; without a name, those that are running."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE)
    if not asked:
        return show(front.services.jobs.list("running", invocation.user))
    answering = distillation(front, asked[0])
    return show(DistillationCard(answering) if answering else JobCard(front.services.jobs.find(asked[0])))


COMMAND = Command(
    name="status",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    summary="One job as it stands: stages, time, cost, and why it failed",
    details="JOB is its name or ID, or a distillation's. Without one, you see the jobs that are running.",
    example="/tune status claims-router-ft",
    run=run,
)
