"""More minutes for a lease that runs: a new decision, by the same rules as the lease itself.

What is held to the limit and to the budgets is the whole sum, and not what is added. What costs no more than was
agreed to already (minutes of an hour that has begun) is nothing new to decide.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.clock import duration_of_minutes
from bot.errors import Refused
from bot.leases import terms
from bot.leases.closing import too_late
from bot.leases.model import Extension, LeaseSpec
from bot.leases.views import cost_at_most, hour_of, with_more
from bot.pricing.book import PriceBook
from bot.pricing.money import at_most
from bot.profiles.model import Term
from bot.spending.approval import needs_approval, own_is_fine
from bot.spending.model import Decision
from bot.spending.offers import Shown, is_dearer
from bot.spending.votes import Vote, Votes, others
from bot.wording import Person, wording


@dataclass(frozen=True, slots=True)
class Limits:
    """What the operator decides: US dollars without an approver, and alone by an approver; minutes of a lease.

    ``longest``: what one may last at most.
    """

    approval_limit: Decimal
    self_approval_limit: Decimal
    longest: int
    idle: int = 0
    """Minutes without a question after which a lease is released, where nobody says otherwise; 0: none is."""
    terms: frozenset[Term] = frozenset()
    """For which throughput may be bought."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many minutes more, and who asks for them when."""

    minutes: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownLonger:
    """What the picture said whose button was pressed: how long the lease was, and what all of it then costs at most."""

    minutes: int
    cost: Shown


def check_shown(spec: LeaseSpec, minutes: int, prices: PriceBook, shown: ShownLonger | None) -> None:
    """Return when so many minutes more are what its picture said, by length and by price.

    Raises:
        Refused: it was made longer since, or costs more by now. The figure of now is said.
    """
    if shown is None:
        return
    usd = cost_at_most(longer(spec, minutes, prices), prices)
    with_it = f"With {duration_of_minutes(minutes)} more it costs {at_most(usd)} by now"
    if spec.minutes != shown.minutes:
        by = wording(" by ", Person(spec.extended_by[-1])) if spec.extended_by else ""
        raise Refused(
            wording("This lease was made longer", by, f" meanwhile. {with_it}."),
            hint="Its card shows that in a moment: press there if you still want it.",
        )
    if is_dearer(usd, shown.cost.usd):
        raise Refused(
            f"{with_it}, and {at_most(shown.cost.usd)} was shown.",
            hint="Its card shows that in a moment: press there if you still want it.",
        )


def reason(spec: LeaseSpec, minutes: int, prices: PriceBook, limits: Limits) -> str:
    """Return why an approver has to agree to so many minutes more; empty when nobody has to."""
    return _reason(cost_at_most(spec, prices), cost_at_most(longer(spec, minutes, prices), prices), limits)


def _reason(now: Decimal | None, then: Decimal | None, limits: Limits) -> str:
    return "" if then is not None and then == now else needs_approval(then, limits.approval_limit)


def extended(spec: LeaseSpec, wanted: Wanted, prices: PriceBook, limits: Limits) -> LeaseSpec:
    """Return the lease with so many minutes more, or with an approver asked for them.

    Raises:
        Refused: it would last longer than a lease may, is being released, or an approver is asked already.
    """
    if wanted.minutes <= 0:
        raise Refused(f"{wanted.minutes} minutes make nothing longer.", hint="For instance: `1h`.")
    _check_time(spec, wanted.minutes, limits.longest)
    waiting = asked(spec)
    if waiting:
        raise Refused(
            wording(
                Person(waiting.by),
                f" has asked for {duration_of_minutes(waiting.minutes)} more already, and waits for an approver.",
            ),
            hint="Extend it once that is decided.",
        )
    after = longer(spec, wanted.minutes, prices)
    usd = cost_at_most(after, prices)
    why = _reason(cost_at_most(spec, prices), usd, limits)
    if not why:
        return replace(after, extended_by=(*spec.extended_by, wanted.by))
    made = Extension(
        number=len(spec.extensions) + 1,
        minutes=wanted.minutes,
        by=wanted.by,
        usd=usd,
        needs_approval=why,
        own_is_fine=own_is_fine(usd, limits.self_approval_limit),
        votes=Votes(started=Vote("start", wanted.by, wanted.at)),
        hour=after.hour,
    )
    return replace(spec, extensions=(*spec.extensions, made))


def decided(spec: LeaseSpec, number: int, votes: Votes, limits: Limits) -> LeaseSpec:
    """Return the lease once an approver has pressed: longer when they agreed. A repeated press changes nothing.

    Raises:
        Refused: it would last longer than a lease may, or is being released.
    """
    found = spec.extensions[number - 1]
    if votes == found.votes:
        return spec
    settled = replace(found, votes=votes)
    kept = (*spec.extensions[: number - 1], settled, *spec.extensions[number:])
    if settled.decision is not Decision.APPROVED:
        return replace(spec, extensions=kept)
    _check_time(spec, found.minutes, limits.longest)
    after = with_more(spec, found.minutes, found.hour or spec.hour)
    return replace(after, extensions=kept, extended_by=(*spec.extended_by, found.by))


def offered_anew(spec: LeaseSpec, number: int, prices: PriceBook, limits: Limits) -> LeaseSpec:
    """Return the lease with what was asked for at the price of now, if that is dearer; what is decided stays."""
    found = spec.extensions[number - 1]
    after = longer(spec, found.minutes, prices)
    usd = cost_at_most(after, prices)
    if found.decision is not Decision.REQUESTED or not is_dearer(usd, found.usd):
        return spec
    why = _reason(cost_at_most(spec, prices), usd, limits) or found.needs_approval
    anew = replace(
        found,
        usd=usd,
        hour=after.hour,
        needs_approval=why,
        own_is_fine=own_is_fine(usd, limits.self_approval_limit),
    )
    return replace(spec, extensions=(*spec.extensions[: number - 1], anew, *spec.extensions[number:]))


def asked(spec: LeaseSpec) -> Extension | None:
    """Return what an approver is asked for and has not decided, or None."""
    return next((each for each in spec.extensions if each.decision is Decision.REQUESTED), None)


def spenders(spec: LeaseSpec) -> tuple[str, ...]:
    """Return who spends beside the owner: whoever pressed *Start*, and whoever had it made longer."""
    who = {*others(spec.votes, spec.plan.owner), *spec.extended_by} - {spec.plan.owner}
    return tuple(sorted(who))


def longer(spec: LeaseSpec, minutes: int, prices: PriceBook) -> LeaseSpec:
    """Return the lease with so many minutes more, at the price of now."""
    return with_more(spec, minutes, hour_of(spec.plan, prices))


def _check_time(spec: LeaseSpec, minutes: int, longest: int) -> None:
    if spec.plan.term:
        raise terms.no_longer(spec)
    if spec.release or spec.over:
        raise too_late(spec)
    if spec.minutes + minutes > longest:
        more = longest - spec.minutes
        raise Refused(
            f"A lease lasts at most {duration_of_minutes(longest)}, "
            f"and this one has {duration_of_minutes(spec.minutes)}.",
            hint=f"It can be extended by {duration_of_minutes(more)}."
            if more > 0
            else "Ask for a new one when it is over.",
        )
