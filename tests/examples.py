"""How much of what could go on for long is tried in a run; all of it when asked to be thorough.

Of a property, half of the examples; a sixteenth in the fast part. Of the places at which a process may be killed, every
kind and a third of the rest, others in each run; in CI all of them.
"""

import os
import random
from collections.abc import Sequence

FAST = "TUNESMITH_FAST_TESTS"
THOROUGH = "TUNESMITH_THOROUGH_TESTS"


def examples(count: int) -> int:
    """Return the number of examples for this run."""
    if os.environ.get(FAST):
        return max(count // 16, 5)
    return count if os.environ.get(THOROUGH) else max(count // 2, 10)


def kills(names: Sequence[str]) -> list[int]:
    """Return at which of the places that a journey passes it is killed in this run: 1 is the first.

    Each kills one journey, so that all of them take the square of the journey's length. ``names`` are those of the
    crash points that it passes, in order: each is tried where it comes first, and where it comes last.
    """
    if os.environ.get("CI") or os.environ.get(THOROUGH):
        return list(range(1, len(names) + 1))
    first = {name: place for place, name in reversed(list(enumerate(names, start=1)))}
    last = {name: place for place, name in enumerate(names, start=1)}
    always = {*first.values(), *last.values()}
    others = [place for place in range(1, len(names) + 1) if place not in always]
    return sorted(always | set(random.sample(others, len(others) // 3)))
