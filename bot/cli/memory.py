"""What the C library does with memory that the bot has let go: it is given back, however many threads had it."""

import ctypes
import sys
import threading

ARENAS = 2
"""Pools out of which threads get memory: mallopt(3), ``M_ARENA_MAX``. As it comes it makes eight a processor, each of
which keeps what its threads have let go, and a bot has ninety threads: 20 MiB that nobody had in half an hour."""
_ARENA_MAX = -8
EVERY = 60.0
"""Seconds between two times that free memory is given back: malloc_trim(3). Each takes some milliseconds."""


def use_few_arenas() -> None:
    """Have all threads share few pools. To be called before there are threads; nothing where it is no glibc."""
    if mallopt := _of_glibc("mallopt"):
        mallopt(_ARENA_MAX, ARENAS)


def give_back() -> bool:
    """Give back what is free; return whether there was something, and whether it can be done here at all."""
    trim = _of_glibc("malloc_trim")
    return bool(trim and trim(ctypes.c_size_t(0)))


def keep_giving_back(stop: threading.Event, every: float = EVERY) -> None:
    """Give back what is free from time to time, until it is stopped."""
    while not stop.wait(every):
        give_back()


def _of_glibc(name: str) -> "ctypes._NamedFuncPointer | None":
    """Return a function of the C library; None where that is another one: musl has neither, macOS its own."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), name, None)
