"""All rules by code: where each is published. They are found wherever they stand: none is listed a second time."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from bot.datasets import content, reading, repairs, rules
from bot.datasets.reading import magic
from bot.datasets.reading.magic import NotRows
from bot.datasets.rule import Rule
from bot.profiles import sources


def _modules() -> Iterator[ModuleType]:
    for room in (rules, content, repairs, reading):
        for found in pkgutil.iter_modules(room.__path__):
            yield importlib.import_module(f"{room.__name__}.{found.name}")


def _sources() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    values = [*magic.KINDS, *(value for module in _modules() for value in vars(module).values())]
    for value in values:
        if isinstance(value, Rule):
            found.setdefault(value.code, {})[value.source] = None
        elif isinstance(value, NotRows):
            found.setdefault(value.code, {sources.PREPARE: None})
    return {code: tuple(each) for code, each in found.items()}


_SOURCES = _sources()


def sources_of(code: str) -> tuple[str, ...]:
    """Return where the rules with that code are published; none for a code of an older version."""
    return _SOURCES.get(code, ())
