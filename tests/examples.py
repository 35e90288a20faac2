"""How much of what could go on for long is tried in a run; all of it when asked to be thorough.

Of a property, a quarter of the examples; half in CI, a sixteenth in the fast part. Of the places at which a process may
be killed, each kind once and a tenth of the rest; of the rows of a long table, a quarter; of the journeys of whole
processes, a half: others in each run. In CI all of them: it is the gate, and whoever works on something need not wait
for what has held a hundred times.
"""

import os
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

FAST = "TUNESMITH_FAST_TESTS"
THOROUGH = "TUNESMITH_THOROUGH_TESTS"

T = TypeVar("T")


def is_thorough() -> bool:
    """Return whether every place and every row is tried in this run."""
    return bool(os.environ.get("CI") or os.environ.get(THOROUGH))


def examples(count: int) -> int:
    """Return the number of examples for this run."""
    if os.environ.get(FAST):
        return max(count // 16, 5)
    if os.environ.get(THOROUGH):
        return count
    return max(count // (2 if os.environ.get("CI") else 4), 10)


def kills(names: Sequence[str]) -> list[int]:
    """Return at which of the places that a journey passes it is killed in this run: 1 is the first.

    Each kills one journey, so that all of them take the square of the journey's length. ``names`` are those of the
    crash points that it passes, in order: each is tried at one of its places, as often first or last as between.
    """
    if is_thorough():
        return list(range(1, len(names) + 1))
    of_kind: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names, start=1):
        of_kind[name].append(place)
    always = {random.choice([places[0], places[-1], random.choice(places)]) for places in of_kind.values()}
    others = [place for place in range(1, len(names) + 1) if place not in always]
    return sorted(always | set(random.sample(others, len(others) // 10)))


def some(rows: Iterable[T], least: int = 5) -> list[T]:
    """Return the rows of a long table that are tried in this run, in order: all, or a quarter, ``least`` at least."""
    every = list(rows)
    if is_thorough():
        return every
    taken = random.sample(range(len(every)), min(len(every), max(len(every) // 4, least)))
    return [every[place] for place in sorted(taken)]


def left_out(tables: Iterable[str], journeys: Iterable[str], run: str) -> set[str]:
    """Return the tests that a run does not try, others for another ``run``. Workers collect by themselves, and agree.

    Args:
        tables: tests of sampled tables, named as the table with the row in brackets: a quarter of each is tried.
        journeys: tests of which a half is tried, whatever table they are of.
        run: what the run is called.
    """
    rows: dict[str, list[str]] = defaultdict(list)
    for name in sorted(tables):
        rows[name.partition("[")[0]].append(name)
    out: set[str] = set()
    for table, names in rows.items():
        out.update(random.Random(f"{run} {table}").sample(names, len(names) - max(len(names) // 4, 1)))
    long = sorted(set(journeys))
    return out | set(random.Random(run).sample(long, len(long) // 2))
