"""A job that was given into another's care: both are told, directly, in one write with that they are."""

from bot.jobs.cards import JobHandedOver
from bot.jobs.context import JobContext, JobDependencies
from bot.notifications.reconciler import notification
from bot.spending.model import Handover


def tell(work: JobContext, parts: JobDependencies) -> None:
    """Tell of each handover once."""
    told, handed = work.progress.handed_told, work.spec.handed
    if told >= len(handed):
        return
    new = []
    for number in range(told, len(handed)):
        before = handed[number - 1].to if number else work.plan.owner
        said = work.render(_card(work, handed[number], before))
        both, now = dict.fromkeys((handed[number].to, before)), parts.clock.now()
        new += [notification(work.plan.id, f"handed-{number}", user, said, now) for user in both]
    # Their IDs are the same at each try, so a crash before this save tells nobody twice.
    work.progress.handed_told = len(handed)
    work.save(new)


def _card(work: JobContext, handed: Handover, before: str) -> JobHandedOver:
    votes = work.spec.votes
    paying = votes.started.by if votes.started else work.plan.owner
    return JobHandedOver(work.plan.job_name, work.plan.channel, before, handed.to, handed.by, paying)
