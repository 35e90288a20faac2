"""What kind of file this is, told from its first bytes: rows, a document, or something that is no JSON at all."""

import csv
import re
from enum import Enum

from pydantic_core import from_json

from bot.datasets.reading import magic
from bot.datasets.reading.blanks import is_blank
from bot.datasets.reading.magic import NotRows

HEAD = 1 << 18
"""Bytes that are looked at: enough for a login page's title or the first rows of a table."""


class Layout(Enum):
    """How the records lie in the file."""

    LINES = "one record a line"
    ARRAY = "one JSON array"
    DOCUMENT = "JSON documents that go over several lines"
    TABLE = "a table with a header and one record a row"


_PACKED = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"PK\x03\x04", "zip"))
_XLSX = NotRows("xlsx", "xlsx", "This is an Excel workbook.", magic.TO_CSV)
_OFFICE = NotRows("binary", "office", "This is an office document.", magic.EXPORT)
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis"
_HTML = NotRows(
    "html",
    "html",
    "This is a web page, not a dataset.",
    "A download without permission often gives the login page: give the app the scope `files:read`, or fetch the "
    "file while signed in.",
)
_YAML = NotRows(
    "yaml",
    "yaml",
    "This is YAML, or lines of `name: value`, not JSON Lines.",
    "Write each record as one JSON object a line; in Python: yaml.safe_load, then json.dumps.",
)
_YAML_LINES = re.compile(
    rb"(?>(?:---[ \t]*\r?\n|#[^\n]*\n|\s*\n)*)(?:-[ \t]+)?[A-Za-z_][\w-]{0,40}:(?:[ \t][^\n]*)?\n"
    rb"(?:[ \t]+(?:-[ \t]+)?[\w\"'-]+:|[ \t]*-[ \t]|[A-Za-z_][\w-]{0,40}:(?:[ \t]|\r?\n))"
)
"""Two lines that begin with names and colons, as no table's header and no row does."""
_EMPTY = NotRows("empty-file", "empty", "The file is empty.", "Send a file with one JSON object a line.")
_BLANK = NotRows(
    "empty-file", "empty", "The file has only blank lines.", "Send a file with one JSON object a line."
)

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_PAGE = re.compile(
    # A comment ends at the first mark that may end it: without the atomic group, many of them take exponential time.
    rb"\s*+(?>(?:<!--.*?-->\s*)*)<(?:!doctype\s+html|html|head|body|\?xml)\b",
    re.IGNORECASE | re.DOTALL,
)
_ARRAY = re.compile(rb"\[\s*(?:\{|\[|$)")
_CELLS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<cell>[,;\t|])"?', re.IGNORECASE)
_QUOTED_RECORD = re.compile(r"""\s*"\s*(?:\{\s*(?:""|')|\[\s*\{\s*(?:""|'))""")
_NAME = re.compile(r'"?[\w .-]{1,60}"?')


def encoding(head: bytes) -> str | None:
    """Return the codec of a wide encoding, by its mark or by the zeros between Latin letters; None for UTF-8."""
    # The marks of some binary kinds have zeros where wide encodings have them.
    if magic.known(head):
        return None
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    start = head[:64]
    if len(start) >= 8 and start[0] and not any(start[1:4]) and not any(start[5:8]):
        return "utf-32-le"
    if len(start) >= 8 and start[3] and not any(start[:3]) and not any(start[4:7]):
        return "utf-32-be"
    # Half of the characters have a zero byte: JSON's own marks do, whatever script is between them.
    if len(start) >= 4 and start[1::2].count(0) * 4 > len(start) and 0 not in start[0::2]:
        return "utf-16-le"
    if len(start) >= 4 and start[0::2].count(0) * 4 > len(start) and 0 not in start[1::2]:
        return "utf-16-be"
    return None


def not_rows(head: bytes) -> NotRows | None:
    """Return what the file is when no rows can be read from it, else None."""
    if is_blank(head):
        # Only the beginning is blank: rows may follow.
        if len(head) == HEAD:
            return None
        return _BLANK if head.strip(b"\xef\xbb\xbf") else _EMPTY
    # Before the packings: an office document is a ZIP archive, and no rows are in it.
    what = magic.known(head) or _office(head)
    if what or any(head.startswith(mark) for mark, _ in _PACKED):
        return what
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(text):
        return _HTML
    return _YAML if _YAML_LINES.match(text) and not magic.has_row(text) else magic.unknown(head)


