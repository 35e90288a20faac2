"""Stages that do not move: Bedrock may leave a job waiting for days without a word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.jobs.history import Run, longest_usual
from bot.jobs.model import JobObservation, Stage, StageState
from bot.wording import Person, wording

STALL_AFTER = timedelta(hours=6)
"""Without a history of our own. Whole jobs were seen to take 80 minutes to some hours, and stalls 25 to 74 hours."""
SHORTEST = timedelta(minutes=15)
"""However quick the earlier jobs were: validation takes two to four minutes, and a queue of some is no stall."""

_OVER = frozenset({StageState.COMPLETED})


@dataclass(frozen=True, slots=True)
class Stall:
    """A stage that has not moved for longer than usual. Times are Bedrock's."""

    stage: str
    since: datetime
    from_history: bool
    """Whether what is usual comes from this account's own jobs, and not from the setting."""


class Wisher(Protocol):
    """Whatever says who wished something."""

    @property
    def by(self) -> str:
        """The Slack user."""


class Wishes(Protocol):
    """What people want of something that has stalled."""

    @property
    def stop(self) -> Wisher | None:
        """Somebody wants it stopped."""

    @property
    def waiting(self) -> Wisher | None:
        """Somebody keeps waiting."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something stands at Bedrock: in which stage, when it last moved, and when that was seen."""

    stage: str
    since: datetime
    seen_at: datetime


def stalled(seen: JobObservation, runs: Iterable[Run], after: timedelta) -> Stall | None:
    """Return the stage that has not moved for too long, or None. ``after`` counts without enough history."""
    stage = current(seen)
    return overdue(Standing(stage.name, _last_movement(seen), seen.seen_at), runs, after) if stage else None


def overdue(at: Standing, runs: Iterable[Run], after: timedelta) -> Stall | None:
    """Return that it has stood still for too long, or None. ``after`` counts without enough history."""
    usual = longest_usual(runs, at.stage)
    limit = after if usual is None else max(usual, SHORTEST)
    if at.seen_at - at.since <= limit:
        return None
    return Stall(at.stage, at.since, usual is not None)


def once(known: tuple[Stall, ...], found: Stall | None) -> tuple[Stall, ...]:
    """Return the stalls with the new one added: each stage stalls at most once."""
    if found is None or found.stage in {each.stage for each in known}:
        return known
    return (*known, found)


def told(stall: Stall, owner: str, earlier: str, billed: str) -> str:
    """Return what is said of it. ``earlier`` are what its limit comes from, ``billed`` a sentence on the money."""
    usual = f"longer than 95 % of the {earlier} took" if stall.from_history else "longer than is usual"
    said = f" {stall.stage} has not moved for {usual}, and Bedrock gives no reason. {billed}"
    return wording(Person(owner), said)


def settled(stall: Stall, wishes: Wishes, now: Standing | None, *, over: bool) -> str:
    """Return what became of it, empty while that is open. ``now`` is where it stands, None after the last stage."""
    if wishes.stop:
        return wording(Person(wishes.stop.by), " asked to stop.")
    if over:
        return "It has ended since."
    if now is None or now.stage != stall.stage or now.since > stall.since:
        return "It moves again."
    return wording(Person(wishes.waiting.by), " keeps waiting.") if wishes.waiting else ""


def current(seen: JobObservation) -> Stage | None:
    """Return the stage that is under way or comes next, or None when Bedrock reports none or all are over."""
    return next((each for each in seen.stages if each.state not in _OVER), None)


def _last_movement(seen: JobObservation) -> datetime:
    times = [seen.created, *(each.started for each in seen.stages), *(each.changed for each in seen.stages)]
    return max(each for each in times if each is not None)
