"""How much of what could go on for long is tried in a run; all of it when asked to be thorough.

Of a property, a quarter of the examples; half in CI, a sixteenth in the fast part. Of the places at which a process may
be killed, every kind and a third of the rest, and of the rows of a table that takes seconds, a third, others in each
run. In CI all of them: it is the gate, and whoever works on something need not wait for what has held a hundred times.
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
    crash points that it passes, in order: each is tried where it comes first, and where it comes last.
    """
    if is_thorough():
        return list(range(1, len(names) + 1))
    first = {name: place for place, name in reversed(list(enumerate(names, start=1)))}
    last = {name: place for place, name in enumerate(names, start=1)}
    always = {*first.values(), *last.values()}
    others = [place for place in range(1, len(names) + 1) if place not in always]
    return sorted(always | set(random.sample(others, len(others) // 3)))


def some(rows: Iterable[T], least: int = 5) -> list[T]:
    """Return the rows of a long table that are tried in this run, in order: all, or a third, ``least`` at least."""
    every = list(rows)
    if is_thorough():
        return every
    taken = random.sample(range(len(every)), min(len(every), max(len(every) // 3, least)))
    return [every[place] for place in sorted(taken)]


def left_out(names: Iterable[str], run: str) -> set[str]:
    """Return the tests of sampled tables that a run does not try: two thirds of each table, others for another ``run``.

    A test's name is its table's with the row in brackets. Workers collect by themselves, and agree by the run's name.
    """
    tables: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        tables[name.partition("[")[0]].append(name)
    out: set[str] = set()
    for table, rows in tables.items():
        out.update(random.Random(f"{run} {table}").sample(rows, len(rows) - max(len(rows) // 3, 1)))
    return out
