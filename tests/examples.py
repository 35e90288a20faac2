"""How many examples a property is tried with: all of them, or a quarter in `./tunesmith test --fast`."""

import os

FAST = "TUNESMITH_FAST_TESTS"


def examples(count: int) -> int:
    """Return the number of examples for this run."""
    return max(count // 4, 10) if os.environ.get(FAST) else count
