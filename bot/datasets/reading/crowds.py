"""What no dataset has: too many rows, and lines that take far more memory once they are parsed than they have bytes."""

MAX_ROWS = 1 << 20
"""Rows that are read, blank ones counted: fifty times what any base takes. A packed file of some kilobytes may unpack
to billions of them."""

LONG = 1 << 20
"""Bytes up to which a line is parsed whatever it holds: it takes some ten megabytes at worst."""

MAX_VALUES = 1 << 20
"""Values in a longer line. A thousand records of a hundred turns have as many; parsed, a value takes some 100 bytes."""

_MARKS = (b",", b"[", b"{", b":")


def is_crowded(line: bytes) -> bool:
    """Whether a long line holds more values than any record, told by the marks between them, in texts or not."""
    return len(line) > LONG and sum(map(line.count, _MARKS)) > MAX_VALUES
