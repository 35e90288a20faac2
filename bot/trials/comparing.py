"""Whether an answer says what the row's own says: a label as a whole, or the fields of an object that are labels.

Spelling of case and the marks around a label are no part of it, nor are the order of keys, the place of an object among
words, and what a model thinks aloud first. Of several objects that say different things none is an answer.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.datasets.content.aloud import answer_of
from bot.datasets.file_statistics.labels import LONGEST

WHOLE = ""
"""The field that stands for a whole answer."""
_PAIRS = frozenset({'""', "''", "``", "**", "“”", "„“", "„”", "\u2018\u2019", "«»", "»«", "「」", "『』"})
_STOPS = (".", "。", "\uff0e")
_DECODER = json.JSONDecoder()
_MOST_BROKEN = 20
"""Braces that begin no object, after which no more is looked for: each may be read to the end of the answer."""


def fields_of(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the fields of an answer that are compared: those of objects, or the whole, whichever more rows have.

    ``labels`` are the fields that choose from a few values, that of most rows first.
    """
    if labels and labels[0] == WHOLE:
        return (WHOLE,)
    return tuple(each for each in labels if each != WHOLE)


def compared(answer: str, fields: Sequence[str]) -> tuple[str, ...] | None:
    """Return what is compared of a row's own answer; None for one that has not got it, of which nothing is right."""
    if WHOLE in fields:
        said = answer.strip()
        return (_normal(said),) if said and len(said) <= LONGEST and said[:1] != "{" else None
    return _values(answer, fields)


def is_right(answer: str, wanted: str, fields: Sequence[str]) -> bool:
    """Return whether an answer says what the row's own says."""
    own, said = compared(wanted, fields), answer_of(answer)
    if own is None:
        return False
    return own == ((_normal(said),) if WHOLE in fields else _values(said, fields))


def values_in(answer: str, fields: Sequence[str]) -> dict[str, str]:
    """Return the texts that a row's own answer has in the fields, as they are spelt there."""
    found = next(_objects(answer), {})
    return {field: found[field].strip() for field in fields if isinstance(found.get(field), str)}


def _values(answer: str, fields: Sequence[str]) -> tuple[str, ...] | None:
    """Return the values of the fields, those that are not there as nothing; None where none is, or it says several."""
    try:
        found = {
            tuple(_text(each.get(field)) for field in fields)
            for each in _objects(answer)
            if any(field in each for field in fields)
        }
    except RecursionError:  # nested deeper than anybody writes a label
        return None
    return found.pop() if len(found) == 1 else None


def _objects(answer: str) -> Iterator[Mapping[str, Any]]:
    """Yield the JSON objects in an answer, which may stand in a code block or between words."""
    place, broken = answer.find("{"), 0
    while place >= 0 and broken < _MOST_BROKEN:
        try:
            value, end = _DECODER.raw_decode(answer, place)
        except (ValueError, RecursionError):
            end, broken = place + 1, broken + 1
        else:
            yield value
        place = answer.find("{", end)


def _text(value: Any) -> str:
    """Return a value as it is compared: what is not there is as good as null."""
    if value is None:
        return ""
    return _normal(value if isinstance(value, str) else json.dumps(_plain(value), sort_keys=True))


def _plain(value: Any) -> Any:
    """Return the value with whole numbers written as such: 1.0 says what 1 says."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _normal(text: str) -> str:
    said, before = unicodedata.normalize("NFC", text.casefold()).strip(), ""
    while said != before:
        before, said = said, _unmarked(said).strip()
    return " ".join(said.split())


def _unmarked(said: str) -> str:
    """Return a label without one mark around it, unless nothing but marks is left: ``*`` and ``***`` differ."""
    inner = said
    if said.endswith(_STOPS):
        inner = said[:-1]
    elif len(said) > 1 and said[0] + said[-1] in _PAIRS:
        inner = said[1:-1]
    return inner if any(each.isalnum() for each in inner) else said
