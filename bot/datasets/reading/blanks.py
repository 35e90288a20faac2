"""What is blank, by one rule for all who read, judge, count, mend and show rows: reader, report and repair agree.

JSON knows four characters of white space (RFC 8259, section 2), and only these may stand around a record: cut them off
with ``SPACE``. A row is blank when nothing but white space of any kind stands in it: programs leave form feeds between
pages, and people write the spaces that their keyboard has. Bedrock takes no blank lines of either kind, and whoever
drops such a line loses nothing.
"""

SPACE = b" \t\r\n"
"""JSON's own white space."""

_MARK = "\ufeff"
"""A byte-order mark; within a text it was once a space of no width."""

_SEEN = frozenset(range(0x21, 0x7F))
"""Bytes that are a character that is seen: nearly every row begins with one."""


def is_blank(data: bytes) -> bool:
    """Tell a row, or a whole file, in which there is only white space as Unicode has it, or nothing."""
    bare = data.strip()
    if not bare or bare[0] in _SEEN:
        return not bare
    try:
        text = bare.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not text.replace(_MARK, "").strip()
