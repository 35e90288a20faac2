"""A lease as something that is bought: its price, what speaks against it, what it takes from the budgets, its plan."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.clock import duration_of_minutes
from bot.controller.model import Key, Resource
from bot.errors import Refused
from bot.leases import terms
from bot.leases.endpoint import LeasePhase, LeasePlan
from bot.leases.extensions import spenders
from bot.leases.model import EXTENSION, LEASE, LEASE_SCHEMA, Extension, LeaseSpec, LeaseStatus, ReleaseStatus
from bot.leases.transitions import ENDED, LIVE, NEVER_STARTED
from bot.leases.versions import is_of
from bot.leases.views import (
    agreed_hour,
    awake_as,
    billed,
    billed_from,
    cost_at_most,
    hour_of,
    total_in_full,
)
from bot.pricing import estimates
from bot.pricing.book import PriceBook
from bot.pricing.money import at_most
from bot.spending.agreement import shown_decision
from bot.spending.approval import offered, offered_for_a_term
from bot.spending.archive import PlanForm
from bot.spending.cards import ApprovalCard
from bot.spending.ledger import Entry, SpendingKind
from bot.spending.model import Check, Decision, Offer
from bot.spending.purchase import Phases, Proposal, Purchase, Question
from bot.spending.votes import deciders
from bot.wording import quoted


def _digest_of(spec: LeaseSpec) -> str:
    return replace(spec.plan, known_as=None).digest


FORM = PlanForm(LEASE, LeaseSpec, _digest_of)
"""A lease as it is kept outside of the store: its spec as it stood when it was bought."""


_Lease = Proposal[LeaseSpec, LeaseStatus]


class AlreadyAwake(Refused):
    """Another lease keeps the model awake: whoever asked can use that one."""


class LeasePurchase(Purchase[LeaseSpec, LeaseStatus]):
    """Throughput or a deployment for so many minutes."""

    schema = LEASE_SCHEMA
    phases = Phases.among(LeasePhase, agreed=LeasePhase.REQUESTING)
    again = "Ask for the lease again."
    is_held_to_budgets_at_press = True

    def plan(self, spec: LeaseSpec) -> LeasePlan:
        return spec.plan

    def holder(self, spec: LeaseSpec) -> str:
        return spec.owner

    def was_bought_before(self, spec: LeaseSpec) -> bool:
        return spec.found_again is not None

    def what(self, it: _Lease) -> str:
        plan = it.spec.plan
        if plan.term:
            return (
                f"Serve `{plan.model_name}` for a term of {plan.term.words}, which nobody ends before and AWS renews "
                "by itself"
            )
        return f"Serve `{plan.model_name}` for {duration_of_minutes(plan.minutes)}"

    def offer(self, it: _Lease) -> Offer:
        """What was agreed is not asked again later; one from before that was kept is held to the limit of now."""
        spec = it.spec
        if spec.needs_approval is not None:
            return Offer(
                spec.usd, spec.needs_approval, spec.own_is_fine, is_strict=spec.plan.term is not None
            )
        asked = LeaseSpec(plan=spec.plan, asked_at=spec.asked_at)
        now = offered(cost_at_most(asked, self._prices), self._limits)
        return replace(now, usd=spec.usd, own_is_fine=spec.own_is_fine)

    def offered_anew(self, spec: LeaseSpec) -> LeaseSpec:
        spec = replace(spec, hour=hour_of(spec.plan, self._prices))
        cost = cost_at_most(spec, self._prices)
        now = offered_for_a_term(cost) if spec.plan.term else offered(cost, self._limits)
        return replace(spec, usd=now.usd, needs_approval=now.needs_approval, own_is_fine=now.own_is_fine)

    def cost(self, it: _Lease) -> str:
        return total_in_full(it.spec, self._prices)

    def questions(self, plan: Key, it: _Lease, approvers: Iterable[str]) -> Sequence[Question]:
        """Those about more time are among them: a decision on the whole sum, of which most is reserved already."""
        people, reserved = tuple(approvers), cost_at_most(it.spec, self._prices)
        more = [
            Question(
                extension_question(it, each, people),
                each.asked_at,
                None if each.usd is None or reserved is None else each.usd - reserved,
            )
            for each in it.spec.extensions
        ]
        return (*super().questions(plan, it, people), *more)

    def entry(self, it: _Lease, at: datetime) -> Entry:
        return entry_of(it.spec, self._prices, at)

    def checks(self, status: LeaseStatus) -> Sequence[Check] | None:
        """Whether its base gets new throughput is looked at once."""
        if not status.gate_checked:
            return None
        return (Check("lifecycle", not status.blocked, status.blocked, status.mend, final=True),)

    def check(self, spec: LeaseSpec, others: Iterable[Resource]) -> None:
        """No other lease keeps the model awake: nobody wants to pay for it twice. A term is still sold here."""
        if spec.plan.term and spec.plan.term not in self._limits.terms:
            raise terms.switched_off(spec.plan.term)
        self.check_alone(spec.plan, others)

    def sole(self, spec: LeaseSpec) -> str:
        return sole_of(spec.plan.model_arn)

    def check_alone(self, plan: LeasePlan, leases: Iterable[Resource]) -> None:
        """Return when none of the leases keeps the plan's model awake, but for its own.

        Raises:
            AlreadyAwake: one does.
        """
        self.check_asleep(plan.model_arn, plan.model_name, plan.id, leases)

    def check_asleep(self, arn: str, name: str, own: str, leases: Iterable[Resource]) -> None:
        """Return when none of the leases keeps the model of that ARN and name awake, but for its ``own``, by ID.

        Raises:
            AlreadyAwake: one does.
        """
        for resource in leases:
            if resource.key.id != own and is_of(resource, arn) and self.is_awake(resource):
                it = self.read(resource)
                longer = "" if it.spec.plan.term else f"; `/tune extend {name} 1h` makes it longer"
                raise AlreadyAwake(
                    f"{quoted(name)} is already {awake_as(it.status.phase)}.",
                    hint=f"It need not be paid twice: ask it with `/ask`{longer}.",
                )

    def is_live(self, resource: Resource) -> bool:
        """Return whether something of the lease may run, or will as soon as a worker takes up what was pressed."""
        it = self.read(resource)
        if it.status.phase in LIVE | ENDED:
            return it.status.phase in LIVE
        return it.spec.votes.decision(self.offer(it).needs_approval) is Decision.APPROVED

    def is_awake(self, resource: Resource) -> bool:
        """Return whether the lease is live, and is not being released."""
        return self.is_live(resource) and self.read(resource).status.phase is not LeasePhase.RELEASING


def sole_of(model_arn: str) -> str:
    """Return the word under which only one lease is written of a model at a time."""
    return f"{LEASE} of {model_arn}"


def extension_question(it: _Lease, extension: Extension, approvers: Iterable[str]) -> ApprovalCard:
    """Return the question about more time; what is not decided when the lease ends is over with it."""
    plan, waits = it.spec.plan, extension.decision is Decision.REQUESTED
    is_over = it.spec.ending is not None or it.status.phase in ENDED
    return ApprovalCard(
        resource=f"{EXTENSION}:{plan.id} {extension.number}",
        what=f"Serve `{plan.model_name}` for {duration_of_minutes(extension.minutes)} more",
        cost=f"{at_most(extension.usd)} for the whole lease",
        usd=extension.usd,
        reason=extension.needs_approval,
        asked_by=extension.by,
        approvers=deciders(approvers, extension.votes, plan.owner, own_is_fine=extension.own_is_fine),
        decision=Decision.CANCELLED
        if waits and is_over
        else shown_decision(extension.votes, extension.needs_approval),
        decided_by=extension.votes.decided_by(extension.needs_approval),
        declined_for=extension.votes.declined_for,
        overridden_for=extension.votes.overridden_for,
    )


def entry_of(spec: LeaseSpec, prices: PriceBook, at: datetime) -> Entry:
    """Return the ledger's line for a lease: what can be billed for it at most, but for renewals of its term."""
    plan = spec.plan
    # Nobody agreed to these: each has a line of its own, in the month in which AWS made it.
    spec = replace(spec, extra_minutes=0) if plan.term else spec
    return Entry(
        id=f"{LEASE}:{plan.id}",
        kind=SpendingKind.SERVING,
        owner=plan.owner,
        channel=plan.channel,
        model=plan.model_name,
        base=plan.profile,
        dataset="",
        at=at,
        committed=cost_at_most(spec, prices),
        others=spenders(spec),
        edition=spec.edition,
    )


