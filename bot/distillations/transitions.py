"""From which phase to which a distillation may go, and the one function that moves it."""

from typing import Protocol

from bot.distillations.plan import DistillationPhase as Phase

RUNNING = frozenset({Phase.WAITING, Phase.RUNNING, Phase.STOPPING})
"""Bedrock has the batch job, and it has not ended."""

UNDECIDED = frozenset({Phase.READING, Phase.PLANNED, Phase.AWAITING_APPROVAL})
"""Nothing was spent, and somebody may still say no."""

PLANNING = UNDECIDED | {Phase.DECLINED, Phase.CANCELLED}
"""People decide on it, or have decided that it is not started."""

NEVER_STARTED = frozenset({Phase.DECLINED, Phase.CANCELLED, Phase.REFUSED})

ENDED = NEVER_STARTED | {Phase.COMPLETED, Phase.STOPPED, Phase.FAILED}
"""Nothing moves it any more."""

_AFTER = frozenset({Phase.COLLECTING, Phase.FAILED})

# A look may miss phases, so every running phase reaches every later one; none goes back.
TABLE: dict[Phase, frozenset[Phase]] = {
    Phase.READING: frozenset({Phase.PLANNED, Phase.REFUSED, Phase.CANCELLED}),
    Phase.PLANNED: frozenset({Phase.AWAITING_APPROVAL, Phase.STARTING, Phase.CANCELLED}),
    Phase.AWAITING_APPROVAL: frozenset({Phase.STARTING, Phase.DECLINED, Phase.CANCELLED}),
    Phase.STARTING: RUNNING | _AFTER | {Phase.REFUSED, Phase.CANCELLED},
    Phase.WAITING: frozenset({Phase.RUNNING, Phase.STOPPING}) | _AFTER,
    Phase.RUNNING: frozenset({Phase.STOPPING}) | _AFTER,
    Phase.STOPPING: _AFTER,
    Phase.COLLECTING: frozenset({Phase.COMPLETED, Phase.STOPPED, Phase.FAILED}),
} | dict.fromkeys(ENDED, frozenset[Phase]())


class HasPhase(Protocol):
    """Whatever keeps a distillation's phase."""

    phase: Phase


def advance(what: HasPhase, to: Phase) -> bool:
    """Move it to ``to`` and return whether that changed anything; what the table does not allow is left alone."""
    if to not in TABLE[what.phase]:
        return False
    what.phase = to
    return True
