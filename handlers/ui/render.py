"""Every card of the house as a message: the renderer that reconcilers and handlers are given."""

from functools import singledispatch

from bot.datasets.cards import DatasetList, UploadProblem, VerdictCard
from bot.following.model import Message
from bot.jobs.cards import ApprovalCard, JobCard, JobEnded, JobList, JobMilestone, PlanCard
from bot.serving.cards import LeaseCard, LeaseMilestone, ModelList
from handlers.ui.cards import datasets, jobs, serving


@singledispatch
def render(card: object) -> Message:
    """Return the message for a card.

    Raises:
        TypeError: the value is no card.
    """
    raise TypeError(f"{type(card).__name__} is no card")


render.register(VerdictCard, datasets.verdict_card)
render.register(UploadProblem, datasets.upload_problem)
render.register(DatasetList, datasets.dataset_list)
render.register(PlanCard, jobs.plan_card)
render.register(ApprovalCard, jobs.approval_card)
render.register(JobCard, jobs.job_card)
render.register(JobMilestone, jobs.job_milestone)
render.register(JobEnded, jobs.job_ended)
render.register(JobList, jobs.job_list)
render.register(LeaseCard, serving.lease_card)
render.register(LeaseMilestone, serving.lease_milestone)
render.register(ModelList, serving.model_list)


class BlockKitRenderer:
    """``bot.following.ports.Renderer`` in Block Kit."""

    def render(self, card: object) -> Message:
        """Return the message for a card. TypeError for a value that is no card."""
        return render(card)
