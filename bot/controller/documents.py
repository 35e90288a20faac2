"""Frozen values to JSON documents and back: what is kept in the store, never pickle."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter

Value = TypeVar("Value")

_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def dump(value: object) -> dict[str, Any]:
    """Return a dataclass as a JSON object: times in ISO 8601, money as text."""
    document: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return document


def dump_briefly(value: object) -> dict[str, Any]:
    """Return a dataclass as ``dump`` does, without the members that are as in a new one."""
    document: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json", exclude_defaults=True)
    return document


def load(cls: type[Value], document: object) -> Value:
    """Return the dataclass that ``dump`` made ``document`` of. Members it does not know are left out.

    Raises:
        pydantic.ValidationError: the document is none of this class's: a defect, or another version wrote it.
    """
    value: Value = _adapter(cls).validate_python(document)
    return value


def carried_over(cls: type[Any], before: Mapping[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the document ``after`` with what ``before`` has at the same places and ``cls`` does not know.

    So what a later version wrote is not lost when this one writes. Entries of a list are the same when their first
    members are.
    """
    # Told without reading the old one again, which costs as much as all the rest: most have nothing unknown.
    if not _lacks(dict(before), after):
        return after
    joined: dict[str, Any] = _joined(dict(before), dump(load(cls, before)), after)
    return joined


def _lacks(before: Any, after: Any) -> bool:
    """Return whether anything stands in the one and not in the other."""
    if before == after:  # most is as it was, and told so much quicker than by looking into it
        return False
    if isinstance(before, dict) and isinstance(after, dict):
        if not before.keys() <= after.keys():
            return True
        return any(
            _lacks(value, after[name]) for name, value in before.items() if isinstance(value, dict | list)
        )
    if isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            return any(isinstance(each, dict | list) for each in before)
        return any(map(_lacks, before, after))
    return False


def _joined(before: Any, known: Any, after: Any) -> Any:
    if isinstance(before, dict) and isinstance(known, dict) and isinstance(after, dict):
        joined = {
            name: _joined(before[name], known[name], value) if name in before and name in known else value
            for name, value in after.items()
        }
        return joined | {name: value for name, value in before.items() if name not in known}
    if isinstance(before, list) and isinstance(known, list) and isinstance(after, list):
        old = {_identity(each): number for number, each in reversed([*enumerate(known)])}
        # From the end, so that of entries that look the same the first is taken.
        places = (old.get(_identity(each)) for each in after)
        return [
            each if place is None else _joined(before[place], known[place], each)
            for each, place in zip(after, places, strict=True)
        ]
    return after


def _identity(entry: Any) -> str:
    return repr(next(iter(entry.items()), None)) if isinstance(entry, dict) else repr(entry)


def _adapter(cls: type[Any]) -> TypeAdapter[Any]:
    # Making one takes milliseconds. Two threads may both make it, which is harmless.
    if cls not in _adapters:
        _adapters[cls] = TypeAdapter(cls)
    return _adapters[cls]
