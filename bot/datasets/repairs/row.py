"""What a repair of one record is."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.datasets.clearance import Clearance
from bot.datasets.records import Json
from bot.datasets.rule import Rule
from bot.profiles.model import Profile


@dataclass(frozen=True, slots=True)
class Place:
    """Where the record breaks the rule, with better words than the rule's own when there are some.

    Places of one rule with different ``group``s are causes of their own.
    """

    rule: Rule
    path: str = ""
    message: str | None = None
    hint: str | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A record after a repair (always a new value), what was wrong with it, and which keys were dropped.

    Whatever a repair drops it says in ``places`` beforehand, with an example, and it drops nothing that
    ``leftovers.bookkeeping`` takes for content unless a person chose that.
    """

    value: Json
    places: tuple[Place, ...]
    keys: tuple[str, ...] = ()


Fix = Callable[[Json, Profile], Fixed | None]
"""Returns None when there is nothing to mend, or nothing that can be mended without a guess. Changes nothing."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a repair does, as an order and as a report. ``{rows}`` is "1 row" or "40 rows"."""

    order: str
    done: str


@dataclass(frozen=True, slots=True)
class RowRepair:
    """One repair of a record: its stable name, the transformation, its words, and what clears a good row of it.

    A safe repair without ``cleared_by`` is tried on every row. A decision needs none: once one is made, every row is.
    """

    name: str
    fix: Fix
    words: Words
    cleared_by: tuple[Clearance, ...] = ()


def messages_of(value: Json) -> list[Json] | None:
    """Return the messages when there is a list of objects, else None: then no repair of messages is safe."""
    messages = value.get("messages")
    if isinstance(messages, list) and all(isinstance(each, dict) for each in messages):
        return messages
    return None
