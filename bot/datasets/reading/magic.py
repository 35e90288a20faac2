"""Kinds of files that hold no rows at all, told from their first bytes."""

import codecs
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotRows:
    """A file that holds no rows that could be read: what it is and what to do. ``code`` is stable."""

    code: str
    kind: str
    message: str
    hint: str


EXPORT = "Export it as JSON Lines: one JSON object a line, UTF-8."
_UNPACK = "Unpack it first and send the JSONL file in it."
TO_CSV = (
    "Save the sheet as *CSV UTF-8* (File, Save as) and send that: a table whose columns are called `prompt` and"
    " `completion`, or `question` and `answer`, is converted with one press."
)


def _binary(kind: str, what: str, hint: str = EXPORT) -> NotRows:
    return NotRows("binary", kind, f"This is {what}, not a dataset.", hint)


def _packed(kind: str, what: str, hint: str = _UNPACK) -> NotRows:
    return NotRows("compressed", kind, f"The file is {what}.", hint)


_PICTURE = "A job learns from text only: send the texts as JSON Lines, one JSON object a line."
_PICKLE = "Pickles can run code when they are read, so I never open one: write the records with json.dumps, one a line."
_TABLE = "Write its rows as JSON Lines; in pandas: df.to_json(path, orient='records', lines=True)."
_OLD_OFFICE = f"If it is a sheet: {TO_CSV[0].lower()}{TO_CSV[1:]}"

_MAGIC: tuple[tuple[int, bytes, NotRows], ...] = (
    (0, b"\x28\xb5\x2f\xfd", _packed("zstd", "compressed with Zstandard", "Unpack it first: unzstd FILE.")),
    (0, b"\x04\x22\x4d\x18", _packed("lz4", "compressed with LZ4")),
    (0, b"7z\xbc\xaf\x27\x1c", _packed("7z", "a 7-Zip archive")),
    (0, b"Rar!\x1a\x07", _packed("rar", "a RAR archive")),
    (257, b"ustar", _packed("tar", "a tar archive")),
    (
        0,
        b"PK\x05\x06",
        _packed("zip", "an empty ZIP archive", "Put the JSONL file into it, or send it as it is."),
    ),
    (0, b"%PDF", _binary("pdf", "a PDF document")),
    (0, b"{\\rtf", _binary("rtf", "a rich-text document (RTF)")),
    (0, b"PAR1", _binary("parquet", "a Parquet file", _TABLE)),
    (0, b"ARROW1", _binary("arrow", "an Arrow file", _TABLE)),
    (0, b"ORC", _binary("orc", "an ORC file", _TABLE)),
    (0, b"Obj\x01", _binary("avro", "an Avro file")),
    (0, b"\x89HDF\r\n\x1a\n", _binary("hdf5", "an HDF5 file")),
    (0, b"\x93NUMPY", _binary("numpy", "a NumPy array")),
    (0, b"SQLite format 3\0", _binary("sqlite", "an SQLite database")),
    (
        0,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        _binary("office", "an old Office document (.xls, .doc)", _OLD_OFFICE),
    ),
    (0, b"\x89PNG\r\n\x1a\n", _binary("png", "a PNG picture", _PICTURE)),
    (0, b"\xff\xd8\xff", _binary("jpeg", "a JPEG picture", _PICTURE)),
    (0, b"GIF87a", _binary("gif", "a GIF picture", _PICTURE)),
    (0, b"GIF89a", _binary("gif", "a GIF picture", _PICTURE)),
    (8, b"WEBP", _binary("webp", "a WebP picture", _PICTURE)),
    (4, b"ftyp", _binary("mp4", "a film, a recording or a picture (MP4, HEIC)", _PICTURE)),
    (8, b"WAVE", _binary("wav", "a recording (WAV)", _PICTURE)),
    (0, b"ID3", _binary("mp3", "a recording (MP3)", _PICTURE)),
    (0, b"\x7fELF", _binary("elf", "a program")),
    *(
        (0, bytes([0x80, protocol]), _binary("pickle", "a Python pickle", _PICKLE))
        for protocol in range(2, 6)
    ),
)
UNKNOWN = _binary("binary", "a binary file", f"Its first bytes are no text at all. {EXPORT}")
KINDS = (*(what for _, _, what in _MAGIC), UNKNOWN)
"""Everything that a file may be found to be."""

_LIKE_WORDS = frozenset({"tar", "orc", "webp", "wav", "mp4", "mp3"})
"""Kinds whose mark may begin a table's header, too (`ID3,name`), so that more than the mark has to be binary."""

_LOOKED_AT = 4096
_FEWEST = 32
# Not ESC: the colours of a terminal begin with it, and logs have them.
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\f\r\x1b"})
_ROW = re.compile(rb"^[ \t]*[{\[]\s*[{\"]", re.MULTILINE)
_SHARE = 0.03
"""Of the bytes that no text holds, in what is no text: random bytes have a tenth, damaged text hardly any."""


def known(head: bytes) -> NotRows | None:
    """Return what the file is by the mark that its kind begins with, or None."""
    what = next((what for at, magic, what in _MAGIC if head.startswith(magic, at)), None)
    return None if what and what.kind in _LIKE_WORDS and _is_text(head[:_LOOKED_AT]) else what


def unknown(head: bytes) -> NotRows | None:
    """Return that the file is binary when its beginning is neither UTF-8 nor like text in any old encoding.

    Damaged rows among others are rows all the same: what has a line that begins like JSON is read.
    """
    start = head[:_LOOKED_AT]
    if len(start) < _FEWEST or _is_utf8(start) or _ROW.search(start):
        return None
    controls = len(start) - len(start.translate(None, _CONTROLS))
    return UNKNOWN if controls > _SHARE * len(start) else None


def has_row(text: bytes) -> bool:
    """Whether a line at the beginning of a text begins like a row of JSON."""
    return _ROW.search(text[:_LOOKED_AT]) is not None


def _is_text(start: bytes) -> bool:
    return _is_utf8(start) and start.translate(None, _CONTROLS) == start


def _is_utf8(start: bytes) -> bool:
    try:
        # An incremental one, since the piece may end within a character.
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True
