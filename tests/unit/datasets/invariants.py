"""What holds for every file, whatever is in it. Each function raises AssertionError with the matter in its words."""

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

from bot.datasets.findings import MAX_LINES
from bot.datasets.model import Report, Role, Severity, Verdict
from bot.datasets.repairs import repair
from bot.datasets.repairs.registry import REPAIRS
from bot.datasets.reports.text import as_json, as_text
from bot.datasets.validation import validate
from bot.errors import Refused
from bot.profiles import registry
from bot.profiles.model import Profile
from tests.unit.datasets import naive

BY_JUDGEMENT = {
    "other-format",
    "misspelt-key",
    "content-key",
    "mixed-media",
    "other-bucket",
    "too-few-records",
    "too-many-media",
    "too-many-tokens",
    "validation-not-allowed",
}
"""Errors that say more than the rules of a line: formats by their looks, keys by their likeness, tokens by estimate,
and how many records there are."""

PACKED = {"gzip", "zip", "compressed", "broken-packing"}
COATS = PACKED | {"encoding", "json-array", "multi-line-json", "csv"}
"""What hides something else: under it, damaged rows may look otherwise, so less is promised for a blocked file."""


def small(name: str, tokens: int = 32_000, records: int = 1) -> Profile:
    """Return the base's profile, which takes ``records`` or more, so that small files can be good."""
    profile = registry.get(name)
    limits = replace(profile.limits, min_records=records, advised_records=None, max_tokens_per_record=tokens)
    return replace(profile, limits=limits)


PROFILES = tuple(small(each) for each in registry.PROFILES)


class Chunked(io.RawIOBase):
    """A stream that gives so many bytes a read and no more, as a socket may."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__()
        self._stream = io.BytesIO(data)
        self._size = size

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(min(size, self._size) if size >= 0 else self._size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self._stream.read(min(len(view), self._size))
        view[: len(data)] = data
        return len(data)


def judged(data: bytes, profile: Profile, role: Role = Role.TRAINING) -> Report:
    return validate(io.BytesIO(data), profile, role, "odd.jsonl")


def is_complete(data: bytes, report: Report) -> None:
    """The report is whole, its lines are in the file, its verdict follows from its causes, and it can be shown."""
    codes = {cause.code for cause in report.causes}
    last = sys.maxsize if codes & PACKED else data.count(b"\n") + 1
    assert report.bytes == len(data)
    keys = [replace(each, count=0, lines=()) for each in report.causes]
    assert len(set(keys)) == len(keys), f"one cause twice: {keys}"
    for cause in report.causes:
        assert cause.message.strip(), cause
        assert cause.hint.strip(), cause
        assert cause.count >= max(1, len(cause.lines)), cause
        assert len(cause.lines) <= MAX_LINES, cause
        assert list(cause.lines) == sorted(set(cause.lines)), cause
        assert all(1 <= line <= last for line in cause.lines), cause
        assert cause.repair is None or cause.repair in REPAIRS, cause
    expected = Verdict.READY if not report.errors else Verdict.BLOCKED
    if report.errors and all(cause.repair for cause in report.errors):
        expected = Verdict.REPAIRABLE
    assert report.verdict is expected
    assert all(each.severity is Severity.ERROR for each in report.errors)
    as_text(report).encode("utf-8")
    json.dumps(as_json(report), ensure_ascii=False, allow_nan=False).encode("utf-8")


def is_the_same_in_pieces(data: bytes, profile: Profile, report: Report, size: int) -> None:
    """However the bytes come, the report is the same."""
    assert validate(Chunked(data, size), profile, report.role, "odd.jsonl") == report


def is_what_a_second_opinion_says(data: bytes, profile: Profile, report: Report) -> None:
    """A file is ready when the naive rules find nothing either, and the lines that they find are the lines told."""
    bad = naive.bad_lines(data, profile)
    if report.verdict is Verdict.READY:
        assert bad == {}, f"ready, and yet {bad}"
        return
    if not bad and naive.lines(data):
        codes = {each.code for each in report.errors}
        assert codes & BY_JUDGEMENT, f"a false alarm: {codes}"


def is_fixed_once(data: bytes, profile: Profile, report: Report, folder: Path) -> None:
    """A repair leaves nothing to repair, loses no other error, never touches the original, and is done after one go."""
    source, target, again = folder / "in.jsonl", folder / "out.jsonl", folder / "again.jsonl"
    source.write_bytes(data)
    try:
        repair(source, target, profile)
    except Refused:
        assert report.verdict is Verdict.BLOCKED, "what the verdict says can be mended was refused"
        return
    assert source.read_bytes() == data
    fixed = target.read_bytes()
    after = judged(fixed, profile, report.role)
    is_complete(fixed, after)
    codes = {each.code for each in (*report.causes, *after.causes)}
    promised = report.verdict is not Verdict.BLOCKED or not codes & COATS
    assert [each for each in after.causes if each.repair and promised] == []
    if report.verdict is not Verdict.BLOCKED and report.records:
        assert after.verdict is Verdict.READY, f"was {report.verdict}, is {after.errors}"
    if not promised:
        return
    if report.verdict is Verdict.BLOCKED:
        assert after.verdict is Verdict.BLOCKED, "a repair hid what no repair may mend"
    try:
        summary = repair(target, again, profile)
    except Refused:
        assert after.verdict is Verdict.BLOCKED
        return
    assert again.read_bytes() == fixed, f"repaired twice: {summary.lines()}"
    assert not summary.changed


def all_hold(data: bytes, profile: Profile, role: Role, folder: Path, size: int) -> None:
    """Everything at once."""
    report = judged(data, profile, role)
    is_complete(data, report)
    is_the_same_in_pieces(data, profile, report, size)
    is_what_a_second_opinion_says(data, profile, report)
    is_fixed_once(data, profile, report, folder)
