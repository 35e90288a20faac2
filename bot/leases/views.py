"""A kept lease as a person sees it."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.access import Access, allowed
from bot.controller.model import Resource
from bot.controller.outbox.entries import root_of
from bot.directory.directory import Directory
from bot.leases.cards import LeaseView
from bot.leases.deadlines import STARTUP, agreed, billed_at_most, remaining
from bot.leases.endpoint import LeasePhase, LeasePlan
from bot.leases.model import CARD, LEASE_SCHEMA, LeaseSpec, LeaseStatus, Moment, ReleaseStatus
from bot.leases.terms import is_bound
from bot.leases.transitions import ENDED, NEVER_STARTED
from bot.leases.versions import answering, on_its_way
from bot.pricing import estimates
from bot.pricing.book import PriceBook
from bot.pricing.model import Quote
from bot.pricing.money import about, at_most, up_to
from bot.profiles import registry
from bot.profiles.model import Serving

BY_THE_TOKEN = "nothing while idle; questions are billed by the token"  # noqa: S105 -- no secret

_START = STARTUP // timedelta(minutes=1)
BEGUN_HOURS = "begun hours counted whole"
WHAT_COUNTS = f"up to {_START} minutes of start-up, which AWS bills too, and {BEGUN_HOURS}"
"""AWS bills from the creation on; that it does so by the hour is the dearer reading of its words."""


def hour_of(plan: LeasePlan, prices: PriceBook) -> Quote:
    """Return what an hour of one unit costs."""
    return prices.serving_hour(registry.get(plan.profile), plan.serving, plan.term)


def agreed_hour(spec: LeaseSpec, prices: PriceBook) -> Quote:
    """Return what an hour of one unit costs this lease, as it was agreed to; the price of now where nobody knew one."""
    return spec.hour if spec.hour and spec.hour.usd is not None else hour_of(spec.plan, prices)


def cost_at_most(spec: LeaseSpec, prices: PriceBook) -> Decimal | None:
    """Return what can be billed for it at most, extensions included; None when the price is unknown.

    This is the one figure that is shown, held to the limits and reserved: from the creation to the deletion, as long
    as both may take, in begun hours. A deployment costs nothing by the hour.
    """
    if spec.plan.serving is Serving.ON_DEMAND_DEPLOYMENT:
        return Decimal(0)
    # The start-up of one that was found again is part of what was billed before, or goes on for the rest of its time.
    startup = timedelta() if spec.adopts else STARTUP  # what was made elsewhere is in service already
    billed = max(startup, timedelta(minutes=spec.billed_before)) + billed_at_most(spec.minutes) - STARTUP
    return estimates.throughput(agreed_hour(spec, prices), billed, spec.plan.model_units)


def with_more(spec: LeaseSpec, minutes: int, hour: Quote | None) -> LeaseSpec:
    """Return the lease with so many minutes more, all of it at that price: a new decision on the whole sum."""
    return replace(spec, extra_minutes=spec.extra_minutes + minutes, hour=hour, edition=spec.edition + 1)


def hour_usd(hour: Quote) -> Decimal | None:
    """Return what can be billed at most for an hour in service, by what an hour of one unit costs; None: unknown."""
    return estimates.throughput(hour, billed_at_most(60), 1)


def hour_at_most(hour: Quote) -> str:
    """Return the same in words."""
    if hour.usd == 0:
        return BY_THE_TOKEN
    usd = hour_usd(hour)
    return at_most(usd) if usd is None else f"{at_most(usd)} (with {WHAT_COUNTS})"


def total(spec: LeaseSpec, prices: PriceBook) -> str:
    """Return in words what can be billed for the lease at most; what counts in it is the card's to say, once."""
    if spec.plan.serving is Serving.ON_DEMAND_DEPLOYMENT:
        return BY_THE_TOKEN
    return at_most(cost_at_most(spec, prices))


def total_in_full(spec: LeaseSpec, prices: PriceBook) -> str:
    """Return the same with what counts in it, for where the lease's card is not beside it."""
    said = total(spec, prices)
    is_figure = (
        spec.plan.serving is not Serving.ON_DEMAND_DEPLOYMENT and cost_at_most(spec, prices) is not None
    )
    return f"{said} (with {BEGUN_HOURS if spec.adopts else WHAT_COUNTS})" if is_figure else said


