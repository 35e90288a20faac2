"""Files made from cases: see tests/data/datasets/README.md."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from bot.datasets.formats.conversion import write
from bot.datasets.formats.dialogue import Dialogue
from bot.datasets.model import Report, Role
from bot.datasets.validation import validate
from bot.profiles import registry
from bot.profiles.model import Profile

FOLDER = Path(__file__).parents[2] / "data" / "datasets"
CLAUDE = registry.get("claude-3-haiku")
Case = dict[str, Any]


def cases() -> list[Case]:
    """Return the cases of all families, each named after its family."""
    return [
        case | {"name": f"{path.stem}: {case['name']}"}
        for path in sorted(FOLDER.glob("*.json"))
        for case in json.loads(path.read_text("utf-8"))
    ]


def told() -> list[dict[str, str]]:
    """Return the texts in which something is found that should not be learnt."""
    texts: list[dict[str, str]] = json.loads((FOLDER / "content" / "told.json").read_text("utf-8"))
    return texts


def good(index: int, profile: Profile = CLAUDE) -> dict[str, Any]:
    """Return a record without fault; each index gives another."""
    turns = (("user", f"How much is {index} and one?"), ("assistant", f"{index + 1}"))
    return write(Dialogue(None, turns), profile.record_format)


def lines(*rows: Any, pad: int = 40, profile: Profile = CLAUDE) -> bytes:
    """Return a file of these rows (objects, texts or bytes) with good ones after them."""
    parts = [row_bytes(row) for row in (*rows, *(good(index, profile) for index in range(pad)))]
    return b"".join(part + b"\n" for part in parts)


def judge(data: bytes, profile: Profile = CLAUDE, role: Role = Role.TRAINING) -> Report:
    """Return the report of a file in memory."""
    return validate(BytesIO(data), profile, role, "case.jsonl")


def row_bytes(row: Any, *, ascii_only: bool = True) -> bytes:
    if isinstance(row, bytes):
        return row
    if isinstance(row, str):
        return row.encode("utf-8")
    if isinstance(row, dict) and "$hex" in row:
        return bytes.fromhex(row["$hex"])
    if isinstance(row, dict) and "$repeat" in row:
        before, unit, times, after = row["$repeat"]
        return f"{before}{unit * times}{after}".encode()
    if isinstance(row, dict) and "$record" in row:
        length, unit = row["$record"]
        text = (unit * length)[:length]
        row = write(Dialogue(None, (("user", text), ("assistant", "b"))), CLAUDE.record_format)
    return json.dumps(row, ensure_ascii=ascii_only).encode("utf-8")


def profile_of(case: Case) -> Profile:
    return registry.get(case.get("profile", CLAUDE.name))


def file_of(case: Case) -> bytes:
    """Return the bytes of a case's file."""
    profile = profile_of(case)
    if "style" in case:
        return _styled(case["style"], [good(index, profile) for index in range(40)])
    rows = list(case.get("rows", []))
    if "repeat" in case:
        times, row = case["repeat"]
        rows = [json.dumps(row).replace("$", str(index)) for index in range(times)]
    pad = case.get("pad", 0 if "file" in case or "file_hex" in case else 120)
    ascii_only = case.get("ascii", True)
    all_rows = [
        row_bytes(row, ascii_only=ascii_only) for row in (*rows, *(good(i, profile) for i in range(pad)))
    ]
    ending = case.get("ending", "\n").encode()
    data = b"".join(row + ending for row in all_rows)
    data = data.removesuffix(b"\n") if case.get("no_last_newline") else data
    head = bytes.fromhex(case["file_hex"]) if "file_hex" in case else case.get("file", "").encode()
    whole = head + data
    whole = whole.decode().encode(case["encoding"]) if "encoding" in case else whole
    return PACKERS[case["pack"]](whole) if "pack" in case else whole


def zipped(*contents: bytes) -> bytes:
    """Return an archive of these files, with what macOS adds to archives."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("data/", b"")
        for index, content in enumerate(contents):
            archive.writestr(f"data/part-{index}.jsonl", content)
            archive.writestr(f"__MACOSX/data/._part-{index}.jsonl", b"\0\0")
    return target.getvalue()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zip": zipped,
}


def _styled(style: str, records: list[dict[str, Any]]) -> bytes:
    texts = {
        "array": json.dumps(records),
        "pretty-array": json.dumps(records, indent=2),
        "array-of-lines": "[" + ",\n".join(json.dumps(each) for each in records) + "]\n",
        "pretty-objects": "\n".join(json.dumps(each, indent=4) for each in records),
    }
    return texts[style].encode()
