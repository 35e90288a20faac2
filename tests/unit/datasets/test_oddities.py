"""Every oddity that a file can have: recognised, named once with its count and first lines, and nothing else hidden.

Each file holds the oddity and, apart from it, an empty answer. Both must be told, and whatever a repair leaves.
"""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.datasets.model import Severity, Verdict
from bot.datasets.repairs import repair
from bot.errors import Refused
from tests.unit.datasets.samples import CLAUDE, good, judge, zipped

GOOD = [json.dumps(good(index)).encode() for index in range(40)]
EMPTY_ANSWER = json.dumps(
    {"messages": [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": ""}]}
).encode()
ROWS = [*GOOD[:4], EMPTY_ANSWER, *GOOD[4:]]
FILE = b"".join(row + b"\n" for row in ROWS)
TALKS = [json.loads(row)["messages"] for row in ROWS]
TABLE = "prompt{0}completion\n" + "".join(
    f'"{talk[0]["content"]}"{{0}}"{talk[1]["content"]}"\n' for talk in TALKS
)


def with_row(*odd: bytes) -> bytes:
    """Return the file with these rows on lines 2 and on."""
    return b"".join(row + b"\n" for row in (ROWS[0], *odd, *ROWS[1:]))


def again(row: bytes, change: Callable[[bytes], bytes]) -> tuple[bytes, bytes]:
    """Return two rows with the same oddity and other texts."""
    return change(row.replace(b"one?", b"two?")), change(row.replace(b"one?", b"three?"))


@dataclass(frozen=True, slots=True)
class Oddity:
    """``lines`` are the rows that have it, none for the file as a whole; ``count`` where it differs from theirs.

    ``empty_at`` is the line of the empty answer, 0 where no row can be read.
    """

    name: str
    data: bytes
    code: str
    lines: tuple[int, ...] = (2, 3)
    fix: str | None = None
    empty_at: int = 7
    severity: Severity = Severity.ERROR


ROW = GOOD[39]
QUOTE = ROW.decode().replace('"', "'")
ODDITIES = [
    Oddity("a byte-order mark", b"\xef\xbb\xbf" + FILE, "byte-order-mark", (1,), "strip-byte-order-mark", 5),
    Oddity("a mark within", with_row(*again(ROW, lambda row: b"\xef\xbb\xbf" + row)), "byte-order-mark",
           fix="strip-byte-order-mark"),
    Oddity("UTF-16", FILE.decode().encode("utf-16"), "encoding", (), "re-encode", 5),
    Oddity("UTF-32", FILE.decode().encode("utf-32"), "encoding", (), "re-encode", 5),
    Oddity("Latin-1", with_row(*again(ROW, lambda row: row.replace(b"How", b"H\xf6w"))), "not-utf-8"),
    Oddity("mixed endings", with_row(*again(ROW, lambda row: row + b"\r")), "mixed-line-endings", (2,),
           severity=Severity.WARNING),
    Oddity("blank lines", with_row(b"", b"  \t"), "blank-line", fix="drop-blank-lines"),
    Oddity("gzip", gzip.compress(FILE), "gzip", (), "unpack", 5),
    Oddity("zip", zipped(FILE), "zip", (), "unpack", 5),
    Oddity("bzip2", bz2.compress(FILE), "compressed", (), "unpack", 5),
    Oddity("xz", lzma.compress(FILE), "compressed", (), "unpack", 5),
    Oddity("a zip of two", zipped(FILE, FILE), "broken-packing", (), None, 5),
    Oddity("gzip cut off", gzip.compress(FILE)[:-9], "broken-packing", (), None, 5),
    Oddity("HTML", b"<!DOCTYPE html><html><body>Sign in</body></html>", "html", (), None, 0),
    Oddity("XLSX", b"PK\x03\x04\x14\0\x08\0\x08\0[Content_Types].xml xl/workbook.xml", "xlsx", (), None, 0),
    Oddity("CSV", TABLE.format(",").encode(), "csv", (1,), "table-to-lines", 6),
    Oddity("TSV", TABLE.format("\t").encode(), "csv", (1,), "table-to-lines", 6),
    Oddity("semicolons", TABLE.format(";").encode(), "csv", (1,), "table-to-lines", 6),
    Oddity("CSV in UTF-16", TABLE.format(",").encode("utf-16"), "csv", (1,), "table-to-lines", 6),
    Oddity("CSV that does not tell", b"a,b\n" + b"c,d\n" * 9, "csv", (), None, 0),
    Oddity("a ragged table", (TABLE.format(",") + "a\nb,c,d\n").encode(), "table-row", (43, 44), None, 6),
    Oddity("a pretty-printed array", json.dumps([json.loads(row) for row in ROWS], indent=1).encode(),
           "json-array", (1,), "array-to-lines", 50),
    Oddity("an array on one line", b"[" + b",".join(ROWS) + b"]", "json-array", (1,), "array-to-lines", 1),
    Oddity("pretty-printed objects", b"\n".join(json.dumps(json.loads(row), indent=1).encode() for row in ROWS),
           "multi-line-json", (1,), "array-to-lines", 49),
    Oddity("several objects on a line", with_row(ROW.replace(b"one", b"two") + b" " + ROW), "joined-objects", (2,),
           "split-joined-objects", 6),
    Oddity("Python reprs", with_row(*again(ROW, lambda row: str(json.loads(row)).encode())), "python-repr",
           fix="python-to-json"),
    Oddity("truncated JSON", with_row(*again(ROW, lambda row: row[:-20])), "truncated-json"),
    Oddity("trailing commas", with_row(*again(ROW, lambda row: row[:-1] + b",}")), "trailing-comma",
           fix="drop-trailing-commas"),
    Oddity("NaN", with_row(*again(ROW, lambda row: row[:-1] + b', "system": NaN}')), "nan"),
    Oddity("duplicate keys", with_row(*again(ROW, lambda row: row[:-1] + b', "messages": []}')), "duplicate-key"),
    Oddity("lone surrogates", with_row(*again(ROW, lambda row: row.replace(b"How", b"H\\ud83dw"))), "lone-surrogate"),
    Oddity("NULs", with_row(*again(ROW, lambda row: row + b"\0")), "nul-byte"),
    Oddity("raw control characters", with_row(*again(ROW, lambda row: row.replace(b"How", b"H\tw"))),
           "control-character", fix="escape-control-characters"),
    Oddity("huge numbers", with_row(*again(ROW, lambda row: row[:-1] + b', "id": ' + b"9" * 5000 + b"}")),
           "huge-number"),
    Oddity("100,000 nested brackets", with_row(b"[" * 100_000, b'{"a":' * 100_000), "nested-too-deep"),
    Oddity("no JSON", with_row(b"hello", b"see above"), "not-json"),
    Oddity("lists and numbers", with_row(b"[1, 2]", b"3"), "not-an-object"),
]  # fmt: skip
PARAMS = [
    pytest.param(each, id=each.name, marks=[pytest.mark.slow] if len(each.data) > 250_000 else [])
    for each in ODDITIES
]


@pytest.mark.slow
@pytest.mark.parametrize("oddity", PARAMS)
def test_it_is_named_once_and_hides_nothing(oddity: Oddity) -> None:
    report = judge(oddity.data)
    [cause] = [each for each in report.causes if each.code == oddity.code]
    assert (cause.lines, cause.repair, cause.severity) == (oddity.lines, oddity.fix, oddity.severity)
    assert cause.count == max(1, len(oddity.lines))
    assert report.verdict is Verdict.BLOCKED
    empty = [each.lines for each in report.causes if each.code == "empty-text"]
    assert empty == ([(oddity.empty_at,)] if oddity.empty_at else [])


@pytest.mark.slow
@pytest.mark.parametrize("oddity", PARAMS)
def test_its_repair_leaves_the_rest_and_no_more(oddity: Oddity, tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out.jsonl"
    source.write_bytes(oddity.data)
    try:
        repair(source, target, CLAUDE)
    except Refused:
        assert oddity.fix is None
        return
    after = judge(target.read_bytes())
    codes = {each.code for each in after.errors}
    assert "empty-text" in codes
    assert (oddity.code in codes) == (oddity.fix is None and oddity.severity is Severity.ERROR)
    if oddity.fix:
        assert codes == {"empty-text"}
        assert after.records in (41, 42, 43)


def _torn(data: bytes) -> bytes:
    """Return the file packed without compression and cut in the middle of a row."""
    return gzip.compress(data, compresslevel=0)[:-200]


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (_torn(FILE), {"broken-packing", "empty-text"}),
        (_torn(FILE.decode().encode("utf-16")), {"broken-packing", "encoding", "empty-text"}),
        (_torn(b"[" + b",\n".join(ROWS) + b"]"), {"broken-packing", "json-array", "empty-text"}),
        (_torn(TABLE.format(",").encode()), {"broken-packing", "csv", "other-format", "empty-text"}),
        (_torn(b"".join(row + b"\n" for row in GOOD[:20])), {"broken-packing"}),
    ],
    ids=["lines", "UTF-16", "array", "table", "few rows"],
)
def test_a_download_that_broke_off_is_one_mistake(data: bytes, codes: set[str]) -> None:
    assert {each.code for each in judge(data).causes} == codes


def test_damaged_bytes_among_rows_make_no_binary_file() -> None:
    data = b"\n".join([b"\x00\x80\x01" * 20, *GOOD])
    report = judge(data)
    assert (report.records, {each.code for each in report.causes}) == (41, {"not-utf-8", "nul-byte"})


def test_words_like_the_mark_of_a_binary_file_are_words() -> None:
    for header in (b"ID3,prompt,completion", b"ORC\tprompt\tcompletion", b"prompt,,WAVE,completion"):
        report = judge(header + b"\n" + header.lower() + b"\n" + header.swapcase())
        assert "csv" in {each.code for each in report.causes}, report.causes


def test_text_that_cannot_be_decoded_is_not_called_damaged_earlier_too() -> None:
    data = with_row(*again(ROW, lambda row: row.replace(b"How", b"H\xf6w")))
    assert {each.code for each in judge(data).causes} == {"not-utf-8", "empty-text"}


def test_no_last_newline_and_endings_of_one_kind_are_no_matter() -> None:
    report = judge(b"\r\n".join(GOOD))
    assert (report.causes, report.records) == ((), 40)


def test_separators_of_lines_and_paragraphs_are_text() -> None:
    row = json.dumps(good(50) | {"system": "a\u2028b\u2029c\u0085d"}, ensure_ascii=False).encode()
    report = judge(b"\n".join([row, EMPTY_ANSWER, *GOOD]))
    assert report.records == 42
    assert [each.lines for each in report.errors] == [(2,)]


def test_everything_at_once_is_told_at_once() -> None:
    """Wrapped thrice, with nine faults within: each is told, at its line in what was unpacked and decoded."""
    odd = [each for each in ODDITIES if each.empty_at == 7 and each.code not in ("blank-line", "not-utf-8")]
    rows = [each.data.split(b"\n")[1] for each in odd]
    data = gzip.compress(with_row(*rows).decode().encode("utf-16"))
    found = {each.code: each.lines for each in judge(data).causes}
    expected = {each.code: (2 + index,) for index, each in enumerate(odd)}
    assert {code: found.get(code) for code in expected} == expected
    assert found["gzip"] == found["encoding"] == ()
    assert found["empty-text"] == (len(odd) + 5,)
