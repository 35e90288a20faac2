"""Every card of the house as a message: the renderer that reconcilers and handlers are given."""

from functools import singledispatch

from bot.datasets.cards import DatasetList, RepairedCard, UploadProblem, VerdictCard
from bot.datasets.versions.cards import (
    ComparedCard,
    ConvertedCard,
    DatasetCard,
    DerivationProblem,
    SplitCard,
    VersionList,
)
from bot.distilling.cards import (
    DistillCard,
    DistillEnded,
    DistillMilestone,
    DistillPlanCard,
    DistillProblem,
    DistillStalled,
    TeacherList,
)
from bot.following.model import Message
from bot.jobs.cards import (
    ApprovalCard,
    JobCard,
    JobEnded,
    JobList,
    JobMilestone,
    JobNews,
    JobStalled,
    ModelCard,
    PlanCard,
    SeriesCard,
)
from bot.readers.digest import DigestCard
from bot.serving.cards import LeaseCard, LeaseMilestone, LongerLease, ModelList
from handlers.ui.cards import (
    datasets,
    digests,
    distilling,
    job_ends,
    job_news,
    jobs,
    plans,
    repairs,
    serving,
    stalls,
    versions,
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
draw.register(RepairedCard, repairs.repaired_card)
draw.register(UploadProblem, datasets.upload_problem)
draw.register(DatasetList, datasets.dataset_list)
draw.register(DatasetCard, versions.dataset_card)
draw.register(VersionList, versions.version_list)
draw.register(SplitCard, versions.split_card)
draw.register(ConvertedCard, versions.converted_card)
draw.register(ComparedCard, versions.compared_card)
draw.register(DerivationProblem, versions.derivation_problem)
draw.register(DistillPlanCard, distilling.plan_card)
draw.register(DistillCard, distilling.distill_card)
draw.register(DistillMilestone, distilling.milestone)
draw.register(DistillEnded, distilling.ended)
draw.register(DistillProblem, distilling.problem)
draw.register(TeacherList, distilling.teacher_list)
draw.register(PlanCard, plans.plan_card)
draw.register(SeriesCard, plans.series_card)
draw.register(ApprovalCard, plans.approval_card)
draw.register(JobCard, jobs.job_card)
draw.register(JobMilestone, jobs.job_milestone)
draw.register(JobEnded, job_ends.job_ended)
draw.register(DigestCard, digests.digest_card)
draw.register(JobNews, job_news.job_news)
draw.register(JobStalled, stalls.job_stalled)
draw.register(DistillStalled, stalls.answers_stalled)
draw.register(ModelCard, job_ends.model_card)
draw.register(JobList, jobs.job_list)
draw.register(LeaseCard, serving.lease_card)
draw.register(LongerLease, serving.longer_lease)
draw.register(LeaseMilestone, serving.lease_milestone)
draw.register(ModelList, serving.model_list)


class BlockKitRenderer:
    """``bot.following.ports.Renderer`` in Block Kit."""

    def render(self, card: object) -> Message:
        """Return the message for a card. TypeError for a value that is no card."""
        return render(card)
