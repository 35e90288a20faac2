"""Frozen values to JSON documents and back: what is kept in the store, never pickle."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

Value = TypeVar("Value")

_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def dump(value: object) -> dict[str, Any]:
    """Return a dataclass as a JSON object: times in ISO 8601, money as text."""
    document: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return document


def load(cls: type[Value], document: object) -> Value:
    """Return the dataclass that ``dump`` made ``document`` of. Members it does not know are left out.

    Raises:
        pydantic.ValidationError: the document is none of this class's: a defect, or another version wrote it.
    """
    value: Value = _adapter(cls).validate_python(document)
    return value


def _adapter(cls: type[Any]) -> TypeAdapter[Any]:
    # Making one takes milliseconds. Two threads may both make it, which is harmless.
    if cls not in _adapters:
        _adapters[cls] = TypeAdapter(cls)
    return _adapters[cls]
