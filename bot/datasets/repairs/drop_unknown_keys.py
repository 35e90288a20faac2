"""Drops keys that the format does not have and that carry nothing to be learned; it tells which."""

from bot.datasets.formats.messages import MEANINGFUL
from bot.datasets.records import Json
from bot.datasets.repairs.row import Mended, Place, RowRepair, messages_of
from bot.datasets.rules import claude, conversation
from bot.datasets.rules.rule import error, warning
from bot.datasets.rules.spelling import meant, shown
from bot.profiles import sources
from bot.profiles.model import Profile, RecordFormat

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


def keys_of(profile: Profile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys of a record and those of a message in the base's format."""
    module = claude if profile.record_format is RecordFormat.CLAUDE_MESSAGES else conversation
    return module.RECORD_KEYS, module.MESSAGE_KEYS


def mend(value: Json, profile: Profile) -> Mended | None:
    """Return the record without its unknown keys."""
    if "messages" not in value:
        return None  # what it has may be all there is: records under `data`, say
    record_keys, message_keys = keys_of(profile)
    rule = UNKNOWN_KEY if profile.record_format is RecordFormat.CLAUDE_MESSAGES else UNKNOWN_KEY_TOLERATED
    changed, dropped = _without(value, record_keys)
    places = [
        Place(rule, shown(key), f"The key `{shown(key)}` is not part of the format.") for key in dropped
    ]
    messages = messages_of(value)
    if messages:
        mended = []
        for index, message in enumerate(messages):
            kept, gone = _without(message, message_keys)
            mended.append(kept)
            dropped.extend(gone)
            places.extend(
                Place(
                    rule,
                    f"messages[{index}].{shown(key)}",
                    f"The key `{shown(key)}` is not part of a message.",
                )
                for key in gone
            )
        changed["messages"] = mended
    return Mended(changed, tuple(places), tuple(dict.fromkeys(map(shown, dropped)))) if places else None


def _without(value: Json, known: tuple[str, ...]) -> tuple[Json, list[str]]:
    missing = [each for each in known if each not in value]
    gone = {
        key: None
        for key in value
        if key not in known and not (key in MEANINGFUL and value[key]) and not meant(key, missing)
    }
    return {key: each for key, each in value.items() if key not in gone}, list(gone)


REPAIR = RowRepair("drop-unknown-keys", mend)
