"""What a process remembers of many people, channels or things: the newest of it, and never more than was said.

A dictionary by person or channel grows for as long as the process lives, which may be months.
"""

import threading
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

PEOPLE = 10_000
"""Of so many people something is remembered: more than use a bot in one day."""


class Lately(Generic[K, V]):
    """Values by key; beyond ``most`` the one that was put longest ago is forgotten. Thread-safe."""

    def __init__(self, most: int = PEOPLE) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._values: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """Return what was put last under that key, or None."""
        return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember it, as the newest."""
        with self._lock:
            self._values.pop(key, None)
            self._values[key] = value
            while len(self._values) > self._most:
                del self._values[next(iter(self._values))]

    def forget(self, key: K) -> None:
        """Remember it no more."""
        with self._lock:
            self._values.pop(key, None)

    def __contains__(self, key: K) -> bool:
        """Return whether something is remembered under that key."""
        return key in self._values

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self._values)
