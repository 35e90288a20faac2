"""What a sweep costs at most: exactly those of its jobs that start, each at the price that it was offered for."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from bot.jobs.terms import Terms, offer
from bot.pricing.book import PriceBook
from bot.spending.approval import ApprovalLimits, offered
from bot.spending.offers import asked_still
from bot.sweeps.model import LeftOut, SweepSpec

WAS_ASKED = "An approver was asked for it while more of these jobs were to start."


def at_prices_of_now(spec: SweepSpec, prices: PriceBook, limits: ApprovalLimits) -> SweepSpec:
    """Return the sweep offered at the prices of now; it is held to the limit as a whole."""
    return _held(replace(spec, terms=_now(spec, prices, limits)), limits)


def terms_of(spec: SweepSpec, prices: PriceBook, limits: ApprovalLimits) -> tuple[Terms, ...]:
    """Return what each of its plans was offered for; at the prices of now where that was not kept."""
    return spec.terms or _now(spec, prices, limits)


def without(
    spec: SweepSpec, existing: Collection[str], prices: PriceBook, limits: ApprovalLimits
) -> SweepSpec | None:
    """Return the sweep without the jobs of these IDs, which exist; None when nothing of it is left."""
    pairs = zip(spec.plans, terms_of(spec, prices, limits), strict=True)
    kept = [(plan, terms) for plan, terms in pairs if plan.id not in existing]
    if not kept:
        return None
    left_out = left_out_of(spec, existing)
    plans, terms = tuple(each for each, _ in kept), tuple(each for _, each in kept)
    after = _held(replace(spec, plans=plans, terms=terms, left_out=(*spec.left_out, *left_out)), limits)
    why = asked_still(spec.votes, spec.needs_approval, after.needs_approval, WAS_ASKED)
    return replace(after, needs_approval=why)


def left_out_of(spec: SweepSpec, existing: Collection[str]) -> tuple[LeftOut, ...]:
    """Return those of its plans that have these IDs, as they are told."""
    found = [each for each in spec.plans if each.id in existing]
    return tuple(LeftOut(each.hyperparameters[spec.hyperparameter], each.job_name) for each in found)


def _now(spec: SweepSpec, prices: PriceBook, limits: ApprovalLimits) -> tuple[Terms, ...]:
    return tuple(offer(each, prices, limits, agreed=True) for each in spec.plans)


def _held(spec: SweepSpec, limits: ApprovalLimits) -> SweepSpec:
    figures = [each.training.usd for each in spec.terms]
    known = [each for each in figures if each is not None]
    usd = sum(known, Decimal(0)) if len(known) == len(figures) else None
    now = offered(usd, limits)
    return replace(spec, usd=usd, needs_approval=now.needs_approval, own_is_fine=now.own_is_fine)
