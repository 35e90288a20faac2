"""A small language in which Block Kit is written down: each word returns a check of one JSON value."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bot.playground.slack.state import Json


@dataclass(frozen=True)
class Finding:
    """One thing that Slack would refuse: what, and where as a JSON pointer."""

    message: str
    pointer: str
    constraint: Json = field(default_factory=dict)

    @property
    def text(self) -> str:
        """As Slack words it in ``response_metadata.messages``."""
        return f"[ERROR] {self.message} [json-pointer:{self.pointer}]"

    def under(self, prefix: str) -> str:
        """As ``text``, for a value that lies deeper in the request."""
        return f"[ERROR] {self.message} [json-pointer:{prefix}{self.pointer}]"


Findings: TypeAlias = list[Finding]
Check: TypeAlias = Callable[[Any, str, Findings], None]
Rule: TypeAlias = Callable[[Json, str, Findings], None]


def string(*, least: int = 0, most: int | None = None, enum: Sequence[str] = (), pattern: str = "") -> Check:
    """A string of ``least`` to ``most`` characters."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.append(Finding("must provide a string", at, {"type": "type", "expected": "string"}))
        elif len(value) < least:
            found.append(
                Finding(f"must be more than {least - 1} characters", at, {"type": "min", "expected": least})
            )
        elif most is not None and len(value) > most:
            message = f"must be less than {most + 1} characters"
            found.append(Finding(message, at, {"type": "max", "expected": most}))
        elif enum and value not in enum:
            expected = list(enum)
            found.append(
                Finding(f"must be one of {', '.join(enum)}", at, {"type": "enum", "expected": expected})
            )
        elif pattern and not re.fullmatch(pattern, value):
            found.append(Finding(f"must match {pattern}", at, {"type": "pattern", "expected": pattern}))

    return check


def integer(least: int | None = None, most: int | None = None) -> Check:
    """A whole number in a range."""
    return _number((int,), "an integer", least, most)


def number() -> Check:
    """Any number."""
    return _number((int, float), "a number", None, None)


def _number(kinds: tuple[type, ...], name: str, least: int | None, most: int | None) -> Check:
    def check(value: Any, at: str, found: Findings) -> None:
        # To `isinstance` a bool is a number.
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not isinstance(value, kinds):
            found.append(Finding(f"must provide {name}", at, {"type": "type"}))
        elif (least is not None and value < least) or (most is not None and value > most):
            found.append(Finding(f"must be between {least} and {most}", at, {"type": "range"}))

    return check


def boolean() -> Check:
    """True or false."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, bool):
            found.append(Finding("must provide a boolean", at, {"type": "type", "expected": "boolean"}))

    return check


def exactly(expected: str) -> Check:
    """One constant, such as an object's ``type``."""
    return string(enum=(expected,))


def array(of: Check, least: int = 0, most: int | None = None) -> Check:
    """A list of ``least`` to ``most`` items."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, list):
            found.append(Finding("must provide an array", at, {"type": "type", "expected": "array"}))
            return
        if len(value) < least:
            message = f"no fewer than {least} item{'s' if least > 1 else ''} allowed"
            found.append(Finding(message, at, {"type": "min", "expected": least}))
        if most is not None and len(value) > most:
            found.append(Finding(f"no more than {most} items allowed", at, {"type": "max", "expected": most}))
        for index, item in enumerate(value):
            of(item, f"{at}/{index}", found)

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Rule) -> Check:
    """An object with these keys and no others; the rules look at it as a whole when its keys are right."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.append(Finding("must provide an object", at, {"type": "type", "expected": "object"}))
            return
        before = len(found)
        for key in required:
            if value.get(key) is None:
                found.append(
                    Finding(f"missing required field: {key}", at, {"type": "required", "expected": key})
                )
        for key, item in value.items():
            part = required.get(key) or optional.get(key)
            if part is None:
                found.append(
                    Finding(f"invalid additional property: {key}", f"{at}/{key}", {"type": "unknown"})
                )
            elif item is not None:
                part(item, f"{at}/{key}", found)
        if len(found) == before:
            for rule in rules:
                rule(value, at, found)

    return check


def typed(kind: str, required: Mapping[str, Check], optional: Mapping[str, Check], *rules: Rule) -> Check:
    """An object that says its own ``type``."""
    return record({"type": exactly(kind), **required}, optional, *rules)


def one_of(kinds: Mapping[str, Check]) -> Check:
    """An object that is of one of these types."""

    def check(value: Any, at: str, found: Findings) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        part = kinds.get(kind) if isinstance(kind, str) else None
        if part is None:
            message = f"unsupported type: {kind}"
            found.append(Finding(message, f"{at}/type", {"type": "enum", "expected": sorted(kinds)}))
        else:
            part(value, at, found)

    return check


def later(get: Callable[[], Check]) -> Check:
    """A check that is looked up when used, for things that contain each other."""

    def check(value: Any, at: str, found: Findings) -> None:
        get()(value, at, found)

    return check


def any_of(*keys: str) -> Rule:
    """At least one of these keys is there."""

    def rule(value: Json, at: str, found: Findings) -> None:
        if not any(value.get(key) for key in keys):
            found.append(Finding(f"must define either `{'` or `'.join(keys)}`", at, {"type": "required"}))

    return rule


def just_one_of(*keys: str) -> Rule:
    """Exactly one of these keys is there."""

    def rule(value: Json, at: str, found: Findings) -> None:
        if sum(value.get(key) is not None for key in keys) != 1:
            message = f"must define exactly one of `{'`, `'.join(keys)}`"
            found.append(Finding(message, at, {"type": "exclusive"}))

    return rule
