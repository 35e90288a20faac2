"""From which phase to which a lease may go, and what alone moves it."""

from typing import Protocol

from bot.leases.endpoint import LeasePhase

_ENDS = frozenset({LeasePhase.RELEASED, LeasePhase.FAILED})

ENDED = _ENDS | {LeasePhase.DECLINED, LeasePhase.CANCELLED, LeasePhase.REFUSED}
"""Nothing moves a lease any more, and nothing is left running."""

NEVER_STARTED = ENDED - _ENDS
"""Ended before anything was bought."""

LIVE = frozenset({LeasePhase.REQUESTING, LeasePhase.CREATING, LeasePhase.IN_SERVICE, LeasePhase.RELEASING})
"""Something may be running, and be billed."""

TABLE: dict[LeasePhase, frozenset[LeasePhase]] = {
    LeasePhase.PLANNED: frozenset(
        {LeasePhase.AWAITING_APPROVAL, LeasePhase.REQUESTING, LeasePhase.CANCELLED}
    ),
    LeasePhase.AWAITING_APPROVAL: frozenset(
        {LeasePhase.REQUESTING, LeasePhase.DECLINED, LeasePhase.CANCELLED}
    ),
    LeasePhase.REQUESTING: frozenset({LeasePhase.CREATING, LeasePhase.RELEASING, LeasePhase.REFUSED}) | _ENDS,
    LeasePhase.CREATING: frozenset({LeasePhase.IN_SERVICE, LeasePhase.RELEASING}) | _ENDS,
    LeasePhase.IN_SERVICE: frozenset({LeasePhase.RELEASING}) | _ENDS,
    LeasePhase.RELEASING: _ENDS,
} | dict.fromkeys(ENDED, frozenset[LeasePhase]())


class HasPhase(Protocol):
    """Whatever keeps a lease's phase."""

    phase: LeasePhase


def advance(lease: HasPhase, to: LeasePhase) -> bool:
    """Move the lease to ``to`` and return whether that changed anything; a forbidden move changes nothing."""
    if to not in TABLE[lease.phase]:
        return False
    lease.phase = to
    return True


def runs_on(lease: HasPhase) -> None:
    """Have a lease that was to be released be in service: AWS bills it for a term, which nobody ends before its end."""
    if lease.phase in LIVE:
        lease.phase = LeasePhase.IN_SERVICE
