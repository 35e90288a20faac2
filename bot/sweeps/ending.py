"""How the jobs of a series stand, and what is told of them together once the last is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.controller.context import Context
from bot.controller.model import Key
from bot.controller.ports import ResourceStore
from bot.errors import Unreadable
from bot.jobs.cards import CurvePicture
from bot.jobs.context import JobDependencies
from bot.jobs.curves import described
from bot.jobs.model import JobPlan, Phase
from bot.jobs.purchase import actual
from bot.jobs.reconciler.followers import WAS_QUIET, wants_quiet
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA as JOBS
from bot.jobs.terms import Terms
from bot.jobs.transitions import ENDED
from bot.notifications.reconciler import notification
from bot.pricing.money import UNKNOWN, about, at_most
from bot.sweeps.cards import SweepEnded
from bot.sweeps.model import KIND, SweepRow, SweepSpec, SweepStatus


@dataclass(frozen=True, slots=True)
class Member:
    """One job of a series, as it stands."""

    row: SweepRow
    is_over: bool = False
    """Whether it has ended, and what it came to is known."""
    spent: Decimal | None = None
    """What it cost in US dollars, once it is over; None: that is not known."""
    curve: CurvePicture | None = None


def standing(store: ResourceStore, spec: SweepSpec, plan: JobPlan, terms: Terms) -> Member:
    """Return how the job of that plan stands."""
    row = SweepRow(
        value=plan.hyperparameters[spec.hyperparameter],
        job_name=plan.job_name,
        model_name=plan.model_name,
        cost=at_most(terms.training.usd),
        job_id=plan.id,
    )
    try:
        job = store.get(Key(JOB, plan.id))
    except Unreadable:
        # That nobody can read it is told by itself: here it is one that has not ended.
        return Member(row)
    if job is None:
        return Member(row)
    status = JOBS.status_of(job)
    seen, ending = status.observation, status.ending
    row = SweepRow(
        row.value,
        row.job_name,
        row.model_name,
        row.cost,
        row.job_id,
        status.phase,
        seen.training_loss if seen else None,
        seen.validation_loss if seen else None,
    )
    # A completed one once its losses were read from its files, too, by which the series is compared.
    is_over = status.phase in ENDED and (status.phase is not Phase.COMPLETED or ending is not None)
    curves = ending.curves if ending else None
    curve = CurvePicture(status.curve, described(curves)) if status.curve and curves else None
    return Member(row, is_over, actual(plan, terms, status) if is_over else None, curve)


def best(members: Sequence[Member]) -> Member | None:
    """Return the job with the lowest validation loss; None when fewer than two have one to compare."""
    rated = [each for each in members if each.row.validation_loss is not None and _is_trained(each)]
    return min(rated, key=lambda each: each.row.validation_loss or 0.0) if len(rated) > 1 else None


def _is_trained(member: Member) -> bool:
    return member.row.phase is Phase.COMPLETED


def decide(
    step: Context[SweepSpec, SweepStatus], spec: SweepSpec, parts: JobDependencies, members: Sequence[Member]
) -> None:
    """Write down that the last is over, whether its owner is mentioned, and what they are told later instead."""
    status, owner, now = step.status, spec.first.owner, parts.clock.now()
    status.ended_at, status.ping = now, not wants_quiet(parts, owner)
    if status.ping:
        step.save()
        return
    said = parts.renderer.render(ended(spec, status, members, why=WAS_QUIET))
    # In one write: that the owner is not pinged, and that they are told later instead, hold together or not
    # at all.
    step.save([notification(f"{KIND}:{step.key.id}#{spec.round}", "end", owner, said, now)])


def ended(spec: SweepSpec, status: SweepStatus, members: Sequence[Member], why: str = "") -> SweepEnded:
    """Return the end of all as its owner is told it; ``why`` they are told directly, if they are."""
    first = best(members)
    trained = [each for each in members if _is_trained(each)]
    shown = first or (trained[0] if len(trained) == 1 else None)
    return SweepEnded(
        owner=spec.first.owner,
        hyperparameter=spec.hyperparameter,
        rows=tuple(each.row for each in members),
        best=first.row if first else None,
        cost=_cost(spec, members),
        ping=status.ping is not False,
        curve=shown.curve if shown else None,
        why=why,
        base=spec.first.profile,
    )


def _cost(spec: SweepSpec, members: Sequence[Member]) -> str:
    """Return what all of them cost, beside what was agreed to. Both are computed here: the bill comes from AWS."""
    spent = [each.spent for each in members]
    known = [each for each in spent if each is not None]
    if len(known) < len(spent):
        return UNKNOWN
    return f"{about(sum(known, Decimal(0)))}; agreed to were {at_most(spec.usd)}"
