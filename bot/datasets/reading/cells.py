"""Records that stand in quotes of another kind than JSON's: a cell of a table, a text as Python writes it."""

import csv
import json
from typing import Any

from bot.datasets.reading.literals import as_json, text_of


def inside(line: str) -> str | None:
    """Return what a line holds that is one cell of a table, or one text of Python; None when it is neither."""
    return _cell(line) if line.startswith('"') else text_of(line)


def _cell(line: str) -> str | None:
    """Return what stands in the only cell that is not empty; its own quotes are doubled."""
    # A record has quotes in it, and a cell doubles them: without a doubled one this is a text of JSON's.
    if '""' not in line:
        return None
    try:
        rows = list(csv.reader([line], strict=True))
    except csv.Error:
        return None
    first, *others = rows[0] if len(rows) == 1 else [""]
    return first if first and not any(others) else None


def value_of(text: str) -> Any:
    """Return what a cell holds as JSON or as Python writes it, None when it is neither."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        plain = as_json(text)
        return None if plain is None else json.loads(plain)
    except (ValueError, RecursionError):
        return None
