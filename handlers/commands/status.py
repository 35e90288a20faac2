"""``/tune status``."""

from bot.distillations.cards import DistillationCard
from bot.jobs.cards import JobCard, JobList, JobView
from handlers.arguments import expect, words
from handlers.core import Command, CommandContext, Invocation, Reply, Say, Task, Who, show
from handlers.lookup import answering_with_link, distillation, job_called, running, with_link
from handlers.ui.cards.jobs import job_list

USAGE = "/tune status [JOB]"


def run(invocation: Invocation, context: CommandContext) -> Reply:
    """Show one job; without a name, those that are running."""
    asked = words(invocation.text)
    expect(asked, 1, USAGE)
    if not asked:
        runs = running(context)
        return Say(job_list(JobList(tuple(runs.jobs), "running"), runs))
    answering = distillation(context, asked[0])
    if answering:
        return show(DistillationCard(answering_with_link(context, answering)))
    return show(JobCard(_job(context, asked[0])))


def _job(context: CommandContext, said: str) -> JobView:
    return with_link(context, context.services.jobs.find(job_called(context, said)))


COMMAND = Command(
    name="status",
    usage=USAGE,
    who=Who.CONTRIBUTOR,
    task=Task.JOBS,
    summary="One job as it stands: stages, time, cost, and why it failed",
    details="JOB is its name or ID, its model's name, or a distillation's. Without one, you see what is running.",
    example="/tune status claims-router-ft",
    run=run,
)
