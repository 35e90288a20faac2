"""The stream itself: size, digest, line numbers, and things too large to write down as a case."""

import gzip
import hashlib
import io
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.datasets.findings import Finding
from bot.datasets.model import Role, Verdict
from bot.datasets.reading.documents import _Splitter
from bot.datasets.reading.reader import MAX_LINE, Reader
from bot.datasets.validation import validate
from bot.profiles.model import Profile
from tests.unit.datasets.samples import CLAUDE, good, judge, lines


class Trickle(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a socket may."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__()
        self._data = io.BytesIO(data)
        self._size = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._data.read(min(self._size, len(buffer)))
        buffer[: len(data)] = data
        return len(data)


def small(profile: Profile, size: int) -> Profile:
    return replace(profile, limits=replace(profile.limits, max_training_bytes=size))


def test_size_digest_and_name_come_from_the_same_pass(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(data := lines(pad=50))
    report = validate(path, CLAUDE)
    assert (report.file, report.bytes, report.records) == ("claims.jsonl", len(data), 50)
    assert report.sha256 == hashlib.sha256(data).hexdigest()
    assert report == validate(path, CLAUDE, Role.TRAINING)


@pytest.mark.parametrize("head", [b"\x1f\x8b", b"<html>", b"\xff\xfe", b"[1,2,3]", b"", b"\xef\xbb\xbf"])
def test_the_digest_is_of_the_bytes_as_they_came(head: bytes) -> None:
    data = head + lines(pad=3)
    report = judge(data)
    assert (report.bytes, report.sha256) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_a_stream_may_give_few_bytes_at_a_time(size: int) -> None:
    data = lines("x", pad=20)
    stream = Trickle(data, size)
    assert validate(stream, CLAUDE, file_name="case.jsonl") == judge(data)
    assert not stream.closed


def test_a_stream_is_read_from_where_it_stands() -> None:
    data = lines(pad=40)
    stream = io.BytesIO(b"a header of the transport\n" + data)
    stream.readline()
    assert validate(stream, CLAUDE, file_name="case.jsonl") == judge(data)


@pytest.mark.slow
def test_a_line_that_never_ends_is_named_and_skipped() -> None:
    report = judge(lines("x", b"y" * (MAX_LINE + 5), "z"))
    named = {cause.code: cause.lines for cause in report.causes}
    assert named == {"line-too-long": (2,), "not-json": (1, 3)}


@pytest.mark.slow
def test_a_last_line_of_just_the_limit_is_read() -> None:
    row = b'{"messages": []}'
    report = judge(row + b" " * (MAX_LINE - len(row)))
    assert {cause.code for cause in report.causes} == {"too-few-messages", "too-few-records"}


@pytest.mark.slow
def test_an_element_that_never_ends_is_named() -> None:
    report = judge(b'[\n{"messages": "' + b"y" * (17 << 20))
    assert "line-too-long" in {cause.code for cause in report.causes}


def test_a_file_beyond_the_limit_of_bytes_is_refused() -> None:
    data = lines(pad=40)
    assert judge(data, small(CLAUDE, len(data))).verdict is Verdict.READY
    assert {cause.code for cause in judge(data, small(CLAUDE, len(data) - 1)).causes} == {"too-large"}


def test_elements_of_an_array_are_numbered_by_the_line_they_begin_on() -> None:
    text = b'[\n  {"messages": 1},\n\n  {\n "messages": 2\n }\n , {"messages": 3} ]\n'
    found: list[Finding] = []
    reader = Reader(io.BytesIO(text), found.append)
    rows = list(reader.rows())
    reader.close()
    assert [number for number, _ in rows] == [2, 4, 7]
    assert rows[1][1] == b'{\n "messages": 2\n }'


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 11])
def test_elements_may_be_divided_between_reads(chunk: int) -> None:
    text = '[{"a": "]},{\\"" }, "x\\\\", [1, {"b": "é"}], 3]'.encode()
    found: list[Finding] = []
    splitter = _Splitter(found.append)
    parts = [text[start : start + chunk] for start in range(0, len(text), chunk)]
    elements = [element for part in parts for _, element in splitter.feed(part)]
    assert elements == [b'{"a": "]},{\\"" }', b'"x\\\\"', '[1, {"b": "é"}]'.encode(), b"3"]
    assert list(splitter.finish()) == []
    assert found == []


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file() -> None:
    """Measured on faulty rows, which cost the most: what is kept is counts and ten line numbers."""

    def peak(rows: int) -> int:
        data = io.BytesIO(lines({"a": "x" * 500}, pad=10) * rows)
        tracemalloc.start()
        validate(data, CLAUDE, file_name="case.jsonl")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = peak(20), peak(400)
    assert many < few + 2_000_000


@pytest.mark.slow
def test_unknown_keys_without_number_stay_a_few_causes() -> None:
    rows = [good(index) | {f"key-{index}": 1} for index in range(300)]
    report = judge(lines(*rows, pad=0))
    assert len(report.causes) < 25
    assert sum(cause.count for cause in report.causes) == 300
    assert report.verdict is Verdict.BLOCKED, "nobody knows what is in them"


@pytest.mark.slow
def test_a_line_of_countless_objects_is_not_taken_apart() -> None:
    report = judge(b"{}" * ((1 << 17) + 1) + b"\n" + lines())
    assert [(cause.code, cause.lines) for cause in report.errors] == [("not-json", (1,))]
    assert report.records == 41


@pytest.mark.slow
def test_many_unknown_keys_are_gone_through_once() -> None:
    """Each was once looked up in a list of all: so many took minutes, and the test's limit is half of one."""
    row = good(1) | {f"k{index}": 1 for index in range(100_000)}
    report = judge(lines(row))
    assert sum(cause.code == "content-key" for cause in report.causes) <= 21


def test_a_packed_file_is_as_large_as_what_comes_out_of_it() -> None:
    data = lines(pad=200)
    packed = gzip.compress(data)
    limits = replace(CLAUDE.limits, max_training_bytes=len(data) - 1)
    report = judge(packed, replace(CLAUDE, limits=limits))
    assert [each.code for each in report.errors] == ["gzip", "too-large"]
    assert (report.verdict, report.bytes) == (Verdict.BLOCKED, len(packed))
    assert judge(packed).verdict is Verdict.REPAIRABLE
