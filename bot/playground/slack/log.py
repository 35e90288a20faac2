"""Everything that happened, in order: for tests and checkers to read, never changed afterwards."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.playground.slack.state import Json
from bot.playground.slack.store import LineFile, read_lines

KEPT = 50_000
"""Entries kept in memory, the newest; a folder keeps them all."""


@dataclass(frozen=True)
class Entry:
    """One thing that happened. ``at`` is in seconds since the epoch on the stand-in's clock.

    Kinds: ``api_call`` (method, args, unknown_args, ok, error, result), ``response_url`` (id, body, ok, error),
    ``delivery`` (id, type, payload, attempt, connection), ``ack`` (id, type, acked, reason, body),
    ``person`` (user, did, ...), ``download`` (file, ok), ``upload`` (file, bytes), ``socket`` (what, connection),
    ``bad_answer`` (an ack whose payload Slack would not have taken, with messages).
    """

    seq: int
    at: float
    kind: str
    data: Json


class Log:
    """An append-only list of entries, kept in ``log.jsonl`` when there is a folder; ``added`` is told of each."""

    def __init__(self, folder: Path | None, now: Callable[[], float], added: Callable[[], None]) -> None:
        path = None if folder is None else folder / "log.jsonl"
        earlier = () if path is None else (Entry(**line) for line in read_lines(path))
        self._entries = deque(earlier, maxlen=KEPT)
        self._seq = self._entries[-1].seq if self._entries else 0
        self._lines = LineFile(path)
        self._now = now
        self._added = added

    def add(self, kind: str, **data: object) -> None:
        """Record that something happened. Called under the store's lock."""
        self._seq += 1
        entry = Entry(self._seq, self._now(), kind, dict(data))
        self._entries.append(entry)
        self._lines.append(vars(entry))
        self._added()

    def of(self, kind: str, **equal: object) -> list[Entry]:
        """Return the entries of a kind whose data has these values."""
        return [
            entry
            for entry in tuple(self._entries)
            if entry.kind == kind and all(entry.data.get(k) == v for k, v in equal.items())
        ]

    def calls(self, method: str, *, ok: bool | None = None) -> list[Json]:
        """Return the data of each call of a Web API method: all, or only those that succeeded or failed."""
        entries = self.of("api_call", method=method)
        return [entry.data for entry in entries if ok is None or entry.data["ok"] is ok]

    def entries(self) -> list[Entry]:
        """Return everything."""
        return list(self._entries)

    def close(self) -> None:
        """Close the file."""
        self._lines.close()
