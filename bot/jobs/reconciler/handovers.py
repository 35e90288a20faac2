"""A job that was given into another's care: both are told, directly, in one write with that they are."""

from bot.jobs.cards import JobHandedOver
from bot.jobs.context import JobContext
from bot.jobs.dependencies import PurchaseDependencies
from bot.jobs.transitions import ENDED
from bot.spending import handovers


def tell(job: JobContext, dependencies: PurchaseDependencies) -> None:
    """Tell of each handover once."""
    plan, handed, told = job.plan, job.spec.handed, job.status.handed_told
    if told >= len(handed):
        return
    has_ended = job.status.phase in ENDED
    new = handovers.news(
        handed,
        told,
        lambda care: job.render(JobHandedOver(plan.job_name, care, has_ended)),
        first=plan.owner,
        channel=plan.channel,
        paying=handovers.paying(plan, job.spec.votes),
        key=plan.id,
        now=dependencies.clock.now(),
    )
    job.status.handed_told = len(handed)
    job.save(new)
