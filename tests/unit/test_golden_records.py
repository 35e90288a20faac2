"""What any version has written is read by every later one: a record of every kind and version, as it was stored.

A record is never changed. Who raises a schema's version adds one: ``tests/data/records/<kind>/<version>.json``.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.controller.documents import dump, load
from bot.controller.engine_status import EngineStatus
from bot.controller.kind import AnyKind
from bot.controller.model import Key, Resource
from bot.controller.schema import Reading
from bot.kinds import KINDS, SCHEMAS

RECORDS = Path(__file__).resolve().parents[1] / "data" / "records"
UNKNOWN = "a member of tomorrow"

Record = dict[str, Any]


def records() -> Iterator[tuple[AnyKind, int, Record]]:
    for kind in KINDS.values():
        for version in range(1, kind.schema.version + 1):
            path = RECORDS / kind.name / f"{version}.json"
            yield kind, version, json.loads(path.read_text(encoding="utf-8"))


def read(kind: AnyKind, record: Record) -> Resource | None:
    spec, status = json.dumps(record["spec"]), json.dumps(record["status"])
    return Reading(SCHEMAS).resource(Key(kind.name, "x"), spec, 1, status, 1, done=False, due_at=None)


def known(kind: AnyKind, record: Record) -> Record:
    """Return what today's schema makes of the record, as it would store it again."""
    engine = EngineStatus.of(record["status"])
    return {
        "spec": dump(load(kind.schema.spec, record["spec"])),
        "status": kind.schema.stored(kind.schema.status_in(record["status"]), engine, {}),
    }


def lost(before: object, after: object, where: str) -> Iterator[str]:
    """Name what stood in one and stands not, or otherwise, in the other."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name, value in before.items():
            if name in after:
                yield from lost(value, after[name], f"{where}.{name}")
            else:
                yield f"{where}.{name} is lost"
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from lost(old, new, f"{where}[{number}]")
    elif before != after:
        yield f"{where}: {before!r} became {after!r}"


def levels(value: object) -> Iterator[dict[str, Any]]:
    """Return every object within a document, itself first."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from levels(each)


def test_there_is_a_record_of_every_kind_and_version() -> None:
    wanted = {f"{name}/{number}" for name, each in SCHEMAS.items() for number in range(1, each.version + 1)}

    assert {f"{path.parent.name}/{path.stem}" for path in RECORDS.glob("*/*.json")} == wanted


def test_every_record_is_read_and_keeps_all_its_members() -> None:
    wrong = []
    for kind, version, record in records():
        if read(kind, record) is None:
            wrong.append(f"{kind.name}/{version} cannot be read")
            continue
        wrong += lost(record, known(kind, record), f"{kind.name}/{version}")

    assert wrong == []


def test_members_of_tomorrow_are_ignored_at_every_level() -> None:
    wrong, tried = [], 0
    for kind, version, record in records():
        for number, _ in enumerate(levels(record)):
            later = copy.deepcopy(record)
            level = list(levels(later))[number]
            # As one of its siblings, so that it fits where any name may stand, in a table of hyperparameters say.
            level[UNKNOWN] = copy.deepcopy(next(iter(level.values()), 1))
            tried += 1
            if read(kind, later) is None:
                wrong.append(f"{kind.name}/{version}: {UNKNOWN} in {json.dumps(level)[:90]}")
            else:
                wrong += lost(known(kind, record), known(kind, later), f"{kind.name}/{version}")

    assert wrong == []
    assert tried > 3 * len(KINDS)


def test_a_record_of_a_newer_version_is_left_alone() -> None:
    newer = [
        (kind, record | {"spec": record["spec"] | {"v": kind.schema.version + 1}})
        for kind, _, record in records()
    ]

    assert [kind.name for kind, record in newer if read(kind, record) is not None] == []
