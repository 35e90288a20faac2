"""What is looked at while the bot is soaked, and what in it is a leak.

A process is looked at from outside: its memory, threads, children and open files by ``/proc``, its connections by what
it has open, its keys by the server. What grows is told by the slope through the last two thirds (the median of all
slopes between two looks, so that one look in a busy moment bends nothing), what is left behind by two moments of rest.
"""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from storage.key_families import family_of, without_end
from storage.keys import Keys

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """What is still flat, and still the same."""

    memory: float = 0.5
    """MiB a minute: at 20 events a second that is some 400 bytes an event."""
    growth: float = 4.0
    """Threads, files or connections by which the slope may have them grow over the time that it is read off."""
    left: Mapping[str, int] = field(
        default_factory=lambda: {"threads": 16, "files": 3, "sockets": 24, "children": 1}
    )
    """How many more there may be at rest afterwards than at rest before: pools that fill up to a size of their own."""


@dataclass(frozen=True)
class Look:
    """One process at one moment. ``at`` is in minutes, memory in MiB (``whole`` with its children's)."""

    at: float
    memory: float
    whole: float
    threads: int
    files: int
    sockets: int
    children: int


@dataclass(frozen=True)
class Store:
    """The server at one moment. ``endless`` is what is there for ever and should not be."""

    at: float
    memory: float
    connections: int
    keys: Mapping[str, int]
    endless: tuple[str, ...]


def look(pid: int, since: float) -> Look:
    """Look at a process; ``since`` is when the minutes began, monotonic."""
    children = _children(pid)
    threads, memory = _status(pid)
    kinds = Counter(_kind(each) for each in _opened(pid))
    return Look(
        round((time.monotonic() - since) / 60, 3),
        memory,
        memory + sum(_status(each)[1] for each in children),
        threads,
        sum(kinds.values()) - kinds["socket"],
        kinds["socket"],
        len(children),
    )


def look_at_store(client: Any, keys: Keys, since: float) -> Store:
    """Look at the server: what is there by family, and what has no end."""
    memory = client.info("memory")["used_memory"] / MEBIBYTE
    found: Counter[str] = Counter()
    for key in client.scan_iter(match=f"{keys.root}:*", count=1000):
        row = family_of(str(key), keys)
        found[row.name if row else "of no family"] += 1
    endless = tuple(f"{each.family or 'of no family'}: {each.key}" for each in without_end(client, keys))
    at = round((time.monotonic() - since) / 60, 3)
    return Store(at, round(memory, 2), len(client.client_list()), dict(found.most_common()), endless)


def judged(looks: Sequence[Look], before: Look, after: Look, bounds: Bounds) -> list[str]:
    """Return what of one process is a leak, in words; nothing when it is flat and back where it was."""
    last = [each for each in looks if each.at >= looks[0].at + (looks[-1].at - looks[0].at) / 3]
    found = []
    slope = trend(last, lambda each: each.memory)
    if slope > bounds.memory:
        found.append(f"memory grows by {slope:.2f} MiB a minute; flat is {bounds.memory}")
    minutes = last[-1].at - last[0].at
    for name, limit in bounds.left.items():
        grows = trend(last, lambda each, name=name: float(getattr(each, name))) * minutes  # type: ignore[misc]
        if grows > bounds.growth:
            found.append(f"{name} grew by {grows:.0f} in {minutes:.1f} min; flat is {bounds.growth:.0f}")
        was, are = getattr(before, name), getattr(after, name)
        if are - was > limit:
            found.append(f"{name} at rest: {was} before, {are} after; the same is up to {limit} more")
    return found


def trend(looks: Sequence[Look], value: Callable[[Look], float]) -> float:
    """Return by how much it grows a minute: the median of the slopes between any two looks; 0 for a single look."""
    pairs = [(late.at - early.at, value(late) - value(early)) for early, late in combinations(looks, 2)]
    return statistics.median([rise / run for run, rise in pairs if run > 0] or [0.0])


def _status(pid: int) -> tuple[int, float]:
    """Return the threads of a process and its memory in MiB; nothing of one that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0, 0.0
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(fields["Threads"]), round(int(fields.get("VmRSS", "0 kB").split()[0]) / 1024, 2)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            found += map(int, (thread / "children").read_text(encoding="utf-8").split())
        except OSError:  # it has ended since
            continue
    return found


def _opened(pid: int) -> list[str]:
    found = []
    for each in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(str(each.readlink()))
        except OSError:  # closed since
            continue
    return found


def _kind(target: str) -> str:
    return "socket" if target.startswith("socket:") else "file"
