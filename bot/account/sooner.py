"""How soon a region is looked at out of turn, since the store has another history than before.

At once, and then at most once in ``EVERY`` seconds, so that a server that flaps causes no storm of listings. The store
remembers it for all processes, and each process by itself, since a store that forgets may forget just that.
"""

from bot.clock import Clock

EVERY = 60.0
"""Seconds between two looks out of turn. After each there is one more so much later: a listing may lag behind, and what
was on its way to AWS while the store forgot it may arrive after the look."""


class Sooner:
    """What one process remembers of its looks; ``clock``'s monotonic side is what they are told by. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at: dict[str, float] = {}
        """When each region was last looked at out of turn."""
        self._known: set[str] = set()
        """The regions at which this process has looked at all."""

    def wait(self, region: str, since: float | None) -> float:
        """Return in how many seconds the region may be looked at out of turn.

        ``since`` are the seconds since that was last done, by the store; None: it knows of none. Negative ones are of a
        clock that was set back, and tell nothing.
        """
        here = self._at.get(region)
        told = [since, None if here is None else self._clock.monotonic() - here]
        return max((EVERY - each for each in told if each is not None and 0 <= each < EVERY), default=0.0)

    def note(self, region: str, *, is_new: bool) -> bool:
        """Note that it was looked at since the store has another history; return whether that was out of turn.

        The first look of a process at a store that is ``new``, and knows of none, is simply the first one.
        """
        out_of_turn = not is_new or region in self._known
        self._known.add(region)
        if out_of_turn:
            self._at[region] = self._clock.monotonic()
        return out_of_turn
