"""Drops keys that the format does not have and that are bookkeeping; it tells which, and what stands in them."""

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.formats.unknown_keys import unknown_keys
from bot.datasets.leftovers.bookkeeping import is_empty, is_inert
from bot.datasets.leftovers.leftover import Leftover, example, without
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words
from bot.datasets.rule import error, warning
from bot.datasets.spelling import shown
from bot.profiles import sources
from bot.profiles.model import Profile, RecordFormat
from bot.wording import quoted

UNKNOWN_KEY = error(
    "unknown-key",
    "A key is not part of the format.",
    "Only `system` and `messages` with `role` and `content` are allowed.",
    source=sources.COOKBOOK,
    repair="drop-unknown-keys",
)
UNKNOWN_KEY_TOLERATED = warning(
    "unknown-key",
    "A key is not part of the format.",
    "The service is known to pass over it; nothing is learned from it.",
    source=sources.LLAMA_VALIDATOR,
    repair="drop-unknown-keys",
)


def fix(value: Json, profile: Profile) -> Fixed | None:
    """Return the record without its unknown keys; keys in which there may be content stay."""
    gone = [each for each in unknown_keys(value, profile) if each.inert]
    if not gone:
        return None
    rule = UNKNOWN_KEY if profile.record_format is RecordFormat.CLAUDE_MESSAGES else UNKNOWN_KEY_TOLERATED
    places = tuple(Place(rule, each.path, _message(each)) for each in gone)
    return Fixed(without(value, gone), places, tuple(dict.fromkeys(shown(each.key) for each in gone)))


def _message(key: Leftover) -> str:
    whole = "the format" if len(key.steps) == 1 else "a message"
    kind = "it is bookkeeping" if is_inert(key.key, key.value) else "a message says the same"
    what = "it is empty" if is_empty(key.value) else f"{kind}, such as {quoted(example(key.value))}"
    return f"The key {quoted(shown(key.key))} is not part of {whole} and would be dropped: {what}."


REPAIR = RowRepair(
    "drop-unknown-keys",
    fix,
    Words("Drop unknown keys in {rows}", "Dropped unknown keys in {rows}"),
    STRUCTURAL,
)
