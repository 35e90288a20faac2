"""What every plan that spends money shares before anything is spent: presses are counted, and waiting ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from bot.spending.cards import ApprovalCard
from bot.spending.model import Decision
from bot.spending.votes import Votes

P = TypeVar("P")
Progress = TypeVar("Progress", bound="HasExplanation")

WAIT = 300.0
"""Seconds until an undecided plan is looked at again without a press; a press makes it due at once."""

LAPSED = "Nobody pressed anything in time."


def concerned(card: object, owner: str) -> str:
    """Return who is told directly what a channel does not take: of a question to the approvers one who may answer."""
    if isinstance(card, ApprovalCard) and card.approvers:
        return card.approvers[0]
    return owner


class HasExplanation(Protocol):
    """Whatever keeps a plan's progress."""

    explanation: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a plan stands with the people, as its spec has it."""

    presses: Votes
    needs_approval: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Deciding(Generic[Progress, P]):
    """Moves a plan's phase as people decide.

    Attributes:
        phases: the phase for each decision that moves it; none for one that is open.
        advance: moves the progress to a phase.
        patience: seconds after which a plan that nobody decides is cancelled.
    """

    phases: Mapping[Decision, P]
    advance: Callable[[Progress, P], bool]
    patience: float

    def count(self, progress: Progress, asked: Asked, now: datetime) -> None:
        """Move the progress to where the presses put it; the same presses move it only once."""
        decision = asked.presses.decision(asked.needs_approval)
        waits = decision in (Decision.OPEN, Decision.REQUESTED)
        if waits and asked.presses.is_lapsed(asked.at, now, self.patience):
            self.advance(progress, self.phases[Decision.CANCELLED])
            progress.explanation = LAPSED
        elif decision in self.phases:
            self.advance(progress, self.phases[decision])
