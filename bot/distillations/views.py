"""From what is kept to what is shown."""

from datetime import timedelta

from bot.distillations import estimates
from bot.distillations.cards import DistillationView
from bot.distillations.model import DistillationSpec, DistillationStatus
from bot.distillations.plan import BatchObservation
from bot.distillations.transitions import ENDED
from bot.pricing.money import about, at_most


def distill_view(spec: DistillationSpec, status: DistillationStatus) -> DistillationView:
    """Return the distillation as people see it."""
    plan, seen, prepared = spec.plan, status.observation, status.prepared
    return DistillationView(
        id=plan.id,
        name=plan.job_name,
        teacher=plan.teacher,
        profile=plan.profile,
        region=plan.region,
        owner=plan.owner,
        channel=plan.channel,
        phase=status.phase,
        records=prepared.records if prepared else 0,
        cost=cost_text(status),
        elapsed=_elapsed(seen) if seen else None,
        processed=seen.processed if seen else None,
        failed=seen.failed if seen else None,
        explanation=status.explanation,
        mend=status.mend,
        stopped_by=spec.stop.by if spec.stop else None,
        is_undoable=spec.stop is not None and spec.ending is None and status.phase not in ENDED,
    )


def _elapsed(seen: BatchObservation) -> timedelta:
    return max((seen.ended or seen.seen_at) - seen.submitted, timedelta())


def spent_text(status: DistillationStatus) -> str:
    """Return what it cost in the end beside what it was to cost at most; empty when the first is not known."""
    if status.terms is None or status.collected is None:
        return ""
    most, untold = status.terms.most, status.collected.usage.untold
    if untold and most is not None:
        one = "one of them says" if untold == 1 else f"{untold:,} of them say"
        return f"unknown, since {one} nothing of it; it counts as {at_most(most)}"
    spent = about(estimates.spent(status.terms, status.collected.usage))
    return spent if most is None else f"{spent}; estimated: {at_most(most)}"


def cost_text(status: DistillationStatus) -> str:
    """Return what it cost, or will cost at most, in words."""
    if status.terms is None:
        return ""
    if status.collected and not status.collected.usage.untold:
        return about(estimates.spent(status.terms, status.collected.usage))
    return at_most(status.terms.most)
