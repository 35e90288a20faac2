"""Answers as something that is bought: their price, their checks, what they take from the budgets, the plan as kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.distillations import estimates
from bot.distillations.model import KIND, SCHEMA, DistillationSpec, DistillationStatus, Offered
from bot.distillations.plan import DistillationPhase, DistillationPlan, DistillationTerms, Prepared, order_of
from bot.distillations.teachers import registry as teachers
from bot.distillations.transitions import NEVER_STARTED
from bot.spending.archive import PlanForm
from bot.spending.ledger import Entry, SpendingKind
from bot.spending.model import Check, Offer
from bot.spending.purchase import Phases, Proposal, Purchase
from bot.spending.votes import Votes, others
from bot.wording import quoted


@dataclass(frozen=True, slots=True)
class Ordered:
    """A distillation as it stood when its answers were ordered."""

    spec: DistillationSpec
    offered: Offered


def _digest_of(ordered: Ordered) -> str:
    return order_of(ordered.spec.plan, ordered.offered.prepared).digest


FORM = PlanForm(KIND, Ordered, _digest_of)
"""Its digest is the order's, which is the batch job's token and is in its tags."""


_Distillation = Proposal[DistillationSpec, DistillationStatus]


class DistillationPurchase(Purchase[DistillationSpec, DistillationStatus]):
    """Prompts that a teacher answers in batch. What that costs is known once they were read."""

    schema = SCHEMA
    phases = Phases.among(
        DistillationPhase,
        agreed=DistillationPhase.STARTING,
        before=frozenset({DistillationPhase.READING}),
    )
    again = "Ask again with `/tune distill`."
    is_being_looked_at = "I am still reading the prompts."

    def plan(self, spec: DistillationSpec) -> DistillationPlan:
        return spec.plan

    def was_bought_before(self, spec: DistillationSpec) -> bool:
        return spec.found_again is not None

    def what(self, it: _Distillation) -> str:
        prepared, teacher = it.status.prepared, teachers.get(it.spec.plan.teacher)
        assert prepared is not None, "it was offered"
        return f"Have {prepared.records:,} prompts of {quoted(prepared.name)} answered by {teacher.label}"

    def stopped_by(self, spec: DistillationSpec) -> str | None:
        return spec.stop.by if spec.stop else None

    def terms_now(self, plan: DistillationPlan, prepared: Prepared) -> DistillationTerms:
        """Return what it costs at the prices of now, and who has to agree to that."""
        return estimates.offer(self._prices, teachers.get(plan.teacher), prepared, self._limits)

    def offer(self, it: _Distillation) -> Offer | None:
        return it.status.terms.offer if it.status.terms else None

    def offer_now(self, it: _Distillation) -> Offer:
        assert it.status.prepared is not None, "it was offered"
        return self.terms_now(it.spec.plan, it.status.prepared).offer

    def entry(self, it: _Distillation, at: datetime) -> Entry:
        return entry_of(it.spec.plan, it.status.terms, at, it.spec.votes)

    def checks(self, status: DistillationStatus) -> Sequence[Check] | None:
        return status.checks or None


def entry_of(plan: DistillationPlan, terms: DistillationTerms | None, at: datetime, votes: Votes) -> Entry:
    """Return the ledger's line for a distillation."""
    return Entry(
        id=f"{KIND}:{plan.id}",
        kind=SpendingKind.ANSWERS,
        owner=plan.owner,
        channel=plan.channel,
        model=plan.teacher,
        base=plan.profile,
        dataset=plan.source.name,
        at=at,
        committed=terms.most if terms else None,
        others=others(votes, plan.owner),
    )


def actual(status: DistillationStatus) -> Decimal | None:
    """Return what a distillation that is over cost, in US dollars; None when that is not known."""
    if status.phase in NEVER_STARTED:
        return Decimal(0)
    if status.collected and status.terms:
        return estimates.spent(status.terms, status.collected.usage)
    seen = status.observation
    # Nothing was answered, so that nothing is billed.
    unanswered = seen is not None and seen.status == "Failed" and not seen.processed
    return Decimal(0) if status.phase is DistillationPhase.FAILED and unanswered else None
