"""The smaller stores of following, in memory: observations, the inbound log, heartbeats."""

import json
from collections.abc import Mapping

from bot.clock import Clock
from bot.controller.model import Document


class InMemoryObservations:
    """An ``Observations`` in memory."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], str] = {}

    def changed(self, region: str, seen: Mapping[str, Document]) -> list[str]:
        return [name for name, each in seen.items() if self._seen.get((region, name)) != _text(each)]

    def put(self, region: str, seen: Mapping[str, Document]) -> None:
        self._seen.update({(region, name): _text(document) for name, document in seen.items()})

    def get(self, region: str, *names: str) -> list[Document | None]:
        texts = [self._seen.get((region, name)) for name in names]
        return [None if text is None else dict(json.loads(text)) for text in texts]


class InMemoryTogether:
    """A ``Together`` in memory."""

    def __init__(self) -> None:
        self._members: dict[str, list[str]] = {}

    def join(self, word: str, member: str) -> int:
        members = self._members.setdefault(word, [])
        if member not in members:
            members.append(member)
        return members.index(member)

    def forget(self) -> None:
        """Lose all of it, as a store that failed over."""
        self._members.clear()

    def members(self, word: str) -> list[str]:
        return list(self._members.get(word, ()))


def _text(document: Document) -> str:
    return json.dumps(document, sort_keys=True)


class InMemoryInbox:
    """An ``Inbox`` in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def first_time(self, key: str) -> bool:
        if self.has(key):
            return False
        self._until[key] = self._clock.now().timestamp() + 86400
        return True

    def has(self, key: str) -> bool:
        return self._until.get(key, 0.0) > self._clock.now().timestamp()

    def forget(self, key: str) -> None:
        self._until.pop(key, None)


class InMemoryHeartbeats:
    """A ``Heartbeats`` in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at: dict[str, float] = {}

    def beat(self, process: str) -> None:
        self._at[process] = self._clock.now().timestamp()

    def last(self) -> Mapping[str, float]:
        now = self._clock.now().timestamp()
        return {process: now - at for process, at in self._at.items() if now - at < 3600}
