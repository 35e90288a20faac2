"""Locks by name, so that of those who ask the same at once one asks, and the others have its answer."""

import threading

_STRIPES = 64


class KeyedLocks:
    """A lock for each name. Names may share one: then somebody waits for an answer that they did not ask for."""

    def __init__(self) -> None:
        self._locks = [threading.Lock() for _ in range(_STRIPES)]

    def of(self, *name: str) -> threading.Lock:
        """Return the lock of that name."""
        return self._locks[hash(name) % _STRIPES]
