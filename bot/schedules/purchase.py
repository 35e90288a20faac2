"""Office hours as something that is bought: a lease for each day, agreed to as a whole.

Nothing of it is made at AWS: each day's lease is a resource of its own, which reserves, is created and settles as any.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.leases.drafting import endpoint_name
from bot.leases.endpoint import LeasePlan
from bot.leases.model import LeaseSpec
from bot.leases.views import cost_at_most, hour_of
from bot.pricing.money import at_most
from bot.profiles.model import Serving
from bot.schedules.model import SCHEMA, SchedulePhase, SchedulePlan, ScheduleSpec, ScheduleStatus
from bot.spending.approval import offered
from bot.spending.ledger import Entry, SpendingKind
from bot.spending.model import Check, Offer
from bot.spending.purchase import Phases, Proposal, Purchase
from bot.spending.votes import others

_Schedule = Proposal[ScheduleSpec, ScheduleStatus]


class SchedulePurchase(Purchase[ScheduleSpec, ScheduleStatus]):
    """A model by the hour, on and off by itself."""

    schema = SCHEMA
    phases = Phases.among(SchedulePhase, agreed=SchedulePhase.RUNNING)
    again = "Ask for the office hours again: `/tune serve`."
    is_held_to_budgets_at_press = True

    def plan(self, spec: ScheduleSpec) -> SchedulePlan:
        return spec.plan

    def holder(self, spec: ScheduleSpec) -> str:
        return spec.owner

    def was_bought_before(self, spec: ScheduleSpec) -> bool:
        return spec.found_again is not None

    def what(self, it: _Schedule) -> str:
        plan = it.spec.plan
        return f"Serve `{plan.model_name}` in office hours ({plan.hours}) for {plan.weeks} weeks"

    def offer(self, it: _Schedule) -> Offer:
        return Offer(it.spec.usd, it.spec.needs_approval, it.spec.own_is_fine)

    def offered_anew(self, spec: ScheduleSpec) -> ScheduleSpec:
        day = day_of(spec.plan, spec.plan.hours.minutes, "")
        priced = replace(
            spec,
            hour=hour_of(day, self._prices),
            day_usd=cost_at_most(LeaseSpec(plan=day, asked_at=spec.asked_at), self._prices),
        )
        now = offered(priced.usd, self._limits)
        return replace(priced, needs_approval=now.needs_approval, own_is_fine=now.own_is_fine)

    def cost(self, it: _Schedule) -> str:
        return at_most(it.spec.usd)

    def entry(self, it: _Schedule, at: datetime) -> Entry:
        """Return what it takes from the budgets at most: each day's lease takes its part of it when it comes."""
        plan = it.spec.plan
        return Entry(
            id=f"{SCHEMA.name}:{plan.id}",
            kind=SpendingKind.SERVING,
            owner=plan.owner,
            channel=plan.channel,
            model=plan.model_name,
            base=plan.profile,
            dataset="",
            at=at,
            committed=it.spec.usd,
            others=others(it.spec.votes, plan.owner),
        )

    def checks(self, status: ScheduleStatus) -> Sequence[Check] | None:
        if not status.gate_checked:
            return None
        return (Check("lifecycle", not status.blocked, status.blocked, status.mend, final=True),)


def day_of(plan: SchedulePlan, minutes: int, day: str) -> LeasePlan:
    """Return the lease of one day, for so many minutes: the same day twice is one lease."""
    request = f"{plan.id}:{day}"
    return LeasePlan(
        model_name=plan.model_name,
        model_arn=plan.model_arn,
        profile=plan.profile,
        region=plan.region,
        serving=Serving.PROVISIONED_THROUGHPUT,
        endpoint_name=endpoint_name(plan.model_name, request),
        minutes=minutes,
        model_units=1,
        owner=plan.owner,
        channel=plan.channel,
        request=request,
    )
