"""Single resources that have an event of their own: each is looked at at once, and at most once in some seconds.

What is not followed by a listing asks Bedrock for itself whenever it is due. So a flood of events about one costs one
such question in that time, in each process that reads the queue.
"""

from bot.clock import Clock
from bot.controller.model import Key
from bot.controller.ports import ResourceStore


class Nudges:
    """What is to be looked at, and when each was last; in memory, since all of it is looked at by itself anyway.

    Args:
        store: where the resources are.
        clock: its monotonic side is what times are told by.
        spacing: seconds between two looks at the same one.
    """

    def __init__(self, store: ResourceStore, clock: Clock, spacing: float) -> None:
        self._store = store
        self._clock = clock
        self._spacing = spacing
        self._due: dict[Key, float] = {}
        self._last: dict[Key, float] = {}

    def want(self, key: Key) -> None:
        """Have it looked at as soon as it may be."""
        now = self._clock.monotonic()
        last = self._last.get(key)
        self._due.setdefault(key, now if last is None else max(now, last + self._spacing))

    def next_at(self) -> float | None:
        """Return when the next one may be looked at, by the monotonic clock; None: none is wanted."""
        return min(self._due.values(), default=None)

    def go_on(self) -> None:
        """Have those looked at that may be. Raises ``Unavailable``, and then keeps them."""
        now = self._clock.monotonic()
        ready = [key for key, at in self._due.items() if at <= now]
        self._store.enqueue_now(*ready)
        for key in ready:
            del self._due[key]
        # Only what may still hold one back, or it would grow for ever.
        recent = {key: at for key, at in self._last.items() if now - at < self._spacing}
        self._last = recent | dict.fromkeys(ready, now)
