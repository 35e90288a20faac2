"""The workspace's rows, written through to a folder so that a killed process goes on where it was.

Every change is one line of ``state.jsonl``; a torn last line is what a kill leaves and is ignored. The file is
compacted when it is opened. Without a folder everything is kept in memory.
"""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Generic, TypeVar

from bot.playground.slack.state import (
    Channel,
    Counter,
    Group,
    Json,
    Message,
    PendingEvent,
    ResponseUrl,
    Row,
    StoredFile,
    User,
    View,
)

M = TypeVar("M", bound=Row)
_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def read_lines(path: Path) -> Iterator[Json]:
    """Yield the complete JSON lines of a file; stop at a line that a kill tore."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if not line.endswith("\n"):
                return
            yield json.loads(line)


def replace_file(path: Path, content: bytes) -> None:
    """Write a whole file so that a reader sees either the old content or the new."""
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(content)
    draft.replace(path)


class LineFile:
    """An append-only file of JSON lines; with no path it keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._handle: IO[bytes] | None = None if path is None else path.open("ab")

    def append(self, record: Json) -> None:
        """Write one line and hand it to the operating system at once."""
        if self._handle is not None:
            self._handle.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")
            self._handle.flush()

    def close(self) -> None:
        """Close the file; later appends are ignored."""
        if self._handle is not None:
            self._handle.close()
            self._handle = None


class Table(Generic[M]):
    """Rows of one kind by key, in the order in which they were first put."""

    def __init__(
        self, name: str, model: type[M], key: Callable[[M], str], write: Callable[[Json], None]
    ) -> None:
        self.name = name
        self._model = model
        self._key = key
        self._write = write
        self._rows: dict[str, M] = {}

    def put(self, row: M) -> M:
        """Store a new or changed row."""
        key = self._key(row)
        self._rows[key] = row
        self._write({"t": self.name, "k": key, "v": row.model_dump(mode="json", exclude_defaults=True)})
        return row

    def get(self, key: str) -> M | None:
        """Return the row of that key, if there is one."""
        return self._rows.get(key)

    def delete(self, key: str) -> None:
        """Remove the row of that key, if there is one."""
        if self._rows.pop(key, None) is not None:
            self._write({"t": self.name, "k": key, "v": None})

    def values(self) -> list[M]:
        """Return all rows."""
        return list(self._rows.values())

    def replay(self, key: str, value: Json | None) -> None:
        """Apply a line that was written earlier."""
        if value is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = self._model.model_validate(value)

    def lines(self) -> Iterator[Json]:
        """Yield the lines that would rebuild the table."""
        for key, row in self._rows.items():
            yield {"t": self.name, "k": key, "v": row.model_dump(mode="json", exclude_defaults=True)}


class Messages(Table[Message]):
    """The messages, found by channel without looking at all others."""

    def __init__(self, write: Callable[[Json], None]) -> None:
        super().__init__("messages", Message, lambda row: f"{row.channel}:{row.ts}", write)
        self._by_channel: dict[str, dict[str, None]] = {}

    def put(self, row: Message) -> Message:
        """Store a new or changed message."""
        self._by_channel.setdefault(row.channel, {})[self._key(row)] = None
        return super().put(row)

    def delete(self, key: str) -> None:
        """Remove the message of that key, if there is one."""
        self._by_channel.get(key.partition(":")[0], {}).pop(key, None)
        super().delete(key)

    def replay(self, key: str, value: Json | None) -> None:
        """Apply a line that was written earlier."""
        super().replay(key, value)
        keys = self._by_channel.setdefault(key.partition(":")[0], {})
        if value is None:
            keys.pop(key, None)
        else:
            keys[key] = None

    def of_channel(self, channel: str) -> list[Message]:
        """Return the messages of one channel."""
        return [self._rows[key] for key in self._by_channel.get(channel, {})]


class Store:
    """All tables, one lock, and the files' bytes."""

    def __init__(self, folder: Path | None = None) -> None:
        # Reentrant: whoever changes rows under it draws IDs for them, too.
        self.lock = threading.RLock()
        self._folder = folder
        self._blobs: dict[str, bytes] = {}
        self._lines = LineFile(None)
        self.users = Table("users", User, lambda row: row.id, self._append)
        self.groups = Table("groups", Group, lambda row: row.id, self._append)
        self.channels = Table("channels", Channel, lambda row: row.id, self._append)
        self.messages = Messages(self._append)
        self.files = Table("files", StoredFile, lambda row: row.id, self._append)
        self.views = Table("views", View, lambda row: row.id, self._append)
        self.homes = Table("homes", View, lambda row: row.user, self._append)
        self.response_urls = Table("response_urls", ResponseUrl, lambda row: row.id, self._append)
        self.pending = Table("pending", PendingEvent, lambda row: row.id, self._append)
        self.counters = Table("counters", Counter, lambda row: row.id, self._append)
        if folder is not None:
            self._open(folder)

    def _append(self, record: Json) -> None:
        self._lines.append(record)

    def _tables(self) -> dict[str, Table[Row]]:
        return {table.name: table for table in vars(self).values() if isinstance(table, Table)}

    def _open(self, folder: Path) -> None:
        (folder / "files").mkdir(parents=True, exist_ok=True)
        path = folder / "state.jsonl"
        tables = self._tables()
        for line in read_lines(path):
            tables[line["t"]].replay(line["k"], line["v"])
        lines = (
            json.dumps(line, separators=(",", ":")) + "\n" for t in tables.values() for line in t.lines()
        )
        replace_file(path, "".join(lines).encode())
        self._lines = LineFile(path)

    def next_id(self, prefix: str) -> str:
        """Return a fresh ID such as ``F0000001A``, never given out before in this workspace."""
        with self.lock:
            counter = self.counters.get(prefix) or Counter(id=prefix)
            counter.value += 1
            self.counters.put(counter)
        number, digits = counter.value, ""
        while number:
            number, digit = divmod(number, 36)
            digits = _BASE36[digit] + digits
        return prefix + digits.rjust(8, "0")

    def write_bytes(self, file_id: str, content: bytes) -> None:
        """Keep a file's bytes."""
        if self._folder is None:
            self._blobs[file_id] = content
        else:
            replace_file(self._folder / "files" / file_id, content)

    def read_bytes(self, file_id: str) -> bytes:
        """Return a file's bytes."""
        if self._folder is None:
            return self._blobs[file_id]
        return (self._folder / "files" / file_id).read_bytes()

    def drop_bytes(self, file_id: str) -> None:
        """Forget a file's bytes."""
        self._blobs.pop(file_id, None)
        if self._folder is not None:
            (self._folder / "files" / file_id).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the folder's files."""
        with self.lock:
            self._lines.close()
