"""Everything that a bot keeps in Redis as a file of lines, and back: logical, so that it fits any server and version.

A line is one key: its name without the prefix, its type, its value, and when it ends. The first line says whose it is
and by which schema it is kept; the last one how many there are, with a checksum over all of them, so that a file that
was cut off or changed is refused before anything is written. DUMP is not used: what it gives is bound to a version of
the server.

While a bot runs, each key is as it was when it was read, and not all as they were in one moment. A bot mends what that
tears: it looks for what is not in the work queue, and AWS is the truth for money. The audit and the ledger it could
not mend: the entries of the one are read last, up to the head that was read right before them, and the sums of the
other are counted anew.
"""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from redis import Redis

from bot.errors import Refused
from storage.backup_ledger import LedgerOfOneMoment
from storage.keys import SCHEMA, Keys
from storage.redis_cluster import cluster_of
from storage.redis_errors import translated

FORM = 1
"""The version of the file itself."""
BATCH = 200
"""Keys, or members of one, in one command."""
MOMENTARY = ("identity", "heartbeats", "limit:", "person:", "self-test:", "datasets:senders")
"""What is worth nothing a minute later, is one Redis's alone, or is made anew of the rest: not kept."""

Value = str | list[Any] | dict[str, str]


class Damaged(Refused):
    """The file is no backup, is cut off, or was changed."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was put into a file, or would be put back: how many keys, and from when they are."""

    prefix: str
    at: str
    count: int
    ended: int = 0
    """Those whose time has passed since, which are left out."""


@dataclass(frozen=True, slots=True)
class _Sort:
    read: Callable[[Redis, str], Any]
    write: Callable[[Any, str, Any], object]
    holds: Callable[[Any], bool]
    """Whether a value of a file is one of this sort."""


def _members(client: Redis, key: str) -> Value:
    return sorted(
        {str(member) for member in client.sscan_iter(key, count=BATCH)}
    )  # a scan may give one twice


def _scored(client: Redis, key: str) -> Value:
    found = {str(member): float(score) for member, score in client.zscan_iter(key, count=BATCH)}
    return sorted([member, score] for member, score in found.items())


def _fields(client: Redis, key: str) -> Value:
    return {str(name): str(value) for name, value in client.hscan_iter(key, count=BATCH)}


def _items(client: Redis, key: str) -> Value:
    found: Any = client.lrange(key, 0, -1)
    return list(found)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_text, value))


def _are_fields(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_is_text, value.values()))


def _are_scored(value: Any) -> bool:
    def is_scored(pair: Any) -> bool:
        if not isinstance(pair, list) or len(pair) != 2:
            return False
        member, score = pair
        return _is_text(member) and isinstance(score, int | float) and not isinstance(score, bool)

    return isinstance(value, list) and bool(value) and all(map(is_scored, value))


def _are_entries(value: Any) -> bool:
    def is_entry(each: Any) -> bool:
        return isinstance(each, list) and len(each) == 2 and _is_text(each[0]) and _are_fields(each[1])

    return isinstance(value, list) and bool(value) and all(map(is_entry, value))


def _entries(client: Redis, key: str) -> Value:
    found: Any = client.xrange(key)
    return [[str(place), dict(fields)] for place, fields in found]


def _add_entries(to: Any, key: str, value: Any) -> None:
    for place, fields in value:
        to.xadd(key, fields, id=place)


_SORTS: Mapping[str, _Sort] = {
    "string": _Sort(lambda client, key: client.get(key), lambda to, key, value: to.set(key, value), _is_text),
    "hash": _Sort(_fields, lambda to, key, value: to.hset(key, mapping=value), _are_fields),
    "list": _Sort(_items, lambda to, key, value: to.rpush(key, *value), _are_texts),
    "set": _Sort(_members, lambda to, key, value: to.sadd(key, *value), _are_texts),
    "stream": _Sort(_entries, _add_entries, _are_entries),
    "zset": _Sort(_scored, lambda to, key, value: to.zadd(key, dict(value)), _are_scored),
}
_LAST = 2**53
"""No key ends later, in milliseconds since the epoch: 285,000 years."""


