"""Takes off what stands around a record: an object with one key, a text that holds JSON, a list without an object.

Everything beside the record goes along into it, so that nothing is lost here: what may be dropped is for others to
say. What would have to be guessed (two records in one object, a key that both have) stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.datasets.formats import pairs
from bot.datasets.formats.detection import recognise
from bot.datasets.formats.other_methods import PLAIN_TEXT
from bot.datasets.leftovers.bookkeeping import is_inert
from bot.datasets.records import Json
from bot.datasets.spelling import shown
from bot.wording import counted, quoted

MOST_LAYERS = 4
"""Wrappings within each other that are taken off."""

Decode = Callable[[str], Any]
"""Reads a text as JSON, or as Python writes its values; returns None when it is neither."""

LISTS = ("messages", "conversations", "conversation", "contents", "dialogue", "dialog", "turns")
"""Lists of turns that tables and data frames hold as a text."""

_OF_LISTS = frozenset(
    {
        "features", "num_rows_total", "num_rows_per_page", "partial", "dataset", "config", "split", "object",
        "first_id", "last_id", "has_more", "total", "count", "page", "next", "previous", "version", "schema",
        "index", "name",
    }
)  # fmt: skip
"""What lists of records have beside them: pages of data servers, and data frames as tables."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What is within one wrapping, and what the wrapping was, as a sentence."""

    values: list[Any]
    words: str


def unwrapped(value: Any, decode: Decode) -> Layer | None:
    """Return the records within a value, and what stood around them; None when nothing did. Changes nothing."""
    words = ""
    values = [value]
    for _ in range(MOST_LAYERS):
        layers = [_layer(each, decode) for each in values]
        first = next((each for each in layers if each is not None), None)
        if first is None:
            break
        words = words or first.words
        values = [
            inner
            for each, layer in zip(values, layers, strict=True)
            for inner in ([each] if layer is None else layer.values)
        ]
    return Layer(values, words) if words else None


def _layer(value: Any, decode: Decode) -> Layer | None:
    if isinstance(value, str):
        return _of_text(value, decode)
    if isinstance(value, list):
        return _of_list(value)
    if not isinstance(value, dict):
        return None
    layer = _texts_of_lists(value, decode) or _of_frame(value)
    found = recognise(value)
    if layer is not None or (found is not None and found is not PLAIN_TEXT):
        return layer
    return _of_shell(value, decode) or _of_list_shell(value)


def is_record(value: Any) -> bool:
    """Tell an object that has the form of a record with something in it, whichever format's."""
    if not isinstance(value, dict):
        return False
    found = recognise(value)
    return found is not None and found.read is not None and value.get("messages") != []


def _of_text(text: str, decode: Decode) -> Layer | None:
    inner = opened(text, decode)
    if is_record(inner) or _turns_key(inner) is not None:
        return Layer([inner], "The line is a string that holds JSON: the record was encoded twice.")
    return None


def opened(text: str, decode: Decode) -> Any:
    """Return the object or the list that a text holds, None when it holds none."""
    bare = text.strip()
    if bare[:1] not in ("{", "[") or bare[-1:] not in ("}", "]"):
        return None
    inner = decode(bare)
    return inner if isinstance(inner, dict | list) else None


def _turns_key(value: Any) -> str | None:
    """Return the key that a bare list of turns belongs under, None when it is no such list."""
    if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
        return None
    for key, who, what in (
        ("messages", "role", "content"),
        ("conversations", "from", "value"),
        ("contents", "role", "parts"),
    ):
        if all(who in each and (what in each or "tool_calls" in each) and key not in each for each in value):
            return key
    return None


def _of_list(value: list[Any]) -> Layer | None:
    key = _turns_key(value)
    if key is not None:
        return Layer([{key: value}], "The row is a list of messages without an object around it.")
    if value and all(is_record(each) or _turns_key(each) is not None for each in value):
        return Layer(list(value), f"The row is a list of {counted(len(value), 'record')}.")
    return None