def entry_of_renewal(spec: LeaseSpec, number: int, prices: PriceBook) -> Entry:
    """Return the ledger's line for one renewal of a lease's term, counted from 1: in the month in which it was seen."""
    renewal = spec.renewals[number - 1]
    hour, units = agreed_hour(spec, prices), spec.plan.model_units
    return replace(
        entry_of(spec, prices, renewal.at),
        id=f"{LEASE}:{spec.plan.id}:renewal-{number}",
        committed=estimates.throughput(hour, renewal.until - renewal.before, units),
    )


def actual(
    spec: LeaseSpec, status: LeaseStatus, prices: PriceBook, release: ReleaseStatus | None
) -> Decimal | None:
    """Return what a lease that is over cost at most, in US dollars; None when the price is unknown."""
    if status.phase in NEVER_STARTED:
        return Decimal(0)
    elapsed = billed(spec, status, release) or timedelta()
    return estimates.throughput(agreed_hour(spec, prices), elapsed, spec.plan.model_units)


def actual_by_term(
    spec: LeaseSpec, status: LeaseStatus, prices: PriceBook, release: ReleaseStatus | None
) -> list[Decimal | None]:
    """Return what its first term cost, and each renewal of it: together what all of it did."""
    begun, elapsed = billed_from(spec, status, release), billed(spec, status, release)
    ends = [each.before - begun for each in spec.renewals] if begun else []
    spans = [*(min(max(each, timedelta()), elapsed or timedelta()) for each in ends), elapsed or timedelta()]
    so_far = [estimates.throughput(agreed_hour(spec, prices), each, spec.plan.model_units) for each in spans]
    before = [Decimal(0), *so_far]
    return [
        None if now is None or then is None else now - then for then, now in zip(before, so_far, strict=False)
    ]
