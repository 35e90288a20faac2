"""A kept job as a person sees it."""

from dataclasses import replace

from bot.access import Access, allowed
from bot.controller.model import Resource
from bot.controller.outbox.entries import root_of
from bot.directory.directory import Directory
from bot.jobs.cards import JobView
from bot.jobs.ending import against_estimate
from bot.jobs.model import Phase
from bot.jobs.phases import training_begun
from bot.jobs.record import CARD, SCHEMA, JobSpec, JobStatus, note_name
from bot.jobs.terms import estimate
from bot.jobs.transitions import ENDED
from bot.pricing.book import PriceBook
from bot.pricing.money import at_most, up_to
from bot.profiles import registry

NOTHING_BILLED = "$0.00: Bedrock bills only tokens that were trained"


def job_view(spec: JobSpec, status: JobStatus, prices: PriceBook) -> JobView:
    """Return what is shown of the job, wherever it stands."""
    plan, seen = spec.plan, status.observation
    profile = registry.get(plan.profile)
    order = [each.name for each in profile.hyperparameters]
    return JobView(
        id=plan.id,
        name=plan.job_name,
        model_name=plan.model_name,
        base=profile.name,
        dataset=plan.dataset_name,
        owner=spec.owner,
        phase=status.phase,
        stages=seen.stages if seen else (),
        hyperparameters=tuple(sorted(plan.hyperparameters.items(), key=lambda pair: _place(order, pair[0]))),
        created=seen.created if seen else None,
        ended=seen.ended if seen else None,
        seen_at=seen.seen_at if seen else None,
        as_of=status.looked_at if seen else None,
        cost=_cost(spec, status, prices),
        training_loss=seen.training_loss if seen else None,
        validation_loss=seen.validation_loss if seen else None,
        explanation=status.explanation,
        mend=status.mend,
        raw_failure=status.raw_failure,
        who=status.who,
        left=status.left,
        is_of_sweep=spec.sweep is not None,
        started_by=spec.votes.started.by if spec.votes.started else "",
        approved_by=spec.votes.approver.by if spec.votes.approver else "",
        stopped_by=spec.stop.by if spec.stop else "",
        is_undoable=spec.stop is not None and spec.ending is None and status.phase not in ENDED,
    )


def seen_by(
    directory: Directory, access: Access, resource: Resource, standing: JobStatus, prices: PriceBook
) -> JobView:
    """Return the job as the directory's viewer sees it: with what they may do with it."""
    spec = SCHEMA.spec_of(resource)
    view = job_view(spec, standing, prices)
    return replace(
        view,
        may_end=allowed(lambda: access.check_ending(directory.viewer.user, view.owner, view.channel)),
        channel=spec.plan.channel if directory.sight.sees_channel(spec.plan.channel) else "",
        thread_ts=spec.thread_ts or root_of(resource, note_name(CARD, spec.round)),
    )


def _cost(spec: JobSpec, status: JobStatus, prices: PriceBook) -> str:
    begun = status.observation is not None and training_begun(status.observation)
    if status.phase in (Phase.FAILED, Phase.STOPPED, Phase.REFUSED) and not begun:
        return NOTHING_BILLED
    training = spec.terms.training if spec.terms else estimate(spec.plan, prices)
    if status.phase is Phase.COMPLETED:
        return against_estimate(spec.plan, training, status.ending)
    if status.phase in (Phase.FAILED, Phase.STOPPED) and training.usd is not None:
        return f"{up_to(training.usd)}, by what was trained"
    return at_most(training.usd)


def _place(order: list[str], name: str) -> tuple[int, str]:
    """Where a hyperparameter stands; one that the profile does not know, of a job made elsewhere, comes last."""
    return (order.index(name) if name in order else len(order)), name