def _texts_of_lists(value: Json, decode: Decode) -> Layer | None:
    """Take lists of turns out of the texts that hold them."""
    names = (*LISTS, *pairs.question_names(value), *pairs.answer_names(value))
    changed = {
        key: inner
        for key in names
        if isinstance(value.get(key), str) and _turns_key(inner := opened(value[key], decode)) is not None
    }
    if not changed:
        return None
    return Layer(
        [value | changed], f"{quoted(next(iter(changed)))} is a text that holds a list, not the list."
    )


def _of_shell(value: Json, decode: Decode) -> Layer | None:
    """Take the one record out of an object that has it under a key, in itself or as a text."""
    within = [
        (key, each) for key, each in ((key, _record_in(each, decode)) for key, each in value.items()) if each
    ]
    if len(within) != 1:
        return None
    [(key, record)] = within
    beside = {name: each for name, each in value.items() if name != key}
    if beside.keys() & record.keys():
        return None
    return Layer([record | beside], f"The record stands inside of {quoted(shown(key))}.")


def _record_in(value: Any, decode: Decode) -> Json | None:
    inner = opened(value, decode) if isinstance(value, str) else value
    key = _turns_key(inner)
    if key is not None and isinstance(value, str):
        return {key: inner}
    return inner if is_record(inner) else None


def _of_list_shell(value: Json) -> Layer | None:
    """Take the records out of an object that lists them; what is told of the list itself does not go along."""
    lists = [
        (key, each)
        for key, each in value.items()
        if isinstance(each, list) and len(each) > 1 and _lists(each)
    ]
    if len(lists) != 1 or not value.keys() <= {lists[0][0], *_OF_LISTS}:
        return None
    [(key, records)] = lists
    if not all(_is_label(each) for name, each in value.items() if name != key):
        return None
    return Layer(
        list(records),
        f"The row holds {counted(len(records), 'record')} in a list under {quoted(shown(key))}.",
    )


def _is_label(value: Any) -> bool:
    """Whether it only names something or counts it: a text that people wrote is not lost with what is around it."""
    return not isinstance(value, str) or is_inert("id", value) or is_inert("category", value)


def _lists(values: list[Any]) -> bool:
    return all(is_record(each) or (isinstance(each, dict) and is_record(each.get("row"))) for each in values)


def _of_frame(value: Json) -> Layer | None:
    """Take the rows out of a data frame: pandas' orients ``split``, ``columns`` and ``index``."""
    rows = _split(value) or _by_number(value)
    if rows is None or not all(map(is_record, rows)):
        return None
    return Layer(rows, f"The row is a data frame of {counted(len(rows), 'record')}.")


def _split(value: Json) -> list[Any] | None:
    columns, data = value.get("columns"), value.get("data")
    if (
        not value.keys() <= {"columns", "data", "index"}
        or not isinstance(columns, list)
        or not isinstance(data, list)
    ):
        return None
    names = [name for name in columns if isinstance(name, str)]
    index = value.get("index", [])
    if not isinstance(index, list) or not all(map(_is_label, index)):
        return None
    if len(set(names)) < len(columns) or not data:
        return None
    whole = all(isinstance(row, list) and len(row) == len(columns) for row in data)
    return [dict(zip(names, row, strict=True)) for row in data] if whole else None


def _by_number(value: Json) -> list[Any] | None:
    """Return the rows of an object of objects: the rows by their number, or the columns with theirs."""
    parts = list(value.values())
    if not parts or not all(isinstance(part, dict) and part for part in parts):
        return None
    if all(name.isdecimal() for name in value):
        return parts
    numbers = list(parts[0])
    if not all(number.isdecimal() for number in numbers) or any(list(part) != numbers for part in parts):
        return None
    return [{name: part[number] for name, part in value.items()} for number in numbers]
