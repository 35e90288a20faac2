"""A store that wakes the loop of its own process, so that what a person just asked for begins at once."""

from collections.abc import Callable
from typing import Any

from bot.following.model import Document, Key, Registration, Thing
from bot.following.ports import ThingStore


class WakingStore:
    """What desks need of a ``ThingStore``; after each change the loop looks at the store at once.

    Without it nothing is lost: the loop looks by itself a little later, and so do other processes.
    """

    def __init__(self, store: ThingStore, wake: Callable[[], None]) -> None:
        self._store = store
        self._wake = wake
        self.get = store.get
        self.of_kind = store.of_kind
        self.claim = store.claim
        self.commit = store.commit
        self.now = store.now
        self.era = store.era

    def register(self, registration: Registration) -> bool:
        """Add the thing and wake the loop."""
        added = self._store.register(registration)
        self._wake()
        return added

    def put_spec(self, key: Key, spec: Document, expected_gen: int) -> int:
        """Replace the spec and wake the loop."""
        gen = self._store.put_spec(key, spec, expected_gen)
        self._wake()
        return gen

    def amend(self, key: Key, change: Callable[[dict[str, Any]], Document]) -> Thing | None:
        """Change the spec and wake the loop."""
        thing = self._store.amend(key, change)
        self._wake()
        return thing

    def poke(self, *keys: Key) -> None:
        """Make things due and wake the loop."""
        self._store.poke(*keys)
        self._wake()
