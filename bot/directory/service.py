"""What services have in common: what they are put together from, and asking again for what has failed."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from bot.access import allowed
from bot.clock import Clock
from bot.controller.model import Registration
from bot.controller.ports import SpecWriter
from bot.controller.schema import Schema
from bot.directory.directory import Directory
from bot.errors import Refused

ATTEMPTS = 20
"""How often the same may be asked for in one place: each attempt but the last has failed."""


class CanFail(Protocol):
    """The status of what is asked for again when it has failed."""

    @property
    def failed(self) -> bool:
        """Whether it came to nothing."""


S = TypeVar("S", bound=CanFail)


class Service:
    """Writes wishes down for a viewer; nothing is waited for."""

    def __init__(self, store: SpecWriter, directory: Directory, clock: Clock) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock

    def _may_spend(self, channel: str) -> bool:
        """Return whether the viewer may have money spent in the channel."""
        directory = self._directory
        return allowed(lambda: directory.access.check_spending(directory.viewer.user, channel))

    def _begin(self, attempt: Callable[[int], Registration], schema: Schema[Any, S], *, hint: str) -> bool:
        """Have it done, unless it is done already or under way; return whether this request began it.

        ``attempt`` is what is registered for the attempt of that number.

        Raises:
            Refused: it has failed too often; ``hint`` says what to do instead.
        """
        for number in range(ATTEMPTS):
            wanted = attempt(number)
            if self._store.register(wanted):
                return True
            before = self._directory.own(wanted.key)
            if before is None or not schema.status_of(before).failed:
                return False
        raise Refused(f"I have tried that {ATTEMPTS} times.", hint=hint)
