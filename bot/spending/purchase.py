"""What a kind that people buy tells of it: what it is, at most how much, who must agree, and what speaks against it.

A kind declares it as ``PURCHASES`` in its module ``kind``, where ``bot.kinds`` finds it. By it ``bot.directory.voting``
counts the votes on plans of every kind, and whoever lists what waits for approvers finds it. It is pure: nothing is
asked of AWS and nothing is written down. How what was agreed to is made at AWS is the kind's ``creator``.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from bot.controller.model import Key, Resource
from bot.pricing.book import PriceBook
from bot.pricing.money import at_most
from bot.spending.agreement import Agreement
from bot.spending.approval import ApprovalLimits
from bot.spending.cards import ApprovalCard
from bot.spending.ledger import Entry
from bot.spending.model import Check, Decision, Offer
from bot.spending.offers import asked_still
from bot.spending.record import PlanStatus, PurchaseSchema, PurchaseSpec
from bot.spending.votes import Votes
from bot.wording import Said

P = TypeVar("P", bound=StrEnum)
_USUAL = ("PLANNED", "AWAITING_APPROVAL", "DECLINED", "CANCELLED")


@dataclass(frozen=True, slots=True)
class Phases(Generic[P]):
    """A kind's own phases for where a plan stands with the people."""

    planned: P
    awaiting: P
    agreed: P
    declined: P
    cancelled: P
    before: frozenset[P] = frozenset()
    """Those in which there is nothing to decide on yet."""

    @classmethod
    def among(cls, phases: type[P], *, agreed: P, before: frozenset[P] = frozenset()) -> Self:
        """Return them of a kind whose phases have the usual names; ``agreed`` is where its purchase begins.

        Raises:
            KeyError: one is missing: a defect that shows when the process starts.
        """
        planned, awaiting, declined, cancelled = (phases[name] for name in _USUAL)
        return cls(planned, awaiting, agreed, declined, cancelled, before)

    @property
    def undecided(self) -> frozenset[P]:
        """Nothing was spent, and somebody may still say no."""
        return self.before | {self.planned, self.awaiting}

    def after(self, decision: Decision) -> P | None:
        """Return where a decision moves a plan to; None: nowhere, it is open."""
        return {
            Decision.REQUESTED: self.awaiting,
            Decision.APPROVED: self.agreed,
            Decision.DECLINED: self.declined,
            Decision.CANCELLED: self.cancelled,
        }.get(decision)


class Planned(Protocol):
    """What any frozen plan says."""

    @property
    def owner(self) -> str:
        """Who planned it."""

    @property
    def channel(self) -> str:
        """Where the money is spent."""


Known = Callable[[Key], Resource | None]
"""Looks up what the viewer's own plan has made, or would make."""

S = TypeVar("S", bound=PurchaseSpec)
T = TypeVar("T", bound=PlanStatus)


