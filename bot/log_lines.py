"""How the log is written: one line begins one entry, whatever stands in it; as JSON, one line is one entry.

Names of files, rows of datasets and AWS's words get into messages and tracebacks. A line break in one of them would
begin a line that looks like an entry of ours, and a control character would rewrite the terminal of whoever reads it.
"""

import json
import logging
import re
from datetime import UTC, datetime

from bot import log_context, tracing

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_CONTINUED = "    | "
OVER = "over"
"""``extra={OVER: True}``: no line, but the word that the fault of this very line is over (:mod:`bot.logs`)."""


def one_entry(text: str) -> str:
    """Return ``text`` with every character that ends a line, turns it round or cannot be seen written out."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


class Entries(logging.Formatter):
    """Formats an entry as one line; the lines of a traceback follow it behind a mark that no entry begins with."""

    def __init__(self) -> None:
        super().__init__(FORMAT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- the base class's name
        """Return the entry's own line."""
        return one_entry(super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 -- the base class's name
        """Return a traceback, marked line by line."""
        return _marked(super().formatException(ei))  # type: ignore[arg-type] # logging's own type is private

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 -- the base class's name
        """Return a stack, marked line by line."""
        return _marked(super().formatStack(stack_info))


class JsonEntries(logging.Formatter):
    """Formats an entry as one line of JSON, its traceback included, with what it is about where that is known."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the entry. What is no ASCII is escaped, so that nothing in it ends a line or rewrites a terminal."""
        entry: dict[str, str] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **log_context.current(),
            **tracing.ids(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        elif record.exc_text:
            entry["traceback"] = record.exc_text
        return json.dumps(entry)


FORMATS: dict[str, type[logging.Formatter]] = {"text": Entries, "json": JsonEntries}
"""By the name that the setting has for it."""


def _marked(text: str) -> str:
    return "\n".join(_CONTINUED + one_entry(line) for line in text.split("\n"))
