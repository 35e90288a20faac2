"""When a step that goes on failing is told to people, and when it is given up.

Nothing is tried for ever, but for what ends spending.

Its kind says which that is (``Kind.ends_spending``). What counts is a failure of the step itself: a defect, or a
refusal that nobody dealt with. A vendor that is away, asks to slow down or does not know the bot any more is none: that
holds everything up, and each resource goes on by itself when it is over, however long it takes.

Whoever wants a resource that was given up changes what is wanted of it (follows the job, presses again): it is taken
up again then, with all its tries.
"""

from typing import Final

from bot.clock import noted
from bot.controller.engine_status import EngineStatus, Failing

TRIES: Final = 24
"""Failures in a row after which a resource is given up: with the loop's backoff, after an hour or more."""
GRACE: Final = 6
"""Failures more that the loop allows, should the words about the end be what fails."""

TOLD_AFTER: Final = 60.0
"""Seconds that a step has failed, or waited for a vendor, when that is told: within two minutes it is."""
LAST_TOLD_AFTER: Final = 100.0
"""The same where a reconciler finds words of its own first, which may fail as well."""


def failures(failing: Failing, generation: int) -> int:
    """Return how often in a row the step has failed, since what is wanted (``generation``) was last given up."""
    return 0 if failing.gave_up not in (None, generation) else failing.tries


def failing_for(failing: Failing, generation: int, now: float) -> float:
    """Return for how many seconds the step has failed, by the store's time ``now``; 0 at the first failure."""
    return _age(failing.since, now) if failures(failing, generation) else 0.0


def waiting_for(failing: Failing, now: float) -> float:
    """Return for how many seconds the step has waited for a vendor that is away, or asks to slow down."""
    return _age(failing.waiting_since, now)


def failed(failing: Failing, now: float) -> int:
    """Count one more failure at the store's time ``now``, and return how many they are; the first begins it."""
    failing.tries += 1
    # Only the first begins it: people are told by how long it has gone on, and the pace of the tries must not
    # change that.
    failing.since = noted(failing.since, now)
    return failing.tries


def waited(failing: Failing, now: float) -> int:
    """Count one more time that a vendor is away, and return how many they are."""
    failing.waits += 1
    failing.waiting_since = noted(failing.waiting_since, now)
    return failing.waits


def throttled(failing: Failing, now: float) -> int:
    """Count one more throttle, and return how many they are. It is waited for as an outage is."""
    failing.throttles += 1
    failing.waiting_since = noted(failing.waiting_since, now)
    return failing.throttles


def _age(since: float | None, now: float) -> float:
    return 0.0 if since is None else max(0.0, now - since)


def put_off(failing: Failing, generation: int) -> int:
    """Return how often in a row the step was put off, for whatever reason."""
    return failures(failing, generation) + failing.waits + failing.throttles


def begin_again(engine: EngineStatus, generation: int) -> None:
    """Forget the failures of a resource that was given up, if somebody wants something else of it since."""
    if engine.failing.gave_up not in (None, generation):
        engine.failing = Failing()


def settle(engine: EngineStatus) -> None:
    """Forget what went wrong: the step did its work."""
    engine.failing = Failing(gave_up=engine.failing.gave_up)
