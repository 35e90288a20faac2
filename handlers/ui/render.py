"""Every card of the house as a message: the renderer that reconcilers and handlers are given."""

from functools import singledispatch

from bot.controller.model import Message
from bot.datasets.cards import DatasetList, RepairedCard, UploadProblem, VerdictCard
from bot.derivations.cards import (
    ComparedCard,
    ConvertedCard,
    DatasetCard,
    DerivationProblem,
    SplitCard,
    VersionList,
)
from bot.digests.model import DigestCard
from bot.distillations.cards import (
    DistillationCard,
    DistillationEnded,
    DistillationMilestone,
    DistillationPlanCard,
    DistillationProblem,
    DistillationStalled,
    TeacherList,
)
from bot.jobs.cards import JobCard, JobEnded, JobList, JobMilestone, JobNews, JobStalled, ModelCard, PlanCard
from bot.leases.cards import LeaseCard, LeaseMilestone, LongerLease, ModelList
from bot.spending.cards import ApprovalCard
from bot.sweeps.cards import SweepCard
from handlers.ui.cards import (
    datasets,
    derivations,
    digests,
    distillations,
    jobs,
    jobs_end,
    jobs_news,
    jobs_plan,
    jobs_stalls,
    leases,
    uploads,
)
from handlers.ui.limits import MESSAGE_TEXT, clip


@singledispatch
def draw(card: object) -> Message:
    """Return the card as drawn by the function that is registered for its class."""
    raise TypeError(f"{type(card).__name__} is no card")


def render(card: object) -> Message:
    """Return the message for a card; its text is never empty, and never longer than an edit may be.

    Raises:
        TypeError: the value is no card.
    """
    drawn = draw(card)
    return Message(text=clip(drawn.text.strip() or "Tunesmith", MESSAGE_TEXT), blocks=drawn.blocks)


draw.register(VerdictCard, datasets.verdict_card)
draw.register(RepairedCard, uploads.repaired_card)
draw.register(UploadProblem, datasets.upload_problem)
draw.register(DatasetList, datasets.dataset_list)
draw.register(DatasetCard, derivations.dataset_card)
draw.register(VersionList, derivations.version_list)
draw.register(SplitCard, derivations.split_card)
draw.register(ConvertedCard, derivations.converted_card)
draw.register(ComparedCard, derivations.compared_card)
draw.register(DerivationProblem, derivations.derivation_problem)
draw.register(DistillationPlanCard, distillations.plan_card)
draw.register(DistillationCard, distillations.distillation_card)
draw.register(DistillationMilestone, distillations.milestone)
draw.register(DistillationEnded, distillations.ended)
draw.register(DistillationProblem, distillations.problem)
draw.register(TeacherList, distillations.teacher_list)
draw.register(PlanCard, jobs_plan.plan_card)
draw.register(SweepCard, jobs_plan.sweep_card)
draw.register(ApprovalCard, jobs_plan.approval_card)
draw.register(JobCard, jobs.job_card)
draw.register(JobMilestone, jobs.job_milestone)
draw.register(JobEnded, jobs_end.job_ended)
draw.register(DigestCard, digests.digest_card)
draw.register(JobNews, jobs_news.job_news)
draw.register(JobStalled, jobs_stalls.job_stalled)
draw.register(DistillationStalled, jobs_stalls.answers_stalled)
draw.register(ModelCard, jobs_end.model_card)
draw.register(JobList, jobs.job_list)
draw.register(LeaseCard, leases.lease_card)
draw.register(LongerLease, leases.longer_lease)
draw.register(LeaseMilestone, leases.lease_milestone)
draw.register(ModelList, leases.model_list)


class BlockKitRenderer:
    """``bot.controller.ports.Renderer`` in Block Kit."""

    def render(self, card: object) -> Message:
        """Return the message for a card. TypeError for a value that is no card."""
        return render(card)
