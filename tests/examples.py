"""How many examples a property is tried with: all of them, or an eighth in `./tunesmith test --fast`."""

import os

FAST = "TUNESMITH_FAST_TESTS"


def examples(count: int) -> int:
    """Return the number of examples for this run."""
    return max(count // 8, 5) if os.environ.get(FAST) else count