@dataclass(frozen=True, slots=True)
class Proposal(Generic[S, T]):
    """A plan as it stands: what people want of it, and what was done about it."""

    spec: S
    status: T
    age: float = 0.0
    """Seconds since it was read: who has pressed since then is not in it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the approvers, since when it is asked, and what agreeing adds to what is spent in US dollars."""

    card: ApprovalCard
    asked_at: datetime
    adds: Decimal | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits for somebody, as it stands in their own list."""

    question: ApprovalCard
    since: datetime
    budget: Said
    """What agreeing leaves of the tightest budget, or why it has no room; empty: none applies."""


class Purchase(ABC, Generic[S, T]):
    """One kind of things that are bought."""

    schema: PurchaseSchema[S, T]
    """Of the resource that has the plan."""
    phases: ClassVar[Phases[Any]]
    again: ClassVar[str]
    """How people ask for one anew."""
    is_being_looked_at: ClassVar[str] = "I am still looking at this plan."
    """Told to whoever presses *Start* before its checks and its price are there."""
    is_held_to_budgets_at_press: ClassVar[bool] = False
    """Whether a press is refused that no budget has room for. Else one of its checks says so, and the press is held
    to the budgets of those alone who spend it beside its owner: reserving decides."""

    def __init__(self, prices: PriceBook, limits: ApprovalLimits) -> None:
        self._prices = prices
        self._limits = limits

    # What is kept of it

    def read(self, resource: Resource) -> Proposal[S, T]:
        """Return the plan of that resource as it stands."""
        return Proposal(self.schema.spec_of(resource), self.schema.status_of(resource))

    # What people see of it

    @abstractmethod
    def plan(self, spec: S) -> Planned:
        """Return whose it is, and where the money is spent."""

    def holder(self, spec: S) -> str:
        """Return in whose care it is now: whoever planned it, where it cannot be given into another's."""
        return self.plan(spec).owner

    def was_bought_before(self, spec: S) -> bool:  # noqa: ARG002 -- of most kinds nothing is found again
        """Return whether it was bought before the store had forgotten it: it is looked after whoever has it."""
        return False

    @abstractmethod
    def what(self, it: Proposal[S, T]) -> str:
        """Return in words what is bought, for the approvers."""

    def stopped_by(self, spec: S) -> str | None:  # noqa: ARG002 -- not every kind can be stopped before it is bought
        """Return who had it stopped, or None."""
        return None

    # What it costs

    @abstractmethod
    def offer(self, it: Proposal[S, T]) -> Offer | None:
        """Return what it was offered for; None: not known yet."""

    def offer_now(self, it: Proposal[S, T]) -> Offer:
        """Return what it would be offered for at the prices of now. Asked once there was an offer.

        Where the status has its terms, and not the spec, the kind says it itself.
        """
        offer = self.offer(replace(it, spec=self.offered_anew(it.spec)))
        assert offer is not None, "it was offered"
        return offer

    def offered_anew(self, spec: S) -> S:
        """Return it offered at the prices of now. Where its status has its terms, its reconciler does that."""
        return spec

    def anew(self, it: Proposal[S, T]) -> S:
        """Return it offered at the prices of now, after people may have pressed: who was asked to decide still is."""
        after = self.offered_anew(it.spec)
        now = self.reason(replace(it, spec=after))
        why = asked_still(it.spec.votes, self.reason(it), now)
        return after if why == now else self.with_reason(after, why)

    def with_reason(self, spec: S, why: str) -> S:
        """Return it with why an approver has to agree to what it is offered for; most specs have that themselves."""
        changed: Any = spec
        return replace(changed, needs_approval=why)  # type: ignore[no-any-return]

    @abstractmethod
    def entry(self, it: Proposal[S, T], at: datetime) -> Entry:
        """Return what it takes from the budgets at most."""

    def cost(self, it: Proposal[S, T]) -> str:
        """Return in words what it was offered for."""
        offer = self.offer(it)
        return at_most(offer.usd if offer else None)

    # What speaks against it

    @abstractmethod
    def checks(self, status: T) -> Sequence[Check] | None:
        """Return what was looked at, the first that fails being the reason that is told; None: nothing yet."""

    def without_what_exists(self, spec: S, known: Known) -> S:  # noqa: ARG002 -- most are made new
        """Return it without what is there already, which nobody agrees to pay for again.

        Raises:
            Refused: nothing of it is left.
        """
        return spec

    def check(self, spec: S, others: Iterable[Resource]) -> None:
        """Return when nothing else speaks against it. ``others`` are all of its kind.

        Raises:
            Refused: what does, and what mends it.
        """

    def sole(self, spec: S) -> str:  # noqa: ARG002 -- of most there may be as many as are wanted
        """Return in a word what there may be only one of: votes on such are counted one after another. Empty: any."""
        return ""

    # What was decided

    def with_votes(self, spec: S, votes: Votes) -> S:
        """Return it with the votes that count by now."""
        return replace(spec, votes=votes)

    def reason(self, it: Proposal[S, T]) -> str:
        """Return why an approver has to agree; empty when nobody has to, or what it costs is not known yet."""
        offer = self.offer(it)
        return offer.needs_approval if offer else ""

    def is_agreed(self, it: Proposal[S, T]) -> bool:
        """Return whether people have agreed to it, though no worker has taken that up yet."""
        waits = it.status.phase in (self.phases.planned, self.phases.awaiting)
        return waits and it.spec.votes.decision(self.reason(it)) is Decision.APPROVED

    def is_over_undecided(self, it: Proposal[S, T], now: datetime) -> bool:
        """Return whether nobody decided it in time."""
        votes, phase = it.spec.votes, it.status.phase
        # Somebody cancelled it, and not the time.
        if votes.cancelled:
            return False
        if phase in self.phases.undecided:
            return votes.is_lapsed(it.spec.asked_at, now)
        return phase is self.phases.cancelled and self.stopped_by(it.spec) is None

    def agreement(self, it: Proposal[S, T], approvers: Iterable[str]) -> Agreement:
        """Return where it stands with the people."""
        offer = self.offer(it)
        return Agreement(
            it.spec.votes,
            self.reason(it),
            self.plan(it.spec).owner,
            tuple(approvers),
            own_is_fine=offer.own_is_fine if offer else False,
            is_cancelled=it.status.phase is self.phases.cancelled,
            stopped_by=self.stopped_by(it.spec),
            is_strict=offer.is_strict if offer else False,
        )

    def question(self, plan: Key, it: Proposal[S, T], approvers: Iterable[str]) -> ApprovalCard | None:
        """Return the question to the approvers, once there is one: somebody has asked for what needs them."""
        offer = self.offer(it)
        if offer is None or not offer.needs_approval or not it.spec.votes.started:
            return None
        agreement = self.agreement(it, approvers)
        return agreement.question(str(plan), self.what(it), self.cost(it), offer.usd)

    def questions(self, plan: Key, it: Proposal[S, T], approvers: Iterable[str]) -> Sequence[Question]:
        """Return all questions to the approvers about it, decided or not."""
        question, started = self.question(plan, it, approvers), it.spec.votes.started
        return (Question(question, started.at, question.usd),) if question and started else ()


AnyPurchase = Purchase[Any, Any]
PurchaseType = type[AnyPurchase]
"""What a kind declares: it is made with the prices and limits of whoever asks."""
