"""When a step that goes on failing is told to people, and when it is given up.

Nothing is tried for ever, but for what ends spending.

Its kind says which that is (``Kind.ends_spending``). What counts is a failure of the step itself: a defect, or a
refusal that nobody dealt with. A vendor that is away, asks to slow down or does not know the bot any more is none: that
holds everything up, and each resource goes on by itself when it is over, however long it takes.

Whoever wants a resource that was given up changes what is wanted of it (follows the job, presses again): it is taken
up again then, with all its tries.
"""

from collections.abc import MutableMapping
from typing import Any, Final

from bot.controller.model import Document

TRIES: Final = 24
"""Failures in a row after which a resource is given up: with the loop's backoff, after an hour or more."""
GRACE: Final = 6
"""Failures more that the loop allows, should the words about the end be what fails."""

TOLD_AFTER: Final = 60.0
"""Seconds that a step has failed, or waited for a vendor, when that is told: within two minutes it is."""
LAST_TOLD_AFTER: Final = 100.0
"""The same where a reconciler finds words of its own first, which may fail as well."""

TRIED, WAITED, THROTTLED, WHY, GAVE_UP = "tries", "waits", "throttles", "error", "gave_up"
"""In a resource's status: failures, vendors away and throttles, each in a row, and why; which spec was given up."""
SINCE: Final = {TRIED: "failing_since", WAITED: "waiting_since", THROTTLED: "waiting_since"}
"""In its status, by what is counted: when that began, by the store's time. A throttle is waited for as an outage is."""


def failures(status: Document, generation: int) -> int:
    """Return how often in a row the step has failed, since what is wanted (``generation``) was last given up."""
    return 0 if status.get(GAVE_UP, generation) != generation else int(status.get(TRIED, 0))


def waits(status: Document) -> int:
    """Return how often in a row a vendor was away; throttles are counted apart."""
    return int(status.get(WAITED, 0))


def failing_for(status: Document, generation: int, now: float) -> float:
    """Return for how many seconds the step has failed, by the store's time ``now``; 0 at the first failure."""
    return _age(status, TRIED, now) if failures(status, generation) else 0.0


def waiting_for(status: Document, now: float) -> float:
    """Return for how many seconds the step has waited for a vendor that is away, or asks to slow down."""
    return _age(status, WAITED, now)


def count(status: MutableMapping[str, Any], what: str, now: float) -> None:
    """Count one more failure, vendor away or throttle; the first, at the store's time ``now``, begins it."""
    status[what] = int(status.get(what, 0)) + 1
    status.setdefault(SINCE[what], now)


def _age(status: Document, what: str, now: float) -> float:
    return max(0.0, now - float(status.get(SINCE[what], now)))


def put_off(status: Document, generation: int) -> int:
    """Return how often in a row the step was put off, for whatever reason."""
    return failures(status, generation) + waits(status) + int(status.get(THROTTLED, 0))


def begin_again(status: MutableMapping[str, Any], generation: int) -> None:
    """Forget the failures of a resource that was given up, if somebody wants something else of it since."""
    if GAVE_UP in status and status[GAVE_UP] != generation:
        settle(status)
        del status[GAVE_UP]


def settle(status: MutableMapping[str, Any]) -> None:
    """Forget what went wrong: the step did its work."""
    for each in (TRIED, WAITED, THROTTLED, WHY, *SINCE.values()):
        status.pop(each, None)