def back_up(client: Redis, keys: Keys, path: Path, now: datetime) -> Written:
    """Write everything under the prefix into a new file that its owner alone can read.

    Raises:
        Unavailable: Redis did not answer.
        OSError: the file cannot be written, or is there already.
    """
    prefix, digest, count = keys.root.strip("{}"), hashlib.sha256(), 0
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    path.touch(mode=0o600, exist_ok=False)
    try:
        with path.open("wb") as raw:
            with gzip.open(raw, "wt", encoding="utf-8", newline="\n") as file:
                head = {"tunesmith": "backup", "form": FORM, "schema": SCHEMA, "prefix": prefix, "at": at}
                for line in _lines(head, _all(client, keys)):
                    digest.update(line.encode())
                    file.write(line)
                    count += 1
                file.write(_line({"count": count - 1, "sha256": digest.hexdigest()}))
            raw.flush()
            os.fsync(raw.fileno())  # whoever is told that it is written may throw away the rest
    except BaseException:
        path.unlink(missing_ok=True)  # half of a backup is none
        raise
    return Written(prefix, at, count - 1)


def _lines(head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield _line(head)
    yield from map(_line, rows)


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def _all(client: Redis, keys: Keys) -> Iterator[Mapping[str, Any]]:
    audit, ledger = (keys.audit_head, keys.audit), LedgerOfOneMoment()
    with translated():
        for key in names(client, keys):
            if key not in audit and (row := _read(client, keys, key)) and not ledger.keeps_back(row):
                yield row
        yield from ledger.rows()
        yield from _audit(client, keys)


def _audit(client: Redis, keys: Keys) -> Iterator[dict[str, Any]]:
    """Yield the audit as it was in one moment: a head that is behind its entries lets no further one be written.

    Last of all: a decision of which nothing came is in it rather than one of which it does not tell.
    """
    head = _read(client, keys, keys.audit_head)
    if head is None:
        return
    yield head
    entries, last = _read(client, keys, keys.audit), int(head["value"]["number"])
    known = [each for each in entries["value"] if int(each[0].partition("-")[0]) <= last] if entries else []
    if entries and known:
        yield {**entries, "value": known}


def _read(client: Redis, keys: Keys, key: str) -> dict[str, Any] | None:
    return _row(client, key, key.removeprefix(f"{keys.root}:"))


def names(client: Redis, keys: Keys) -> Iterator[str]:
    """Yield every key under the prefix that is worth keeping, each once."""
    here: dict[str, Any] = {"target_nodes": cluster.ours()} if (cluster := cluster_of(client)) else {}
    seen: set[str] = set()  # a scan may give one twice
    for found in client.scan_iter(match=f"{_literal(keys.root)}:*", count=1000, **here):
        key = str(found)
        if key not in seen and not key.removeprefix(f"{keys.root}:").startswith(MOMENTARY):
            seen.add(key)
            yield key


def _literal(text: str) -> str:
    """Return a pattern for SCAN that matches the text alone."""
    return "".join(f"\\{each}" if each in "*?[]\\^" else each for each in text)


def _row(client: Redis, key: str, name: str) -> dict[str, Any] | None:
    """Return a key as a line; None when it has ended meanwhile."""
    sort = str(client.type(key))
    if sort == "none":
        return None
    left: Any = client.pttl(key)
    seconds, micros = client.time()
    value = _SORTS[sort].read(client, key)
    if not value:
        return None
    ends = int(seconds) * 1000 + int(micros) // 1000 + int(left) if int(left) >= 0 else None
    return {"key": name, "type": sort, "value": value, "ends": ends}


# Back


def look(path: Path) -> Written:
    """Read the whole file and return what is in it.

    Raises:
        Damaged: it is none of ours, cut off, or changed.
        Refused: a later release wrote it.
        OSError: it cannot be read.
    """
    head, count = _head(path), 0
    for _ in _rows(path):
        count += 1
    return Written(str(head["prefix"]), str(head["at"]), count)


def restore(client: Redis, keys: Keys, path: Path) -> Written:
    """Put everything back under a prefix that has nothing yet; what has ended meanwhile is left out.

    Raises:
        Damaged, OSError: as ``look``; nothing was written.
        Refused: it is another bot's, or of a later release, or there is something under the prefix already.
        Unavailable: Redis did not answer; do it again on an empty prefix.
    """
    known, ended = look(path), 0
    if known.prefix != keys.root.strip("{}"):
        raise Refused(
            f"This is a backup of the bot `{known.prefix}`, and not of `{keys.root.strip('{}')}`.",
            hint=f"Set TUNESMITH_REDIS_PREFIX={known.prefix}: what the bot made in AWS is tagged with it.",
        )
    with translated():
        if next(names(client, keys), None) is not None:
            raise Refused(
                f"There is something in Redis under `{known.prefix}` already.",
                hint="Stop every process of this bot, and restore into an empty Redis.",
            )
        seconds, _ = client.time()
        rows = list[Mapping[str, Any]]()
        for row in _rows(path):
            if row["ends"] is not None and row["ends"] <= int(seconds) * 1000:
                ended += 1
                continue
            rows.append(row)
            if len(rows) >= BATCH:
                _put(client, keys, rows)
                rows = []
        _put(client, keys, rows)
    return Written(known.prefix, known.at, known.count - ended, ended)


def _put(client: Redis, keys: Keys, rows: Sequence[Mapping[str, Any]]) -> None:
    to = client.pipeline(transaction=False)
    for row in rows:
        key = f"{keys.root}:{row['key']}"
        to.delete(
            key
        )  # the client repeats all of them when the reply was lost, and a list would have them twice
        for part in _parts(row["value"]):
            _SORTS[row["type"]].write(to, key, part)
        if row["ends"] is not None:
            to.pexpireat(key, row["ends"])
    if rows:
        to.execute()


def _parts(value: Value) -> Iterator[Value]:
    """Yield the value in pieces that a command takes."""
    if isinstance(value, list):
        yield from (value[start : start + BATCH] for start in range(0, len(value), BATCH))
    else:
        yield value


def _head(path: Path) -> Mapping[str, Any]:
    with _opened(path) as file:
        head = _parsed(file.readline())
    if head.get("tunesmith") != "backup" or not all(_is_text(head.get(each)) for each in ("prefix", "at")):
        raise Damaged("This file is no backup of Tunesmith's.")
    schema = head.get("schema")
    if head.get("form") != FORM or not isinstance(schema, int) or schema > SCHEMA:
        raise Refused(
            "A later release wrote this backup.", hint="Restore it with that release, or with a later one."
        )
    return head


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the keys; that they were all of them and unchanged is known at the end."""
    digest, count, last = hashlib.sha256(), -1, ""
    with _opened(path) as file:
        for line in file:
            if last:
                digest.update(last.encode())
                count += 1
                if count:
                    yield _checked(_parsed(last))
            last = line
    tail = _parsed(last)
    if tail.get("count") != count or tail.get("sha256") != digest.hexdigest():
        raise Damaged("The backup is cut off or was changed: its checksum does not fit.")


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            yield file
    except (gzip.BadGzipFile, zlib.error, EOFError, UnicodeDecodeError) as error:
        raise Damaged("The backup is cut off or damaged.", detail=repr(error)) from error


def _parsed(line: str) -> Mapping[str, Any]:
    with suppress(ValueError, RecursionError):
        row = json.loads(line)
        if isinstance(row, dict):
            return row
    raise _strange()


def _checked(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a key as ``_row`` writes it: a file with a checksum that fits may say anything all the same."""
    name, ends = row.get("key"), row.get("ends", False)
    sort = _SORTS.get(named) if isinstance(named := row.get("type"), str) else None
    ends_well = ends is None or (isinstance(ends, int) and not isinstance(ends, bool) and 0 <= ends < _LAST)
    if not (name and _is_text(name) and sort and sort.holds(row.get("value")) and ends_well):
        raise _strange()
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a character: Redis takes none
        raise _strange() from None
    return row


def _strange() -> Damaged:
    return Damaged("The backup has a line that is none of a backup's.")
