"""A term: throughput that AWS bills to a date that nobody brings forward, and that AWS renews by itself.

When it ends, AWS alone says (``commitmentExpirationTime``), and again with each look: a date that has moved by about a
term is a renewal, which costs as much again; one that has moved by less is AWS's correction. How long before its end it
can be deleted, and when AWS renews it, is published nowhere (docs.aws.amazon.com/bedrock/latest/userguide/
prov-thru-delete.html), so nothing here goes by either: it is deleted from its end on, and what AWS then says counts.
"""

import math
from dataclasses import replace
from datetime import datetime, timedelta

from bot.access import Access
from bot.controller.effects import Effect, passing
from bot.controller.model import Key, Resource
from bot.controller.ports import ResourceStore
from bot.errors import Refused, Unavailable
from bot.leases.endpoint import EndpointObservation, LeasePlan
from bot.leases.model import LEASE, LEASE_SCHEMA, LeaseSpec, LeaseStatus, Renewal
from bot.profiles.model import Term
from bot.wording import Clock, wording

NOTE = Effect(
    "term",
    "writing down when AWS says that its term ends",
    "a date that is there: the same one is not written again",
)
COMMITMENT_TERMS = "TUNESMITH_COMMITMENT_TERMS"
"""The operator's setting that has throughput bought for a term at all."""
RENEWED = timedelta(days=14)
"""By how much AWS's date has moved at least when it has renewed a term: half of the shortest month."""
HELD = timedelta(hours=1)
"""Between two deletions of what has failed within its term: nobody knows if AWS lets it go, and it may be billed."""
MISSED = timedelta(hours=1)
"""How long AWS shows nothing of it within its term before that counts as its end: nobody could have deleted it."""


def minutes_of(term: Term) -> int:
    """Return the minutes of the longest that the term can be."""
    return term.hours * 60


def check_allowed(term: Term | None, terms: frozenset[Term], access: Access, user: str) -> None:
    """Return when the operator lets throughput be bought for that term; None: a term that AWS does not sell.

    Raises:
        Refused: they do not; the hint says to ``user`` who could.
    """
    if term in terms:
        return
    instead, may = "Ask for hours, or for office hours: `hours=mon-fri/9-17 weeks=4`.", ""
    if terms:
        sold = " or ".join(f"`for {each.words}`" for each in sorted(terms))
        instead = f"Ask for hours, or {sold}."
    if term:
        may = wording(" ", access.ask_operator(user, f"to switch {term.words} on", COMMITMENT_TERMS))
    raise Refused(
        "I serve by the hour, and buy no such term: what is bought for months is billed to its end."
        if terms
        else "I serve by the hour and buy no terms: what is bought for months is billed to its end.",
        hint=wording(instead, may),
    )


def switched_off(term: Term) -> Refused:
    """Return that the operator has taken the term away since it was planned."""
    return Refused(
        f"No throughput is bought for {term.words} here any more.", hint="Ask for the model by the hour."
    )


def is_bound(spec: LeaseSpec, status: LeaseStatus) -> bool:
    """Return whether it is bought for a term, or is just being bought: nothing ends it before that is over."""
    return spec.plan.term is not None and (
        status.asked_for or status.arn is not None or bool(spec.found_again)
    )


def check_unbound(lease: Resource) -> None:
    """Return when it is not bought for a term, or not yet.

    Raises:
        Refused: it is, and until when.
    """
    spec = LEASE_SCHEMA.spec_of(lease)
    if is_bound(spec, LEASE_SCHEMA.status_of(lease)):
        raise bound(spec)


def bound(spec: LeaseSpec) -> Refused:
    """Return the refusal of whatever would end it, or let it end otherwise than at the end of its term."""
    return Refused(
        wording(
            f"{_bought(spec.plan)}: AWS bills it ", _to(spec), ", used or not, and nothing ends it earlier."
        ),
        hint="I delete it from its end on, and say so should AWS have renewed it by then.",
    )


def no_longer(spec: LeaseSpec) -> Refused:
    """Return the refusal of more time."""
    return Refused(
        wording(
            f"{_bought(spec.plan)}: it is in service ", _to(spec), " anyway, and is not made longer by hours."
        ),
        hint="From its end on ask for the model anew, by the hour or for another term.",
    )


def never_idle(spec: LeaseSpec) -> Refused:
    """Return the refusal of having it stay: it does."""
    return Refused(
        f"{_bought(spec.plan)}: it is never released for want of questions.",
        hint=wording("It is in service ", _to(spec), "."),
    )


def held() -> Unavailable:
    """Return why its deletion does not work though its term is over."""
    return Unavailable(
        "Its term is over, and AWS does not let it be deleted yet.",
        hint="I go on trying, and say so should AWS have renewed it.",
    )


def note(store: ResourceStore, spec: LeaseSpec, seen: EndpointObservation, at: datetime) -> LeaseSpec:
    """Write down when AWS says that its term ends, and that it has renewed it; return what is wanted by then.

    A wish to release it that came in the moment in which it was bought is dropped: nothing can carry it out.

    Raises:
        Unavailable: the store does not answer.
    """
    until = seen.committed_until
    if spec.plan.term is None or until is None or _with(spec, until, at) == spec:
        return spec
    with passing(NOTE):
        changed = store.amend(
            Key(LEASE, spec.plan.id), LEASE_SCHEMA.on_documents(lambda now: _with(now, until, at))
        )
    return LEASE_SCHEMA.spec_of(changed) if changed else spec


def _with(spec: LeaseSpec, until: datetime, at: datetime) -> LeaseSpec:
    before = spec.committed_until
    if before is None or abs(until - before) < RENEWED:
        return replace(spec, committed_until=until, release=None)
    if until < before:
        return spec  # an answer of before the renewal, which came late
    more = math.ceil((until - before) / timedelta(minutes=1))
    return replace(
        spec,
        committed_until=until,
        extra_minutes=spec.extra_minutes + more,
        renewals=(*spec.renewals, Renewal(at, before, until)),
    )


def _bought(plan: LeasePlan) -> str:
    assert plan.term is not None, "it is bought for a term"
    return f"This was bought for a term of {plan.term.words}"


def _to(spec: LeaseSpec) -> str:
    if spec.committed_until is None:
        return "to the end of its term"
    return wording("until ", Clock(spec.committed_until, dated=True))
