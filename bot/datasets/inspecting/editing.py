"""A row that a person edits: its text as they get it, and what the rules say of what they made of it.

The text is kept with the report, so that it is there at once. A row in which something is masked is not: what should
not be read by everybody is kept nowhere but in its file.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import replace

from bot.datasets.content.scan import SCANNER
from bot.datasets.formats.conversion import write
from bot.datasets.formats.dialogue import Dialogue
from bot.datasets.model import Cause, Role, Severity
from bot.datasets.reading import parsing
from bot.datasets.reading.blanks import SPACE
from bot.datasets.validation import validate
from bot.errors import BadField
from bot.profiles.model import Profile

LONGEST = 3_000
"""Characters that a field of Slack's takes."""
FIELD = "text"
MASKED = (
    "It holds what looks like a secret or personal data, and such rows I keep nowhere: mend it in your file."
)
TOO_LONG = f"It is longer than a field of Slack's takes ({LONGEST:,} characters): mend it in your file."
NOT_TEXT = "It is not UTF-8 as it stands: have it read in its encoding first, or mend it in your file."
_SHOWN = 3
_COMPANION = Dialogue(None, (("user", "a companion"), ("assistant", "without fault")))


def editable(data: bytes) -> tuple[str, str]:
    """Return a row's text as it can be edited, or an empty one and why it cannot.

    A record is written out over several lines, where there is room; what cannot be read as one stands as it is.
    """
    try:
        raw = data.strip(SPACE).decode("utf-8")
    except UnicodeDecodeError:
        return "", NOT_TEXT
    if SCANNER.masked(raw) != raw:
        return "", MASKED
    text = _written_out(data) or raw
    if len(text) > LONGEST:
        # On one line it may fit where it does not fit written out.
        text = raw
    return (text, "") if len(text) <= LONGEST else ("", TOO_LONG)


def _written_out(data: bytes) -> str:
    parsed = parsing.parse(data)
    # Written out, what was found wrong with it would be gone: of a key that stands twice, one value.
    if parsed.problems or len(parsed.values) != 1 or not isinstance(parsed.values[0], dict):
        return ""
    text = json.dumps(parsed.values[0], ensure_ascii=False, indent=1)
    # Written out, what was escaped is so no more: a secret may show only now.
    return "" if SCANNER.masked(text) != text else text


def edited(text: str, profile: Profile, role: Role) -> str:
    """Return what a person made of a row, as the one line that it is in the file.

    Raises:
        BadField: it is no record, or the rules name an error in it.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = (
            f"line {error.lineno}, character {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else "it"
        )
        raise BadField(
            FIELD, f"This cannot be read as JSON ({where}).", hint="Mend that place, or go back."
        ) from None
    if not isinstance(value, dict):
        raise BadField(FIELD, "A row is one record, in curly brackets.", hint="Write it as it stood.")
    # As it was written: once it is read, of a key that stands twice only one value is left.
    causes = judged(text.encode("utf-8", "surrogatepass"), profile, role)
    wrong = [each for each in causes if each.severity is Severity.ERROR]
    if wrong:
        raise BadField(FIELD, _told(wrong), hint=wrong[0].hint)
    return _one_line(value)


def _one_line(value: object) -> str:
    """Return a record as one line of text; halves of characters stay escaped, as they came."""
    line = json.dumps(value, ensure_ascii=False)
    return line if line.isascii() or line.encode("utf-8", "replace").decode() == line else json.dumps(value)


def is_same(text: str, other: str) -> bool:
    """Return whether two texts are the same, or the same record however it is laid out."""
    if text.strip() == other.strip():
        return True
    try:
        return _one_line(json.loads(text)) == _one_line(json.loads(other))
    except (ValueError, RecursionError):
        return False


def judged(row: bytes, profile: Profile, role: Role, name: str = "row") -> list[Cause]:
    """Return what a report says of a row alone, each at line 2.

    A record without fault stands before it, so that the row is read as a row whatever it begins with.
    """
    companion = json.dumps(write(_COMPANION, profile.record_format)).encode()
    # One line again, as it would be in the file: a second one would be a row of its own.
    row = row.strip(SPACE).replace(b"\r", b"").replace(b"\n", b" ")
    # By the whole validation, so that a row reads here as it does in its report.
    report = validate(io.BytesIO(b"%b\n%b\n" % (companion, row)), profile, role, name)
    return [replace(each, lines=(2,)) for each in report.causes if 2 in each.lines]


def _told(wrong: Sequence[Cause]) -> str:
    said = [
        f"{each.message.rstrip('.')}{f' at {each.path}' if each.path else ''}." for each in wrong[:_SHOWN]
    ]
    more = f" And {len(wrong) - _SHOWN} more." if len(wrong) > _SHOWN else ""
    return " ".join(said) + more
