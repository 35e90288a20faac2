"""Named places where a process may die: before and after each effect and each commit.

They do nothing but for the tests, which kill there, once for each name, and look at what the next claim makes of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


def _live_on(_: str) -> None:
    """What a crash point does outside the tests."""


_hook: Callable[[str], None] = _live_on


def crash_point(name: str) -> None:
    """Pass the place called ``name``."""
    _hook(name)


@contextmanager
def crashing(hook: Callable[[str], None]) -> Iterator[None]:
    """Call ``hook`` with the name of each crash point passed meanwhile, in every thread of this process."""
    global _hook  # noqa: PLW0603 -- one seam for the whole process, as a kill is
    before, _hook = _hook, hook
    try:
        yield
    finally:
        _hook = before
