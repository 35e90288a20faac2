"""Values of any dataclass, from a seed, with the texts and numbers that people and machines really send."""

import dataclasses
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from random import Random
from types import NoneType, UnionType
from typing import Any

from bot.controller.model import Message
from handlers.ui.blocks import in_words

TEXTS = [
    "",
    " ",
    "claims-router",
    "U012ABCDEF",
    "It went wrong. Do `this` instead.",
    "<!channel> <!here> <!everyone>",
    "<@U012345> <#C012345> <!subteam^S012345> <@U012345",
    "<https://evil.example|your bank>",
    "`code` ```fence``` *bold* _it_ ~no~",
    "&amp;&lt;!channel&gt;",
    "x" * 5_000,
    "😀" * 3_000,
    "&" * 4_000,
    "<" * 4_000,
    "a<" * 1_499,
    "line\n" * 900,
    "\u202eRTL\u202c\x00\x07\ud83d",
    "in service until <!channel>",
]
NUMBERS = [0, 1, 2, 17, 999, 10_000, 10**12]
START = datetime(2026, 1, 1, tzinfo=UTC)


LENGTHS = (0, 1, 3, 60)
"""Of lists; the lists in a long list are short, or there would be thousands of values in a card."""


def anything(wanted: Any, random: Random, most: int = LENGTHS[-1]) -> Any:
    """Return some value of that type, with at most ``most`` values in its lists.

    A ``random`` with an attribute ``texts`` chooses all text from these.
    """
    if wanted is Message:
        return in_words(anything(str, random))  # what was drawn already
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if dataclasses.is_dataclass(wanted) and isinstance(wanted, type):
        return wanted(**{name: anything(hint, random, most) for name, hint in _hints(wanted).items()})
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return random.choice(list(wanted))
    if origin in (typing.Union, UnionType):
        return anything(random.choice(arguments), random, most)
    if origin is tuple and arguments[-1] is not Ellipsis:
        return tuple(anything(each, random, most) for each in arguments)
    if origin is tuple:
        count = random.choice([each for each in LENGTHS if each <= most])
        return tuple(anything(arguments[0], random, most // max(count, 1)) for _ in range(count))
    if origin is Mapping:
        return {
            anything(arguments[0], random): anything(arguments[1], random)
            for _ in range(random.choice([0, 5]))
        }
    return _SIMPLE[wanted](random)


@cache
def _hints(wanted: type) -> dict[str, Any]:
    hints = typing.get_type_hints(wanted)
    return {each.name: hints[each.name] for each in dataclasses.fields(wanted)}


_SIMPLE: dict[Any, Callable[[Random], Any]] = {
    str: lambda random: random.choice(getattr(random, "texts", TEXTS)),
    int: lambda random: random.choice(NUMBERS),
    float: lambda random: random.choice([0.0, 0.5, 1.0, 1e-9, 12345.678]),
    bool: lambda random: random.random() < 0.5,
    timedelta: lambda random: timedelta(seconds=random.randrange(10**7)),
    datetime: lambda random: START + timedelta(seconds=random.randrange(10**8)),
    Decimal: lambda random: random.choice(
        [Decimal(0), Decimal("0.0008"), Decimal("12.5"), Decimal("123456.789")]
    ),
    NoneType: lambda _random: None,
}
