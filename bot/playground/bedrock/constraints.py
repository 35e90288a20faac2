"""Values against the service model, whole: types, required, lengths, ranges, enums and patterns.

botocore's own client checks only types, required members and minimum lengths. The service checks everything, so the
stand-in does too, in the service's wording; and it holds its own responses to the same shapes.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

# `(-*[X])*` where X holds the hyphen means `[X]*`, but matches in exponential time; the service's own engine copes.
_EXPONENTIAL, _LINEAR = r"(-*[a-zA-Z0-9\+\-\.])*", r"[a-zA-Z0-9\+\-\.]*"


class WrongType(Exception):
    """A value's JSON type is not the shape's: the service cannot even read the request."""


def violations(shape: Shape, value: object, path: str = "") -> list[str]:
    """Return what is wrong with ``value``, one text for each constraint, in the service's wording.

    Raises WrongType when a value has a JSON type that the shape does not take.
    """
    return list(_walk(shape, value, path))


def validation_message(found: list[str]) -> str:
    """Return the message of the ValidationException for ``found``."""
    plural = "error" if len(found) == 1 else "errors"
    return f"{len(found)} validation {plural} detected: {'; '.join(found)}"


def _walk(shape: Shape, value: object, path: str) -> Iterator[str]:
    check = _CHECKS.get(shape.type_name)
    if check is not None:
        yield from check(shape, value, path)


def _structure(shape: Shape, value: object, path: str) -> Iterator[str]:
    assert isinstance(shape, StructureShape)
    if shape.is_document_type:
        return
    if not isinstance(value, Mapping):
        raise WrongType(f"{_name(path)} must be an object")
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"Value null at '{_join(path, name)}' failed to satisfy constraint: Member must not be null"
    given = [name for name in shape.members if value.get(name) is not None]
    if shape.is_tagged_union and len(given) != 1:
        yield _failed(value, path, "Member must have exactly one of the union's members set")
    for name in given:
        yield from _walk(shape.members[name], value[name], _join(path, name))


def _list(shape: Shape, value: object, path: str) -> Iterator[str]:
    assert isinstance(shape, ListShape)
    if not isinstance(value, list | tuple):
        raise WrongType(f"{_name(path)} must be a list")
    yield from _length(shape, value, len(value), path)
    for index, item in enumerate(value, start=1):
        yield from _walk(shape.member, item, f"{path}.{index}.member")


def _map(shape: Shape, value: object, path: str) -> Iterator[str]:
    assert isinstance(shape, MapShape)
    if not isinstance(value, Mapping):
        raise WrongType(f"{_name(path)} must be an object")
    yield from _length(shape, value, len(value), path)
    for key, item in value.items():
        yield from _walk(shape.key, key, f"{path}.key")
        yield from _walk(shape.value, item, f"{path}.{key}.member")


def _string(shape: Shape, value: object, path: str) -> Iterator[str]:
    assert isinstance(shape, StringShape)
    if not isinstance(value, str):
        raise WrongType(f"{_name(path)} must be a string")
    too_long = list(_length(shape, value, len(value), path))
    yield from too_long
    if shape.enum and value not in shape.enum:
        yield _failed(value, path, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
    pattern = shape.metadata.get("pattern")
    if pattern and not too_long and not compiled(pattern).fullmatch(value):
        yield _failed(value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _number(shape: Shape, value: object, path: str) -> Iterator[str]:
    whole = shape.type_name in {"integer", "long"}
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise WrongType(f"{_name(path)} must be a number")
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield _failed(value, path, f"Member must have value greater than or equal to {low}")
    if high is not None and value > high:
        yield _failed(value, path, f"Member must have value less than or equal to {high}")


def _boolean(_: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, bool):
        raise WrongType(f"{_name(path)} must be true or false")
    yield from ()


def _blob(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, bytes):
        raise WrongType(f"{_name(path)} must be bytes")
    yield from _length(shape, b"(bytes)", len(value), path)


def _timestamp(_: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, datetime):
        raise WrongType(f"{_name(path)} must be a timestamp")
    yield from ()


def _length(shape: Shape, value: object, length: int, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and length < low:
        yield _failed(value, path, f"Member must have length greater than or equal to {low}")
    if high is not None and length > high:
        yield _failed(value, path, f"Member must have length less than or equal to {high}")


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the service model's ``pattern``, ready for ``fullmatch``."""
    return re.compile(pattern.replace(_EXPONENTIAL, _LINEAR))


def _failed(value: object, path: str, rule: str) -> str:
    shown = str(value)
    shown = shown if len(shown) <= 200 else f"{shown[:200]}..."
    return f"Value '{shown}' at '{_name(path)}' failed to satisfy constraint: {rule}"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _name(path: str) -> str:
    return path or "request"


_CHECKS: dict[str, Callable[[Shape, object, str], Iterator[str]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _number,
    "long": _number,
    "float": _number,
    "double": _number,
    "boolean": _boolean,
    "blob": _blob,
    "timestamp": _timestamp,
}
