"""What every plan that spends money shares before anything is spent: presses are counted, and waiting ends."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from bot.access import Access
from bot.controller.context import Context
from bot.controller.model import Registration
from bot.controller.ports import Renderer
from bot.spending import asking, standing
from bot.spending.agreement import Agreement
from bot.spending.asking import with_glass
from bot.spending.cards import ApprovalCard, Declined, StoppedBefore
from bot.spending.model import Decision
from bot.spending.purchase import Proposal, Purchase
from bot.spending.record import PlanStatus, PurchaseSpec
from bot.spending.votes import ON_ITS_WAY, askers
from bot.wording import Said

S = TypeVar("S", bound=PurchaseSpec)
T = TypeVar("T", bound=PlanStatus)

WAIT = 300.0
"""Seconds until an undecided plan is looked at again without a press; a press makes it due at once."""

LAPSED = "Nobody pressed anything in time."


def concerned(card: object, owner: str) -> str:
    """Return who is told directly what a channel does not take: of a question to the approvers one who may answer."""
    if isinstance(card, ApprovalCard) and card.approvers:
        return card.approvers[0]
    return owner


class Deciding(Generic[S, T]):
    """Moves a plan's phase as people decide."""

    def __init__(self, purchase: Purchase[S, T], advance: Callable[[T, Any], bool]) -> None:
        """``advance`` moves a status to a phase."""
        self._purchase = purchase
        self._advance = advance

    def count(self, it: Proposal[S, T], now: datetime) -> None:
        """Move the status to where the votes put it; the same votes move it only once.

        A press that came in time counts, whenever it is written down: so it lapses by the time at which its votes were
        read, and not before any such press must have been written.
        """
        spec, phases = it.spec, self._purchase.phases
        if spec.votes.is_undoable:
            return  # whoever called it off, or anybody else who may, can keep it for a moment
        decision = spec.votes.decision(self._purchase.reason(it))
        waits = decision in (Decision.OPEN, Decision.REQUESTED)
        if waits and spec.votes.is_lapsed(spec.asked_at, now - timedelta(seconds=it.age + ON_ITS_WAY)):
            self._advance(it.status, phases.cancelled)
            it.status.explanation = LAPSED
        elif to := phases.after(decision):
            self._advance(it.status, to)


class PlanContext(ABC, Generic[S, T]):
    """One turn at a plan of whatever kind: what is wanted of it, what was done, and where it stands with the people."""

    def __init__(self, context: Context[S, T]) -> None:
        self.context = context

    @property
    def spec(self) -> S:
        """What people want."""
        return self.context.spec

    @property
    def status(self) -> T:
        """What has been done."""
        return self.context.status

    @property
    def it(self) -> Proposal[S, T]:
        """The plan as it stands."""
        return Proposal(self.spec, self.status, self.context.age)

    def slower(self, now: datetime) -> datetime:
        """Return the time by the slower of this machine's clock, which says ``now``, and the store's; in UTC.

        What comes late costs nothing more. By a clock that is ahead a plan would lapse, or a model be woken in the
        wrong night.
        """
        return min(now, datetime.fromtimestamp(self.context.now(), UTC))

    def save(self, also: Sequence[Registration] = ()) -> None:
        """Write the status down, and register other resources with it."""
        self.context.save(also)

    @property
    @abstractmethod
    def purchase(self) -> Purchase[S, T]:
        """What its kind tells of it."""

    @property
    @abstractmethod
    def access(self) -> Access:
        """Who may do what."""

    @property
    def not_allowed(self) -> Said:
        """Why whoever has it in their care may not have it bought any more; empty: they may.

        Raises:
            Misconfigured, Unavailable: that is not known: nothing is bought meanwhile.
        """
        purchase, spec = self.purchase, self.spec
        if purchase.was_bought_before(spec):
            return ""
        return standing.why_not(self.access, purchase.holder(spec), purchase.plan(spec).channel)

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who may approve it, as things stand now: once it is decided nobody has to be looked up."""
        if self.it.status.phase not in self.purchase.phases.undecided:
            return ()
        whose = self.purchase.plan(self.spec)
        return self.access.deciders_for(whose.channel, but=askers(self.spec.votes, whose.owner))

    @property
    def needs_approval(self) -> str:
        """Why an approver has to agree; empty when nobody has to, or what it costs is not known yet."""
        return self.purchase.reason(self.it)

    @property
    def agreement(self) -> Agreement:
        """Where the plan stands with the people. Where nobody could approve it, an operator may in an emergency."""
        found = self.purchase.agreement(self.it, self.approvers)
        undecided = self.it.status.phase in self.purchase.phases.undecided
        if found.deciders or not undecided or found.is_strict or not self.access.glass_breakers:
            return found
        return replace(found, approvers=self.access.glass_breakers, own_is_fine=True)

    @property
    def question(self) -> ApprovalCard | None:
        """The question to the approvers, once there is one."""
        found = self.purchase.question(self.context.key, self.it, self.approvers)
        return with_glass(found, self.access) if found else None

    @property
    def is_decided_here(self) -> bool:
        """Whether it was decided on by itself: what is part of a whole was decided with that, and before it was there.

        Only then is it told of anew how that was.
        """
        approver = self.spec.votes.approver
        return approver is None or approver.at > self.spec.asked_at

    def news(self, renderer: Renderer, now: datetime) -> list[Registration]:
        """Return what is told directly of the question as it stands, and note who was asked: to be saved together."""
        question, whose = self.question, self.purchase.plan(self.spec)
        if question is None:
            return []
        plan = asking.Plan(whose.owner, whose.channel, self.spec.round)
        if question.decision is not Decision.REQUESTED:
            if not self.is_decided_here:
                return []
            return asking.override_news(question, self.access, renderer, plan, now)
        before = asking.Asked(self.status.asked, self.status.asked_at_usd)
        after, news = asking.asked_news(question, before, self.access, renderer, plan, now)
        self.status.asked, self.status.asked_at_usd = after.people, after.at_usd
        return news

    @property
    def no(self) -> tuple[str, StoppedBefore | Declined] | None:
        """Who else than its owner said no, which they are told once under that name; None: nobody did."""
        agreement, phase, phases = self.agreement, self.it.status.phase, self.purchase.phases
        if phase is phases.cancelled and agreement.called_off_by:
            return "stopped", StoppedBefore(agreement.called_off_by)
        if phase is phases.declined:
            return "declined", Declined(agreement.decided_by or "", agreement.votes.declined_for)
        return None
