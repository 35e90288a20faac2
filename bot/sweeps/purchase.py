"""A hyperparameter sweep as something that is bought: a plan of plans, agreed to as a whole.

Nothing of it is made at AWS: once it is agreed to, its jobs are resources of their own, which reserve, are created and
settle as any job. So it has a price, votes, checks and a line that budgets are held against, and neither a creator nor
a plan that is kept outside of the store: each of its jobs has them.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.controller.model import Key
from bot.jobs.model import JobPlan
from bot.jobs.purchase import entry_of
from bot.jobs.record import KIND as JOB
from bot.profiles import registry
from bot.profiles.hyperparameters import label_of
from bot.spending.ledger import Entry
from bot.spending.model import Check, Offer
from bot.spending.purchase import Known, Phases, Proposal, Purchase
from bot.sweeps.model import SCHEMA, SweepPhase, SweepSpec, SweepStatus
from bot.sweeps.offering import at_prices_of_now, left_out_of, without
from bot.sweeps.variants import all_exist

_Sweep = Proposal[SweepSpec, SweepStatus]


class SweepPurchase(Purchase[SweepSpec, SweepStatus]):
    """One job several times, with one hyperparameter varied."""

    schema = SCHEMA
    phases = Phases.among(SweepPhase, agreed=SweepPhase.APPROVED)
    again = "`/tune sweep` plans another."

    def plan(self, spec: SweepSpec) -> JobPlan:
        return spec.first

    def what(self, it: _Sweep) -> str:
        spec = it.spec
        return (
            f"Train {len(spec.plans)} models from `{spec.first.dataset_name}` on "
            f"{registry.get(spec.first.profile).label}, with {label_of(spec.hyperparameter)} varied"
        )

    def offer(self, it: _Sweep) -> Offer:
        return Offer(it.spec.usd, it.spec.needs_approval, it.spec.own_is_fine)

    def offered_anew(self, spec: SweepSpec) -> SweepSpec:
        return at_prices_of_now(spec, self._prices, self._limits)

    def entry(self, it: _Sweep, at: datetime) -> Entry:
        return entry_of(it.spec.first, it.spec.usd, at, it.spec.votes)

    def without_what_exists(self, spec: SweepSpec, known: Known) -> SweepSpec:
        """Jobs that were started otherwise since: nobody agrees to what does not start."""
        existing = [each.id for each in spec.plans if known(Key(JOB, each.id))]
        if not existing:
            return spec
        after = without(spec, existing, self._prices, self._limits)
        if after is None:
            raise all_exist(left_out_of(spec, existing))
        return after

    def checks(self, status: SweepStatus) -> Sequence[Check] | None:
        return status.preflight or None
