"""How many examples a property is tried with: half; a sixteenth in the fast part; all when asked to be thorough."""

import os

FAST = "TUNESMITH_FAST_TESTS"
THOROUGH = "TUNESMITH_THOROUGH_TESTS"


def examples(count: int) -> int:
    """Return the number of examples for this run."""
    if os.environ.get(FAST):
        return max(count // 16, 5)
    return count if os.environ.get(THOROUGH) else max(count // 2, 10)
