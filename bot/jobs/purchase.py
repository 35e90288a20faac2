"""A job as something that is bought: its price, its checks, what it takes from the budgets, its plan as it is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.jobs.ending import cost
from bot.jobs.model import JobPlan, Phase
from bot.jobs.phases import training_begun
from bot.jobs.record import KIND, SCHEMA, JobSpec, JobStatus
from bot.jobs.terms import Terms, offer
from bot.jobs.transitions import NEVER_STARTED
from bot.profiles import registry
from bot.spending.archive import PlanForm
from bot.spending.ledger import Entry, SpendingKind
from bot.spending.model import Check, Offer
from bot.spending.purchase import Phases, Proposal, Purchase
from bot.spending.votes import Votes, others


def _digest_of(spec: JobSpec) -> str:
    return replace(spec.plan, known_as=None).digest


FORM = PlanForm(KIND, JobSpec, _digest_of)
"""A customization job as it is kept outside of the store: its spec as it stood when it was started.

It is found by the digest in the tags of what was made, and counts only when its plan has that digest."""


_Job = Proposal[JobSpec, JobStatus]


class JobPurchase(Purchase[JobSpec, JobStatus]):
    """A customization job."""

    schema = SCHEMA
    phases = Phases.among(Phase, agreed=Phase.STARTING)
    again = "Ask for it again with `/tune start`."

    def plan(self, spec: JobSpec) -> JobPlan:
        return spec.plan

    def holder(self, spec: JobSpec) -> str:
        return spec.owner

    def was_bought_before(self, spec: JobSpec) -> bool:
        return spec.found_again is not None

    def what(self, it: _Job) -> str:
        label = registry.get(it.spec.plan.profile).label
        return f"Train `{it.spec.plan.model_name}` from `{it.spec.plan.dataset_name}` on {label}"

    def stopped_by(self, spec: JobSpec) -> str | None:
        return spec.stop.by if spec.stop else None

    def terms(self, spec: JobSpec) -> Terms:
        """Return what it was offered for, in full; for one from before that was kept, what it costs now."""
        return spec.terms or offer(spec.plan, self._prices, self._limits)

    def offer(self, it: _Job) -> Offer:
        return self.terms(it.spec).offer

    def offered_anew(self, spec: JobSpec) -> JobSpec:
        return replace(spec, terms=offer(spec.plan, self._prices, self._limits))

    def with_reason(self, spec: JobSpec, why: str) -> JobSpec:
        return replace(spec, terms=replace(self.terms(spec), needs_approval=why))

    def entry(self, it: _Job, at: datetime) -> Entry:
        spec, usd = it.spec, self.offer(it).usd
        return entry_of(spec.plan, usd, at, spec.votes, round_=spec.round)

    def checks(self, status: JobStatus) -> Sequence[Check] | None:
        return status.preflight or None


def entry_of(plan: JobPlan, usd: Decimal | None, at: datetime, votes: Votes, *, round_: int = 1) -> Entry:
    """Return the ledger's line for a job, or for a plan that is only looked at. A plan proposed anew is another."""
    return Entry(
        id=f"{KIND}:{plan.id}#{round_}",
        kind=SpendingKind.TRAINING,
        owner=plan.owner,
        channel=plan.channel,
        model=plan.model_name,
        base=plan.profile,
        dataset=plan.dataset_name,
        at=at,
        committed=usd,
        others=others(votes, plan.owner),
    )


def is_ours(spec: JobSpec) -> bool:
    """Whether its money is spent by us: a job that was made elsewhere, and is only followed, is not."""
    return spec.adopted is None or spec.found_again is not None


def actual(plan: JobPlan, terms: Terms, status: JobStatus) -> Decimal | None:
    """Return what a job that is over cost, in US dollars; None when that is not known."""
    if status.phase in NEVER_STARTED:
        return Decimal(0)
    if status.phase is Phase.COMPLETED:
        return cost(plan, terms.training, status.ending)
    # AWS bills by the tokens that were trained, and does not tell how many those were of a job that broke off.
    begun = status.observation is not None and training_begun(status.observation)
    return None if begun else Decimal(0)
