"""Readers and people in memory."""

from bot.errors import Refused, Unavailable
from bot.notifications.model import Reader


class InMemoryReaders:
    """A ``Readers`` in memory."""

    def __init__(self) -> None:
        self._readers: dict[str, Reader] = {}

    def get(self, user: str) -> Reader | None:
        return self._readers.get(user)

    def save(self, reader: Reader) -> None:
        self._readers[reader.user] = reader


class FakePeople:
    """A ``People`` in which everybody lives in London unless ``zones`` says otherwise; None: no such person."""

    def __init__(self) -> None:
        self.zones: dict[str, str | None] = {}
        self.asked: list[str] = []
        self.down = False

    def zone(self, user: str) -> str:
        self.asked.append(user)
        if self.down:
            raise Unavailable("Slack could not be reached.")
        found = self.zones.get(user, "Europe/London")
        if found is None:
            raise Refused("Slack does not show me that person.")
        return found
