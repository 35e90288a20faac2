"""How the jobs of a sweep stand, and what is told of them together once the last is over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from bot.clock import noted
from bot.controller.context import Context
from bot.controller.model import Key
from bot.controller.outbox.fallbacks import is_elsewhere
from bot.controller.ports import ResourceStore
from bot.errors import Unreadable
from bot.jobs.cards import CurvePicture
from bot.jobs.curves import described
from bot.jobs.dependencies import InsteadDependencies, OverlapDependencies, PreflightDependencies
from bot.jobs.model import JobPlan, Phase
from bot.jobs.purchase import actual
from bot.jobs.reconciler.followers import WAS_QUIET, wants_quiet
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA as JOBS
from bot.jobs.record import JobStatus
from bot.jobs.terms import Terms
from bot.jobs.transitions import ENDED
from bot.notifications.quiet_hours import QuietHours
from bot.notifications.reconciler import notification
from bot.pricing.money import UNKNOWN, about, at_most
from bot.sweeps.cards import JobsLost, SweepEnded
from bot.sweeps.model import KIND, Result, SweepRow, SweepSpec, SweepStatus
from bot.visibility import Origin

LOST = timedelta(days=1)
"""How long a sweep waits for a job of which nothing can be told, before it ends without it."""


class SweepDependencies(InsteadDependencies, PreflightDependencies, OverlapDependencies, Protocol):
    """All that a sweep works with, among the ports."""

    quiet_hours: QuietHours
    hears: tuple[str, ...]
    """People or channels who are told what goes wrong: the operator, or the approvers."""


@dataclass(frozen=True, slots=True)
class Member:
    """One job of a sweep, as it stands."""

    row: SweepRow
    is_over: bool = False
    """Whether it has ended, and what it came to is known."""
    spent: Decimal | None = None
    """What it cost in US dollars, once it is over; None: that is not known."""
    curve: CurvePicture | None = None


def standing(
    store: ResourceStore,
    spec: SweepSpec,
    plan: JobPlan,
    terms: Terms,
    *,
    is_started: bool,
    result: Result | None = None,
) -> Member:
    """Return how the job of that plan stands; of one that ``is_started`` there is something to be read.

    ``result`` is how it ended, where that is known: the job itself may be forgotten by now.
    """
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
        job = None
    if job is None:
        return _ended_as(row, result) if result else Member(replace(row, is_lost=is_started))
    status = JOBS.status_of(job)
    seen, ending = status.observation, status.ending
    row = replace(
        row,
        phase=status.phase,
        training_loss=seen.training_loss if seen else None,
        validation_loss=_validation_loss(status),
    )
    # A completed one once its losses were read from its files, too, by which the sweep is compared.
    is_over = status.phase in ENDED and (status.phase is not Phase.COMPLETED or ending is not None)
    curves = ending.curves if ending else None
    curve = CurvePicture(status.curve, described(curves)) if status.curve and curves else None
    return Member(row, is_over, actual(plan, terms, status) if is_over else None, curve)


def _validation_loss(status: JobStatus) -> float | None:
    """Return the last validation loss: as Bedrock tells it, else as its file of losses ends; None without either."""
    seen, ending = status.observation, status.ending
    if seen and seen.validation_loss is not None:
        return seen.validation_loss
    if ending is None or ending.curves is None or not ending.curves.validation:
        return None
    last = ending.curves.validation[-1]
    # What breaks off before the end says nothing of the model that came of it.
    return last.loss if last.epoch == ending.curves.epochs and not ending.breaks_off else None


def _ended_as(row: SweepRow, result: Result) -> Member:
    row = replace(
        row,
        phase=result.phase,
        training_loss=result.training_loss,
        validation_loss=result.validation_loss,
    )
    curve = CurvePicture(result.curve, result.in_words) if result.curve else None
    return Member(row, is_over=True, spent=result.spent, curve=curve)


def note_results(status: SweepStatus, members: Sequence[Member]) -> None:
    """Note how those ended that have. Nothing is written yet."""
    for each in members:
        row, curve = each.row, each.curve
        if each.is_over and row.phase:
            status.results[row.job_id] = Result(
                phase=row.phase,
                training_loss=row.training_loss,
                validation_loss=row.validation_loss,
                spent=each.spent,
                curve=curve.file if curve else "",
                in_words=curve.in_words if curve else "",
            )


def is_over(status: SweepStatus, members: Sequence[Member], now: datetime) -> bool:
    """Return whether nothing is left to wait for: each has ended, or nobody can read how it stands, for a day.

    A job that cannot be read may be mended, or be a newer release's; one that is gone, the next look at the account
    brings back. It goes its own way meanwhile, and then tells its own end.
    """
    if not any(each.row.is_lost for each in members):
        status.lost_since = None
        return all(each.is_over for each in members)
    status.lost_since = noted(status.lost_since, now)
    return now - status.lost_since >= LOST and all(each.is_over or each.row.is_lost for each in members)


def best(members: Sequence[Member]) -> Member | None:
    """Return the job with the lowest validation loss; None when fewer than two have one to compare."""
    rated = [each for each in members if each.row.validation_loss is not None and _is_trained(each)]
    return min(rated, key=lambda each: each.row.validation_loss or 0.0) if len(rated) > 1 else None


def _is_trained(member: Member) -> bool:
    return member.row.phase is Phase.COMPLETED


def decide(
    context: Context[SweepSpec, SweepStatus],
    spec: SweepSpec,
    dependencies: SweepDependencies,
    members: Sequence[Member],
) -> None:
    """Write down that the last is over, whether its owner is mentioned, and what they are told later instead.

    Of jobs that it ends without, whoever hears what goes wrong is told in the same write.
    """
    status, owner, now = context.status, spec.first.owner, dependencies.clock.now()
    status.ended_at, status.ping = now, not wants_quiet(dependencies.quiet_hours, owner, context.now())
    about, also = f"{KIND}:{context.key.id}#{spec.round}", []
    if lost := tuple(each.row.job_name for each in members if each.row.is_lost):
        card = JobsLost(spec.hyperparameter, spec.first.channel, owner, lost)
        # Where others read along, by the job's reference alone: what is sought by it is in the log and in its tags.
        short = JobsLost("", "", "", tuple(each.row.job_id for each in members if each.row.is_lost))
        for each in dict.fromkeys(dependencies.hears):
            told = short if is_elsewhere(each, spec.first.channel) else card
            also.append(notification(about, "lost", each, dependencies.renderer.render(told), now))
    if not status.ping:
        said = dependencies.renderer.render(ended(spec, status, members, why=WAS_QUIET))
        source = Origin(spec.first.channel, owner)
        also.append(notification(about, "end", owner, said, now, seen_in=source))
    # In one write: that the owner is not pinged, and that they are told later instead, hold together or not at all.
    context.save(also)


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
        held_out=spec.first.validation_records,
    )


def _cost(spec: SweepSpec, members: Sequence[Member]) -> str:
    """Return what all of them cost, beside what was agreed to. Both are computed here: the bill comes from AWS."""
    spent = [each.spent for each in members]
    known = [each for each in spent if each is not None]
    if len(known) < len(spent):
        return UNKNOWN
    return f"{about(sum(known, Decimal(0)))}; agreed: {at_most(spec.usd)}"