def _office(head: bytes) -> NotRows | None:
    """Return which office document an archive is, from the names in it."""
    if not head.startswith(b"PK\x03\x04"):
        return None
    if b"[Content_Types].xml" in head or b"xl/" in head:
        return _XLSX if b"xl/" in head else _OFFICE
    return _OFFICE if _OPEN_DOCUMENT in head[:128] else None


def packing(head: bytes) -> str | None:
    """Return how the file is packed (see ``packing.UNPACKERS``), None when it is not, or is an office document."""
    return None if _office(head) else next((kind for mark, kind in _PACKED if head.startswith(mark)), None)


def layout(head: bytes) -> Layout:
    """Return how the records lie, from the first lines."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    lines = [line for line in head.split(b"\n") if line.strip()]
    if not lines:
        return Layout.LINES
    if delimiter(head):
        return Layout.TABLE
    first = lines[0].strip()
    second = lines[1].strip() if len(lines) > 1 else None
    if _ARRAY.match(first):
        return _layout_of_array(first, second)
    if first[:1] == b"{" and second is not None and not _parses(first) and _goes_on(first, second):
        return Layout.DOCUMENT
    return Layout.LINES


def _layout_of_array(first: bytes, second: bytes | None) -> Layout:
    """Tell an array from rows that are lists and from a first row that is damaged: good rows follow those."""
    if second is None:
        return Layout.ARRAY
    if _parses(first) or (first.endswith(b"]") and second.startswith(b"[") and second.endswith(b"]")):
        return Layout.LINES
    if first == b"[":
        return Layout.ARRAY
    return Layout.LINES if _parses(second) else Layout.ARRAY


def _goes_on(first: bytes, second: bytes) -> bool:
    """Tell a pretty-printed object from a row that was cut off: the next line is no record of its own."""
    return first == b"{" or (not second.startswith(b"{") and first[-1:] in b"{[,:")


def _parses(line: bytes) -> bool:
    try:
        from_json(line)
    except ValueError:
        return False
    return True


def delimiter(head: bytes) -> str | None:
    """Return what stands between the cells when the first lines are rows of a table, else None.

    A table has the same number of cells in most rows, and its header is no opening of JSON.
    """
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
    lines = [line for line in text.split("\n", 21)[:21] if line.strip()]
    if (told := separator_line(lines[0])) if lines else None:
        return told
    if _is_lone_column(lines) or _is_headless(lines):
        return ","
    if len(lines) < 2 or lines[0].lstrip()[:1] in "{[<'":
        return None
    return next((each for each in _CELLS if _cells_agree(lines, each)), None)


def separator_line(line: str) -> str | None:
    """Return what Excel's first line ``sep=;`` says that stands between the cells, None for any other line."""
    match = _SEPARATOR_LINE.fullmatch(line.strip())
    return match["cell"] if match else None


def is_quoted_record(line: str) -> bool:
    """Tell a line that is a cell in quotes which holds an object or a list: a record, not a header."""
    return _QUOTED_RECORD.match(line) is not None


def _is_headless(lines: list[str]) -> bool:
    """Whether the first line is such a cell already. A text in JSON's own quotes is none, and is read as that."""
    return bool(lines) and is_quoted_record(lines[0]) and not _parses(lines[0].encode())


def _is_lone_column(lines: list[str]) -> bool:
    """Whether a header of one name stands before cells that hold records."""
    return len(lines) > 1 and _NAME.fullmatch(lines[0].strip()) is not None and is_quoted_record(lines[1])


def _cells_agree(lines: list[str], delimiter: str) -> bool:
    if any(character in lines[0] for character in "{}:"):
        return False
    try:
        # The last line may be cut off where the head ends.
        header, *rows = csv.reader(lines[:-1] if len(lines) > 2 else lines, delimiter=delimiter)
    except csv.Error:
        return False
    agreeing = sum(len(row) == len(header) for row in rows)
    return len(header) > 1 and agreeing * 2 > len(rows)
