"""What ended lately, for a digest: jobs, leases and answers in batch as they stand in the store."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.controller.model import Key, Resource
from bot.controller.ports import ResourceStore
from bot.digests.model import (
    UNSEEN,
    AnswersLine,
    AnyLine,
    DigestSpec,
    DistillationLine,
    JobLine,
    LeaseLine,
    Week,
)
from bot.distillations import purchase as entries
from bot.distillations.model import KIND as DISTILL
from bot.distillations.model import SCHEMA as DISTILLATIONS
from bot.distillations.plan import DistillationPhase
from bot.errors import Unreadable
from bot.jobs.ending import epochs_run
from bot.jobs.model import Phase
from bot.jobs.phases import training_begun
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA as JOBS
from bot.jobs.record import JobSpec, JobStatus
from bot.jobs.terms import estimate
from bot.leases.model import LEASE, LEASE_SCHEMA, RELEASE, RELEASE_SCHEMA
from bot.leases.views import agreed_hour, billed, cost_at_most
from bot.pricing import estimates
from bot.pricing.book import PriceBook
from bot.profiles.model import Serving
from bot.spending.budget_service import BudgetService
from bot.spending.ledger import Entry
from bot.visibility import ChannelMemberships, Origin, Provenance, Sight, Viewer

_OUTCOMES = frozenset({Phase.COMPLETED, Phase.FAILED, Phase.STOPPED})
_ANSWERED = frozenset({DistillationPhase.COMPLETED, DistillationPhase.FAILED, DistillationPhase.STOPPED})


def look(
    store: ResourceStore, prices: PriceBook, wanted: DigestSpec, memberships: ChannelMemberships
) -> Week:
    """Return everything that has ended and is still in the store.

    Of what came from a channel that not everybody sees, a digest elsewhere has the sums and no names.
    """
    week = _found(store, prices, wanted)
    # Nobody in particular reads it: a viewer without a name sees what is public, where no guest is asked about.
    sight = Sight(Viewer("", wanted.channel), memberships)

    def told(line: AnyLine) -> bool:
        return sight.may_show(Provenance.of(Origin(line.channel, "")), wanted.channel)

    return Week(
        tuple(each if told(each) else each.without_names() for each in week.jobs),
        tuple(each if told(each) else each.without_names() for each in week.leases),
        tuple(each if told(each) else each.without_names() for each in week.distillations),
    )


def answered(
    budget_service: BudgetService,
    wanted: DigestSpec,
    memberships: ChannelMemberships,
    after: datetime,
    until: datetime,
) -> tuple[AnswersLine, ...]:
    """Return what models answered of what was asked between the two moments, the dearest first.

    Of a channel that not everybody sees, a digest elsewhere has the sums and no names.
    """
    sight = Sight(Viewer("", wanted.channel), memberships)
    shown: dict[tuple[str, str], bool] = {}
    lines: dict[tuple[str, str], AnswersLine] = {}
    for entry in budget_service.asked_between(after, until):
        if not (wanted.everything or entry.channel == wanted.channel):
            continue
        place = (entry.channel, entry.owner)
        if place not in shown:
            shown[place] = sight.may_show(Provenance.of(Origin(*place)), wanted.channel)
        who = (entry.model, entry.channel) if shown[place] else (UNSEEN, "")
        lines[who] = _with(lines.get(who) or AnswersLine(*who, 0, 0, Decimal(0), Decimal(0)), entry)
    return tuple(sorted(lines.values(), key=lambda each: (-each.usd, -each.answers, each.model)))


def _with(line: AnswersLine, entry: Entry) -> AnswersLine:
    tokens = entry.tokens.put_in + entry.tokens.given_out if entry.tokens else 0
    return replace(
        line,
        answers=line.answers + 1,
        tokens=line.tokens + tokens,
        usd=line.usd + entry.counts,
        estimated=line.estimated + (entry.committed or Decimal(0)),
        of_base=line.of_base or entry.of_base,
        unpriced=line.unpriced + entry.is_unpriced,
    )


def _found(store: ResourceStore, prices: PriceBook, wanted: DigestSpec) -> Week:
    jobs = (_job(resource, prices, wanted) for resource in store.of_kind(JOB))
    leases = (_lease(store, resource, prices, wanted) for resource in store.of_kind(LEASE))
    answers = (_distillation(resource, wanted) for resource in store.of_kind(DISTILL))
    return Week(
        tuple(each for each in jobs if each),
        tuple(each for each in leases if each),
        tuple(each for each in answers if each),
    )


def _job(resource: Resource, prices: PriceBook, wanted: DigestSpec) -> JobLine | None:
    spec = JOBS.spec_of(resource)
    if not (wanted.everything or spec.plan.channel == wanted.channel):
        return None
    status = JOBS.status_of(resource)
    if status.phase not in _OUTCOMES or status.ended_at is None:
        return None
    return JobLine(
        id=spec.plan.id,
        name=spec.plan.job_name,
        model=spec.plan.model_name,
        channel=spec.plan.channel,
        outcome=status.phase.value,
        ended=status.ended_at,
        usd=_cost(spec, status, prices),
        estimated=(spec.terms.training if spec.terms else estimate(spec.plan, prices)).usd,
    )


def _distillation(resource: Resource, wanted: DigestSpec) -> DistillationLine | None:
    spec = DISTILLATIONS.spec_of(resource)
    if not (wanted.everything or spec.plan.channel == wanted.channel):
        return None
    status = DISTILLATIONS.status_of(resource)
    if status.phase not in _ANSWERED or status.ended_at is None:
        return None
    return DistillationLine(
        id=spec.plan.id,
        name=spec.plan.job_name,
        teacher=spec.plan.teacher,
        channel=spec.plan.channel,
        outcome=status.phase.value,
        answered=status.collected.records if status.collected else 0,
        ended=status.ended_at,
        usd=entries.actual(status),
        estimated=status.terms.most if status.terms else None,
    )


def _cost(spec: JobSpec, status: JobStatus, prices: PriceBook) -> Decimal | None:
    """Return what training cost at most: nothing before it began, and all of it for one that broke off."""
    if status.observation is None or not training_begun(status.observation):
        return Decimal(0)
    training = spec.terms.training if spec.terms else estimate(spec.plan, prices)
    run = epochs_run(spec.plan, status.ending)
    if training.usd is None or not 0 < run < training.epochs:
        return training.usd
    return training.usd * Decimal(run) / Decimal(training.epochs)


def _lease(
    store: ResourceStore, resource: Resource, prices: PriceBook, wanted: DigestSpec
) -> LeaseLine | None:
    spec = LEASE_SCHEMA.spec_of(resource)
    if not (wanted.everything or spec.plan.channel == wanted.channel):
        return None
    try:
        released = store.get(Key(RELEASE, resource.key.id))
    except Unreadable:
        return None
    if released is None:
        return None
    status = LEASE_SCHEMA.status_of(resource)
    release = RELEASE_SCHEMA.status_of(released)
    elapsed = billed(spec, status, release)
    if release.released_at is None or elapsed is None:
        return None
    by_token = spec.plan.serving is Serving.ON_DEMAND_DEPLOYMENT
    hour = agreed_hour(spec, prices)
    return LeaseLine(
        id=spec.plan.id,
        model=spec.plan.model_name,
        channel=spec.plan.channel,
        ended=release.released_at,
        billed=elapsed,
        usd=None if by_token else estimates.throughput(hour, elapsed, spec.plan.model_units),
        by_token=by_token,
        estimated=None if by_token else cost_at_most(spec, prices),
    )
