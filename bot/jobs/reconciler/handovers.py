"""A job that was given into another's care: both are told, directly, in one write with that they are."""

from bot.jobs.cards import JobHandedOver
from bot.jobs.context import JobContext, JobDependencies
from bot.notifications.reconciler import notification
from bot.spending.model import Handover


def tell(job: JobContext, dependencies: JobDependencies) -> None:
    """Tell of each handover once."""
    told, handed = job.progress.handed_told, job.spec.handed
    if told >= len(handed):
        return
    new = []
    for number in range(told, len(handed)):
        before = handed[number - 1].to if number else job.plan.owner
        said = job.render(_card(job, handed[number], before))
        both, now = dict.fromkeys((handed[number].to, before)), dependencies.clock.now()
        new += [notification(job.plan.id, f"handed-{number}", user, said, now) for user in both]
    # Their IDs are the same at each try, so a crash before this save tells nobody twice.
    job.progress.handed_told = len(handed)
    job.save(new)


def _card(job: JobContext, handed: Handover, before: str) -> JobHandedOver:
    votes = job.spec.votes
    paying = votes.started.by if votes.started else job.plan.owner
    return JobHandedOver(job.plan.job_name, job.plan.channel, before, handed.to, handed.by, paying)
