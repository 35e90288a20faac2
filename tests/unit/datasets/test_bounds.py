"""What a file may take of memory and time, whatever it holds."""

import gc
import json
import random
import time
import tracemalloc
from array import array
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.file_statistics import duplicates, sketches
from bot.datasets.file_statistics.duplicates import Memory
from bot.datasets.file_statistics.sketches import Likes
from bot.datasets.formats import pairs
from bot.datasets.model import Role
from bot.datasets.reading import parsing
from bot.datasets.reading.literals import as_json
from bot.datasets.rules import file as rules
from bot.datasets.validation import _Validation
from tests.examples import examples
from tests.unit.datasets.samples import CLAUDE, judge

MEGABYTE = 1 << 20
QUARTER = MEGABYTE // 4
HEAD = '{"messages": [{"role": "user", "content": "'

LINES = {
    "cut off": HEAD + "the claim was late " * 13_000,
    "cut off, with escapes and quotes": HEAD + 'a\\n\\n\\"" \\t' * 22_000,
    "cut off between strings": '{"messages": [' + '"ab",' * 50_000,
    "raw control characters": HEAD + "late\tagain " * 22_000 + '"}]}',
    "loose commas": '{"a": [' + "[1,]," * 50_000 + "]}",
    "a comma at the end": HEAD + "the claim " * 25_000 + '"}]},',
    "brackets": "[" * QUARTER,
    "digits": '{"a": ' + "1" * QUARTER + "}",
    "a Python repr of many values": repr({"messages": [{"role": "user", "content": None}] * 5_000}),
    "a Python repr of one text": repr({"messages": [{"role": "user", "content": "a\nb'" * 50_000}]}),
}


def peak_of(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_damaged_line_takes_no_more_than_its_values_do(line: str) -> None:
    data = line.encode()
    assert peak_of(lambda: parsing.parse(data)) < 40 * QUARTER


@pytest.mark.slow
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_damaged_line_is_explained_in_a_moment(line: str) -> None:
    data = line.encode()
    started = time.process_time()
    assert parsing.parse(data).problems
    assert time.process_time() - started < 6


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.slow
@settings(max_examples=examples(200), deadline=None)
@given(value=st.dictionaries(st.text(min_size=1), JSON, min_size=1, max_size=4))
def test_what_repr_writes_is_read_as_it_was(value: dict[str, object]) -> None:
    written = as_json(repr(value))
    if written is None:  # the beginning is that of JSON, too: its first value is no sign of Python
        assert not repr(value).startswith("{'")
    else:
        assert json.loads(written) == value


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("{'a': (1, 2)}", {"a": [1, 2]}),
        ("{'a': (1,), 'b': (), 'c': [(1, 2), (3,)]}", {"a": [1], "b": [], "c": [[1, 2], [3]]}),
        ("{'a': [1, 2,], }", {"a": [1, 2]}),
        ("{'a': -1.5e+30, 'b': \"it's\"}", {"a": -1.5e30, "b": "it's"}),
    ],
)
def test_tuples_and_loose_commas_of_python(literal: str, value: object) -> None:
    assert json.loads(as_json(literal) or "") == value


@pytest.mark.parametrize(
    "literal",
    [
        "{'a': (1)}", "{'a': ([1, 2])}", "{'a': b'x'}", "{'a': f(1)}", "{'a': 1 + 1}", "{'a': nan}", "{'a': '\\q'}",
        "{'a': 0x1f}", "{'a': 1_000}",
    ],
)  # fmt: skip
def test_what_json_cannot_say_is_left_alone(literal: str) -> None:
    parsed = parsing.parse(literal.encode())
    assert rules.PYTHON_REPR not in [each.rule for each in parsed.problems]


@pytest.mark.slow
def test_the_columns_of_a_table_are_told_apart_once_for_all_rows() -> None:
    header = ["prompt", "completion", *(f"column {number}" for number in range(1000))]
    rows = "".join(f"q{row},a{row}{',x' * 1000}\n" for row in range(12))
    before = pairs._parts_of.cache_info()
    started = time.process_time()
    report = judge(f"{','.join(header)}\n{rows}".encode())
    after = pairs._parts_of.cache_info()
    assert report.records == 12
    assert after.misses - before.misses <= 8
    assert time.process_time() - started < 6


