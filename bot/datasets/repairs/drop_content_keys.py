"""Drops keys in which there is content that the base has no place for: a decision, made only when a person chooses it.

It goes before all other repairs, so that a row of another format can be converted once it is without them.
"""

from bot.datasets.formats.conversion import convert
from bot.datasets.formats.detection import is_target, recognise
from bot.datasets.formats.dialogue import ContentLost, NotConvertible
from bot.datasets.formats.unknown_keys import unknown_keys
from bot.datasets.leftovers.leftover import Leftover, without
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words
from bot.datasets.rules.content_keys import CONTENT_KEY, DROP
from bot.datasets.spelling import shown
from bot.profiles.model import Profile


def fix(value: Json, profile: Profile) -> Fixed | None:
    """Return the row without its keys with content, in the format that it has."""
    gone = content_of(value, profile)
    if not gone:
        return None
    found = tuple(Place(CONTENT_KEY, each.path) for each in gone)
    return Fixed(without(value, gone), found, tuple(dict.fromkeys(shown(each.key) for each in gone)))


def content_of(value: Json, profile: Profile) -> tuple[Leftover, ...]:
    """Return the keys with content that the base's record has no place for, in the format that the row has."""
    found = recognise(value)
    if found is None or is_target(found, profile.record_format, value):
        return tuple(each for each in unknown_keys(value, profile) if not each.inert)
    try:
        convert(value, found, profile.record_format)
    except ContentLost as reason:
        return reason.lost
    except NotConvertible:
        pass
    return ()


REPAIR = RowRepair(
    DROP, fix, Words("Drop keys with content in {rows}", "Dropped keys with content in {rows}")
)
