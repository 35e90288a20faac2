"""``tunesmith`` and ``python -m tunesmith``: the command line of what is installed.

The folders of the checkout (``bot``, ``handlers``, ``storage``) are in ``_app`` as they are, and come first on the path
of this process and of those that it starts: nobody else's ``bot`` is in the way of ours, nor ours of theirs.
"""

import os
import sys
from pathlib import Path

APP = Path(__file__).resolve().parent / "_app"
ARENAS = "2"
"""What ``MALLOC_ARENA_MAX`` is where nobody set it: the launcher of the checkout says why."""
_M_ARENA_MAX = -8
"""glibc's number for it, from its malloc.h: the variable itself is read before Python begins."""


def main() -> None:
    """Run the command line."""
    prepare()

    from bot.cli import main as run

    run()


def prepare() -> None:
    """Have this process, and those that it spawns, find our folders, and let their threads share arenas."""
    sys.path.insert(0, str(APP))
    if "MALLOC_ARENA_MAX" not in os.environ:
        os.environ["MALLOC_ARENA_MAX"] = ARENAS  # for the processes that we start
        _limit_arenas()


def _limit_arenas() -> None:
    import ctypes

    limit = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if limit is not None:  # musl has none, and no arenas either
        limit(_M_ARENA_MAX, int(ARENAS))


if __name__ == "__main__":
    main()
