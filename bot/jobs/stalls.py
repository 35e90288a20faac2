"""Stages that do not move: Bedrock may leave a job waiting for days without a word."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.jobs.history import Run, longest_usual
from bot.jobs.model import JobObservation, Stage, StageState

FEW = 3
"""Of what stalls in the same minutes and concerns the same people, how many are told each by itself, and at once. What
comes after them is told in one message: a thousand would fill a channel for a quarter of an hour."""
MINUTES = 300.0
"""Seconds in which those come that are told together: a job that sleeps is looked at once in so long."""
_LATE = 15.0
"""Seconds after that in which one may still be counted that was on its way."""
SHORTEST = timedelta(minutes=15)
"""However quick the earlier jobs were: validation takes two to four minutes, and a queue of some is no stall."""

_OVER = frozenset({StageState.COMPLETED})


@dataclass(frozen=True, slots=True)
class Stall:
    """A stage that has not moved for longer than usual: ``since`` when, by Bedrock's clock."""

    stage: str
    since: datetime
    from_history: bool
    """Whether what is usual comes from this account's own jobs, and not from the setting."""
    stood: timedelta | None = None
    """For how long, when that was noticed; None of one that was noticed by an earlier version."""
    word: str = ""
    """Under which those are counted that stall in the same minutes and concern the same people."""
    place: int = 0
    """Which of them it is, from 0."""
    closes: float = 0.0
    """From when on, by the store's time, no more of them come."""


class SettledBy(StrEnum):
    """What answers the question that a stall is."""

    STOP = "stop"
    END = "end"
    MOVEMENT = "movement"
    PATIENCE = "patience"


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a stall; ``by`` is who stops it or keeps waiting, empty where nobody had to do anything."""

    how: SettledBy
    by: str = ""


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
    # Our own history knows better than the setting, even where it is more patient; but the account's quickest jobs
    # would call every short queue a stall.
    limit = after if usual is None else max(usual, SHORTEST)
    stood = at.seen_at - at.since
    return Stall(at.stage, at.since, usual is not None, stood) if stood > limit else None


def once(known: tuple[Stall, ...], found: Stall | None) -> tuple[Stall, ...]:
    """Return the stalls with the new one added: each stage stalls at most once."""
    # Once is enough: whoever waits for a stage that stalls again was told how to stop it.
    if found is None or found.stage in {each.stage for each in known}:
        return known
    return (*known, found)


def word_of(channel: str, person: str, store_now: float) -> tuple[str, float]:
    """Return the word for what stalls by now for that person in that channel, and from when on no more come."""
    window = int(store_now // MINUTES)
    return f"{channel}:{person}:{window}", (window + 1) * MINUTES + _LATE


def left(stall: Stall, store_now: float) -> float:
    """Return for how many seconds more may come that are told with it; 0 when all are there."""
    remaining = stall.closes - store_now
    # What is further ahead was written before the store's clock was set back.
    return remaining if 0 < remaining <= MINUTES + _LATE else 0.0


def settled(stall: Stall, wishes: Wishes, now: Standing | None, *, over: bool) -> Settled | None:
    """Return what became of it, None while that is open. ``now`` is where it stands, None after the last stage."""
    # What a person did goes before what follows of it: a stop brings the end, and the end moves the stage.
    if wishes.stop:
        return Settled(SettledBy.STOP, wishes.stop.by)
    if over:
        return Settled(SettledBy.END)
    if now is None or now.stage != stall.stage or now.since > stall.since:
        return Settled(SettledBy.MOVEMENT)
    return Settled(SettledBy.PATIENCE, wishes.waiting.by) if wishes.waiting else None


def current(seen: JobObservation) -> Stage | None:
    """Return the stage that is under way or comes next, or None when Bedrock reports none or all are over."""
    return next((each for each in seen.stages if each.state not in _OVER), None)


def _last_movement(seen: JobObservation) -> datetime:
    # A stage that waits has no times of its own: what it waits for ended with the last change of any other.
    times = [seen.created, *(each.started for each in seen.stages), *(each.changed for each in seen.stages)]
    return max(each for each in times if each is not None)
