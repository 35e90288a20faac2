"""One thing that is looked for in texts: what it is, how it is written, and what makes sure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.datasets.rule import Rule


def always(_value: str) -> bool:
    """Take every match."""
    return True


def beginning(value: str) -> str:
    """Return four characters, enough to know a token's kind, and nothing of its secret part."""
    return f"{value[:4]}…"


def ending(value: str) -> str:
    """Return the value with all letters and digits but the last two hidden."""
    return re.sub(r"\w", "*", value[:-2]) + value[-2:]


@dataclass(frozen=True, slots=True)
class Pattern:
    """``regex`` is RE2's dialect; ``accept`` has the last word on a match, ``mask`` returns what may be shown of it.

    ``name`` comes after "a" or "an" in the message. With ``in_answers`` only the assistant's texts count. A pattern
    without a mask holds nothing that is secret and is shown as it is.
    """

    rule: Rule
    name: str
    regex: str
    accept: Callable[[str], bool] = always
    mask: Callable[[str], str] | None = beginning
    in_answers: bool = False

    def shown(self, value: str) -> str:
        """Return what may be shown of a match."""
        return self.mask(value) if self.mask else value[:60].replace("\x01", " ")
