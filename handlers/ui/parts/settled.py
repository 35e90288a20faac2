"""How a plan was settled, and by whom."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.spending.model import Decision
from bot.spending.votes import MadeWay
from handlers.ui.limits import first
from handlers.ui.text import person, sentence

TOLD_IN_THREAD = "What came of it, and what is next, is in the thread."
"""On a live card whose end a message of its own tells: in its thread, or in that which the card itself stands in."""
TOLD = "What came of it is in the thread."
"""The same, where nothing has to follow."""
TOLD_ANEW = "A new message says what came of it, and what is next."
"""On the live card of a job, whose end is told in the channel itself."""

_MADE_WAY: Mapping[MadeWay, str] = {
    MadeWay.PLAN: "Replaced{} with a new plan.",
    MadeWay.LEASE: "Called off{}, who uses the lease that runs already.",
}


_SETTLED: Mapping[Decision, str] = {Decision.CANCELLED: "Called off"}


class Decided(Protocol):
    """What a card says of how its plan was settled."""

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who may."""

    @property
    def decision(self) -> Decision:
        """What was decided."""

    @property
    def decided_by(self) -> str | None:
        """Who decided it; None: nobody yet."""

    @property
    def made_way(self) -> MadeWay:
        """What has taken its place, where it was called off for that."""


def decided(plan: Decided, reason: str) -> str:
    """Return who settled a plan, and how; within the limit nobody approves, somebody just starts.

    ``reason`` is why an approver has to agree; the plan's approvers may settle what waits for one of them.
    """
    who = f" by {person(plan.decided_by)}" if plan.decided_by else ""
    if plan.decision is Decision.REQUESTED:
        return f"Asked for{who}. {waits_for(plan.approvers)} {sentence(reason, 600)}".rstrip()
    if plan.decision is Decision.APPROVED and not reason:
        return f"Started{who}."
    if plan.decision is Decision.CANCELLED and plan.made_way:
        return _MADE_WAY[plan.made_way].format(who)
    return f"{_SETTLED.get(plan.decision, plan.decision.value.capitalize())}{who}."


def waits_for(approvers: Sequence[str], *, only_operators: bool = False) -> str:
    """Return who may decide, of whom one is enough; ``only_operators``: nobody else could, and they may at need."""
    shown, left = first(approvers, 10)
    if only_operators:
        who = ", ".join(map(person, shown))
        return f"Nobody can approve this now. In an emergency an operator can start it: {who}."
    if not shown:
        return (
            "Nobody can decide this yet: whoever asked for it does not approve it, and there is no other approver. Ask "
            "the operator to name one, or to set the price where that is unknown."
        )
    if len(approvers) == 1:
        return f"Waiting for {person(approvers[0])} to approve it."
    more = f" and {left} more" if left else ""
    return f"Waiting for one of these to approve it: {', '.join(map(person, shown))}{more}."


def whose(owner: str, beginner: str, began: str) -> str:
    """Say who has something, and who began it, once it was handed over. ``began`` is what they did."""
    if beginner in ("", owner):
        return f"by {person(owner)}"
    return f"in {person(owner)}'s care, {began} by {person(beginner)}"
