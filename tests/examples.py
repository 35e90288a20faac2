"""How many examples a property is tried with: half; an eighth in the fast part; all when asked to be thorough."""

import os

FAST = "TUNESMITH_FAST_TESTS"
THOROUGH = "TUNESMITH_THOROUGH_TESTS"


def examples(count: int) -> int:
    """Return the number of examples for this run."""
    if os.environ.get(FAST):
        return max(count // 8, 5)
    return count if os.environ.get(THOROUGH) else max(count // 2, 10)
