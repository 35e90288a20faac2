r"""Takes one layer of escapes off texts: line breaks that are written as ``\n``, characters as HTML writes them.

Both are decisions: a text about code or HTML may mean them as they stand.
"""

import html
import re

from bot.datasets.content import wording
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words
from bot.datasets.repairs.texts import rewritten
from bot.profiles.model import Profile

# Not behind another backslash: there a backslash and a letter are meant.
_ESCAPE = re.compile(r"(?<!\\)\\([nt])")
_CHARACTERS = {"n": "\n", "t": "\t"}
_ENTITY = re.compile(wording.HTML_ENTITY_PATTERN)


def with_line_breaks(text: str) -> str:
    """Return a text that has no line break with those that it has in writing; any other as it is."""
    # Who has real line breaks means the written ones as they stand.
    return text if "\n" in text else _ESCAPE.sub(lambda match: _CHARACTERS[match[1]], text)


def without_entities(text: str) -> str:
    """Return a text with the characters that it has as HTML writes them."""
    # Match by match: in a whole text `html.unescape` takes names without their semicolon as well.
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def fix_line_breaks(value: Json, profile: Profile) -> Fixed | None:  # noqa: ARG001
    """Return the record with line breaks where they are written as two characters."""
    changed, found = rewritten(value, with_line_breaks)
    return (
        Fixed(changed, tuple(Place(wording.ESCAPED_LINE_BREAK, each.path) for each in found))
        if found
        else None
    )


def fix_entities(value: Json, profile: Profile) -> Fixed | None:  # noqa: ARG001
    """Return the record with characters where HTML's names of them stand."""
    changed, found = rewritten(value, without_entities)
    return Fixed(changed, tuple(Place(wording.HTML_ENTITY, each.path) for each in found)) if found else None


LINE_BREAKS = RowRepair(
    wording.UNESCAPE_LINE_BREAKS,
    fix_line_breaks,
    Words("Write line breaks for \\n in {rows}", "Wrote line breaks for \\n in {rows}"),
)
ENTITIES = RowRepair(
    wording.UNESCAPE_HTML, fix_entities, Words("Unescape HTML in {rows}", "Unescaped HTML in {rows}")
)