def test_a_line_with_a_million_values_is_not_parsed() -> None:
    data = b'{"a": [' + b"[]," * 1_100_000 + b"1]}"
    used = peak_of(lambda: judge(data + b"\n{}\n"))
    assert [(cause.code, cause.lines) for cause in judge(data + b"\n{}\n").causes if cause.count == 1][
        :2
    ] == [
        ("line-too-long", (1,)),
        ("missing-messages", (2,)),
    ]
    assert used < 30 * MEGABYTE


@pytest.mark.slow
def test_an_element_that_is_too_long_is_told_once_and_wholly_left_out() -> None:
    good = '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}'
    data = f'[{good}, {{"a": "{"x" * (40 * MEGABYTE)}"}}, {good}]'.encode()
    report = judge(data)
    assert report.records == 2
    assert [cause.count for cause in report.causes if cause.code == "line-too-long"] == [1]
    assert "not-json" not in {cause.code for cause in report.causes}


def test_reading_ends_after_so_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.datasets.reading.reader.MAX_ROWS", 5)
    causes = {cause.code: cause for cause in judge(b"{}\n" + b"\n" * 9).causes}
    assert causes["blank-line"].count == 4
    assert "more than 5 rows" in causes["too-many-rows"].message
    assert "too-many-rows" not in {cause.code for cause in judge(b"{}\n" * 5).causes}


def test_judging_ends_after_so_many_rows_that_are_not_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.datasets.validation.MOST_JUDGED_SLOWLY", 3)
    report = judge(b"{}\n" * 9)
    causes = {cause.code: cause for cause in report.causes}
    assert causes["missing-messages"].count == report.records == 3
    assert causes["too-many-rows"].message == "3 rows are not right as they stand: what follows was not read."


def test_a_table_of_blank_lines_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.datasets.reading.tables.MAX_LINES", 30)
    data = b"prompt,completion\nq,a\n" + b"\n" * 60
    assert "too-many-rows" in {cause.code for cause in judge(data).causes}


def test_the_digest_is_that_of_the_whole_file_however_soon_reading_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = judge(b"{}\n" * 9)
    monkeypatch.setattr("bot.datasets.reading.reader.MAX_ROWS", 2)
    cut = judge(b"{}\n" * 9)
    assert (cut.sha256, cut.bytes) == (whole.sha256, whole.bytes)
    assert BytesIO(b"{}\n" * 9).getbuffer().nbytes == cut.bytes


@pytest.mark.slow
def test_what_is_remembered_of_rows_has_the_size_that_is_promised() -> None:
    """The two stores that grow with a file until they are full, each with the old table while one doubles."""
    dice = random.Random(5)

    def copies() -> None:
        memory = Memory()
        for line in range(duplicates.REMEMBERED + 4096):
            memory.see(line, dice.getrandbits(62), dice.getrandbits(62))

    def near_copies() -> None:
        likes = Likes()
        for line in range(sketches.REMEMBERED + 4096):
            likes.remember(line, array("I", dice.randbytes(4 * 48)))

    assert peak_of(copies) < 12 * MEGABYTE
    assert peak_of(near_copies) < 22 * MEGABYTE


@pytest.mark.slow
def test_nothing_more_is_kept_of_a_file_when_what_is_remembered_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With small stores, as a file of some hundred megabytes fills the real ones: whatever else grows shows here."""
    for name in ("duplicates.REMEMBERED", "sketches.REMEMBERED", "statistics._KEPT", "lengths._KEPT"):
        monkeypatch.setattr(f"bot.datasets.file_statistics.{name}", 256)
    monkeypatch.setattr("bot.datasets.file_statistics.statistics._BLOCK", 64)
    dice = random.Random(6)
    words = ["".join(dice.choices("etaoinshrdlu", k=dice.randint(2, 9))) for _ in range(500)]

    def kept_of(rows: int) -> int:
        texts = [" ".join(dice.choices(words, k=20)) for _ in range(rows + 1)]
        data = b"".join(
            json.dumps(
                {"messages": [{"role": "user", "content": one}, {"role": "assistant", "content": other}]}
            ).encode()
            + b"\n"
            for one, other in pairwise(texts)
        )
        judging = _Validation(CLAUDE, Role.TRAINING, None, thorough=True)
        tracemalloc.start()
        try:
            judging.run(BytesIO(data), "case.jsonl")
            gc.collect()
            return tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()

    kept_of(1200)
    assert kept_of(4800) < kept_of(1200) + 80_000
