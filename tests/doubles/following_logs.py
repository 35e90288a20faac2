"""The smaller stores of following, in memory: observations, the inbound log, heartbeats."""

import json
from collections.abc import Mapping

from bot.clock import Clock
from bot.following.model import Document


class InMemoryObservations:
    """An ``Observations`` in memory."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], str] = {}

    def put(self, region: str, seen: Mapping[str, Document]) -> list[str]:
        fresh = {name: json.dumps(document, sort_keys=True) for name, document in seen.items()}
        changed = [name for name, text in fresh.items() if self._seen.get((region, name)) != text]
        self._seen.update({(region, name): text for name, text in fresh.items()})
        return changed

    def get(self, region: str, name: str) -> Document | None:
        text = self._seen.get((region, name))
        return None if text is None else dict(json.loads(text))


class InMemoryInboundLog:
    """An ``InboundLog`` in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def first_time(self, key: str) -> bool:
        now = self._clock.now().timestamp()
        if self._until.get(key, 0.0) > now:
            return False
        self._until[key] = now + 86400
        return True

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
