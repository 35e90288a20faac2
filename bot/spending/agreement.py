"""Where a plan stands with the people who decide it, and the question to those who may approve it."""

from dataclasses import dataclass
from decimal import Decimal

from bot.spending.cards import ApprovalCard
from bot.spending.model import Decision
from bot.spending.votes import MadeWay, Votes, deciders


def shown_decision(votes: Votes, needs_approval: str) -> Decision:
    """Return where a plan stands, as its cards tell it."""
    decision = votes.decision(needs_approval)
    is_overridden = decision is Decision.APPROVED and needs_approval and votes.overridden_for
    return Decision.OVERRIDDEN if is_overridden else decision


@dataclass(frozen=True, slots=True)
class Agreement:
    """A plan that spends money, as its people see it."""

    votes: Votes
    needs_approval: str
    """Why an approver has to agree; empty when nobody has to."""
    owner: str
    approvers: tuple[str, ...]
    own_is_fine: bool
    """Whether an approver may approve it who asked for it themselves."""
    is_cancelled: bool
    """Whether its phase says so: one that waited too long counts as cancelled, without a vote."""
    stopped_by: str | None = None
    """Who stopped it. Whoever stops what never reached AWS cancels it."""
    is_strict: bool = False
    """Whether nothing stands for an approver's agreement."""

    @property
    def decision(self) -> Decision:
        """Where it stands."""
        if self.is_cancelled:
            return Decision.CANCELLED
        return shown_decision(self.votes, self.needs_approval)

    @property
    def is_undoable(self) -> bool:
        """Whether it was called off just now, and *Keep* takes that back."""
        return self.votes.is_undoable and not self.is_cancelled

    @property
    def decided_by(self) -> str | None:
        """Who settled it; None while it is open or requested."""
        if self.is_cancelled and self.stopped_by and not self.votes.cancelled:
            return self.stopped_by
        return self.votes.decided_by(self.needs_approval)

    @property
    def made_way(self) -> MadeWay:
        """What has taken the place of a plan that was called off."""
        return self.votes.cancelled.made_way if self.votes.cancelled else MadeWay.NONE

    @property
    def called_off_by(self) -> str | None:
        """Who else than its owner called it off, who is to hear of it; None: nobody did."""
        who = self.decided_by if self.decision is Decision.CANCELLED else None
        return who if who != self.owner else None

    @property
    def deciders(self) -> tuple[str, ...]:
        """Who may agree to it."""
        return deciders(self.approvers, self.votes, self.owner, own_is_fine=self.own_is_fine)

    def question(self, resource: str, what: str, cost: str, usd: Decimal | None) -> ApprovalCard:
        """Return the question to the approvers: ``what`` is bought, at what ``cost``, which is ``usd`` in words."""
        started = self.votes.started
        return ApprovalCard(
            resource=resource,
            what=what,
            cost=cost,
            usd=usd,
            reason=self.needs_approval,
            asked_by=started.by if started else self.owner,
            approvers=self.deciders,
            decision=self.decision,
            decided_by=self.decided_by,
            declined_for=self.votes.declined_for,
            overridden_for=self.votes.overridden_for,
            made_way=self.made_way,
            is_strict=self.is_strict,
        )
