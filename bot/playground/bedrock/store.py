"""Everything the stand-in must not forget, in one SQLite file (or in memory when it may forget).

Each change is written through in a transaction of its own before the reply leaves, so a process that is killed
loses nothing that it has answered.
"""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS calls (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT, key TEXT, etag TEXT NOT NULL, meta TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (bucket, key)
);
"""


class Store:
    """Records by kind and key, the log of calls, and a mirror of the objects in S3."""

    def __init__(self, directory: Path | None = None) -> None:
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)
        where = ":memory:" if directory is None else str(directory / "bedrock.sqlite3")
        self._lock = threading.RLock()
        # One connection for all threads, which the lock takes in turn.
        self._database = sqlite3.connect(where, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        # Safe against a kill; a machine that loses its power may lose the last writes.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)

    def put(self, kind: str, key: str, body: str) -> None:
        """Write one record over whatever was there."""
        # Not `OR REPLACE`, which would give it a new rowid: records are read in the order of their first
        # writing.
        statement = (
            "INSERT INTO records VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"
        )
        self._run(statement, kind, key, body)

    def remove(self, kind: str, key: str) -> None:
        """Forget one record, if it is there."""
        self._run("DELETE FROM records WHERE kind = ? AND key = ?", kind, key)

    def get(self, kind: str, key: str) -> str | None:
        """Return one record's body, or None."""
        for (body,) in self._rows("SELECT body FROM records WHERE kind = ? AND key = ?", kind, key):
            return str(body)
        return None

    def all(self, kind: str) -> list[tuple[str, str]]:
        """Return every (key, body) of ``kind`` in the order in which they were first written."""
        rows = self._rows("SELECT key, body FROM records WHERE kind = ? ORDER BY rowid", kind)
        return [(str(key), str(body)) for key, body in rows]

    def log(self, sequence: int, body: str) -> None:
        """Append one call to the log."""
        self._run("INSERT OR REPLACE INTO calls VALUES (?, ?)", sequence, body)

    def logged(self) -> list[str]:
        """Return the log of calls, oldest first."""
        return [str(body) for (body,) in self._rows("SELECT body FROM calls ORDER BY sequence")]

    def put_object(self, bucket: str, key: str, etag: str, meta: str, body: bytes) -> None:
        """Mirror one S3 object."""
        self._run("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?)", bucket, key, etag, meta, body)

    def remove_object(self, bucket: str, key: str) -> None:
        """Forget one S3 object."""
        self._run("DELETE FROM objects WHERE bucket = ? AND key = ?", bucket, key)

    def objects(self) -> Iterator[tuple[str, str, str, str, bytes]]:
        """Yield (bucket, key, etag, meta, body) of every mirrored object."""
        yield from self._rows("SELECT bucket, key, etag, meta, body FROM objects")

    def close(self) -> None:
        """Close the file; nothing may be written afterwards."""
        with self._lock:
            self._database.close()

    def _run(self, statement: str, *values: object) -> None:
        with self._lock:
            self._database.execute(statement, values)

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(statement, values).fetchall()