def lease_view(
    spec: LeaseSpec, status: LeaseStatus, prices: PriceBook, release: ReleaseStatus | None = None
) -> LeaseView:
    """Return what is shown of the lease; once it is released, with what it cost."""
    plan = spec.plan
    time_left = _left(spec, status)
    in_service = status.phase is LeasePhase.IN_SERVICE
    more = with_more(spec, 60, hour_of(plan, prices))
    coming = on_its_way(spec, status)
    by_token = plan.serving is Serving.ON_DEMAND_DEPLOYMENT
    return LeaseView(
        id=plan.id,
        model_name=answering(spec, status).name,
        next_name=coming.name if coming else "",
        base=plan.profile,
        owner=spec.owner,
        serving=plan.serving,
        phase=status.phase,
        minutes=spec.minutes,
        hour=agreed_hour(spec, prices),
        total=total(spec, prices),
        hour_more=total(more, prices),
        hour_more_usd=cost_at_most(more, prices),
        # Before it is in service nobody knows when its minutes begin, so that any time would be a promise.
        release_at=_release_at(spec, status, time_left) if in_service else None,
        left_minutes=max(0, math.ceil(time_left.total_seconds() / 60)) if time_left and in_service else None,
        spent="" if by_token else _spent(spec, status, prices, release),
        estimated=_estimated(spec, status, prices),
        explanation=status.explanation,
        mend=status.mend,
        release_trouble=release.trouble if release else "",
        raw_failure=status.raw_failure,
        started_by=plan.owner,
        is_adopted=bool(spec.adopts),
        joint=spec.joint,
        released_by=spec.release.by if spec.release else "",
        is_undoable=spec.release is not None and spec.ending is None and status.phase not in ENDED,
        idle=spec.idle,
        idled=spec.idled.minutes if spec.idled else None,
        term=plan.term,
        is_bound=is_bound(spec, status),
    )


def billed(spec: LeaseSpec, status: LeaseStatus, release: ReleaseStatus | None) -> timedelta | None:
    """Return how long AWS has billed so far, from the creation on; None before it. Never negative.

    Both ends are told by what the clocks agree on: one end by Bedrock's clock alone and the other by ours would bill
    the difference of the clocks.
    """
    begun = billed_from(spec, status, release)
    seen = [agreed(status.seen) if status.seen else None, release.last_seen if release else None]
    until = max((each for each in seen if each), default=None)
    return max(until - begun, timedelta()) if begun and until else None


def billed_from(spec: LeaseSpec, status: LeaseStatus, release: ReleaseStatus | None) -> datetime | None:
    """Return when billing began: the creation by Bedrock's clock, the intent right before it by the two others."""
    created = status.created or (release.created if release else None)
    intent = status.intent_at
    if intent is None or created is None:
        # Without a creation nobody saw it while it was there; it is billed if the release says that it was.
        return created or (intent if release and release.last_seen else None)
    before = timedelta(minutes=spec.billed_before)  # one that was found again began before its intent
    store = intent.timestamp() if status.intent_store is None else status.intent_store
    return agreed(Moment(store - before.total_seconds(), intent - before, created))


def spent_so_far(
    spec: LeaseSpec, status: LeaseStatus, prices: PriceBook, release: ReleaseStatus | None
) -> str:
    """Return in words what it has cost so far, in begun hours; empty where nobody knows that."""
    elapsed = billed(spec, status, release)
    usd = (
        None
        if elapsed is None
        else estimates.throughput(agreed_hour(spec, prices), elapsed, spec.plan.model_units)
    )
    return "" if usd is None else about(usd)


def _spent(spec: LeaseSpec, status: LeaseStatus, prices: PriceBook, release: ReleaseStatus | None) -> str:
    elapsed, plan = billed(spec, status, release), spec.plan
    if elapsed is None:
        return ""
    usd = estimates.throughput(agreed_hour(spec, prices), elapsed, plan.model_units)
    # What begun hours come to is the most while it runs; at its end it is what was billed, by what AWS published.
    return about(usd) if status.phase in ENDED else up_to(usd)


def _estimated(spec: LeaseSpec, status: LeaseStatus, prices: PriceBook) -> str:
    """Return what it could have cost at most, extensions included, beside what it did; empty before its end."""
    usd = cost_at_most(spec, prices)
    started = status.phase in ENDED - NEVER_STARTED
    return at_most(usd) if started and usd else ""


def _left(spec: LeaseSpec, status: LeaseStatus) -> timedelta | None:
    if status.in_service is None or status.seen is None:
        return None
    return remaining(spec, status.in_service, status.seen)


def _release_at(spec: LeaseSpec, status: LeaseStatus, time_left: timedelta | None) -> datetime | None:
    if time_left is None or status.seen is None:
        return None
    return spec.committed_until or agreed(status.seen) + time_left


def seen_by(directory: Directory, access: Access, resource: Resource, prices: PriceBook) -> LeaseView:
    """Return the lease as the directory's viewer sees it: with what they may do with it."""
    spec, user = LEASE_SCHEMA.spec_of(resource), directory.viewer.user
    view = lease_view(spec, LEASE_SCHEMA.status_of(resource), prices)
    serves = answering(spec, LEASE_SCHEMA.status_of(resource))
    model = directory.stored_model(serves.name, serves.arn)  # it may be called otherwise by now
    return replace(
        view,
        model_name=model.name if model else view.model_name,
        may_extend=allowed(lambda: access.check_spending(user, spec.plan.channel)),
        may_end=allowed(lambda: access.check_ending(user, spec.owner, spec.plan.channel)),
        channel=spec.plan.channel if directory.sight.sees_channel(spec.plan.channel) else "",
        thread_ts=spec.thread_ts or root_of(resource, CARD),
    )


def awake_as(phase: LeasePhase) -> str:
    """Return how a model is told to be that nobody need wake once more."""
    return "in service" if phase is LeasePhase.IN_SERVICE else "starting"
