"""Rewrites a row of another format as a record of the base's own, when nothing that is to be learned is lost."""

from bot.datasets.formats.conversion import convert
from bot.datasets.formats.detection import is_target, recognise
from bot.datasets.formats.dialogue import Format, NotConvertible
from bot.datasets.records import Json
from bot.datasets.repairs.row import Mended, Place, RowRepair
from bot.datasets.rules.rule import error
from bot.profiles import sources
from bot.profiles.model import Profile, RecordFormat

OTHER_FORMAT = error(
    "other-format",
    "The rows are in another format than this base takes.",
    "One press rewrites them.",
    source=sources.PREPARE,
    repair="convert-format",
)
OTHER_FORMAT_LOSSY = error(
    "other-format",
    "The rows are in another format and cannot be converted without a loss or a guess.",
    "Write them in the format of this base.",
    source=sources.PREPARE,
)

LABELS = {
    RecordFormat.CLAUDE_MESSAGES: "Claude's messages format",
    RecordFormat.BEDROCK_CONVERSATION: "Bedrock's conversation format",
}


def mend(value: Json, profile: Profile) -> Mended | None:
    """Return the row in the base's format."""
    found = recognise(value)
    if found is None or is_target(found, profile.record_format, value):
        return None
    try:
        converted, dialogue = convert(value, found, profile.record_format)
    except NotConvertible:
        return None
    place = Place(OTHER_FORMAT, "", _message(found, profile), group=found.name)
    return Mended(converted, (place,), dialogue.dropped)


def obstacle(value: Json, profile: Profile) -> Place | None:
    """Return why a row of another format cannot be converted, or None when it is no such row."""
    found = recognise(value)
    if found is None or is_target(found, profile.record_format, value):
        return None
    try:
        convert(value, found, profile.record_format)
    except NotConvertible as reason:
        hint = f"They cannot be converted without a person: {reason}."
        return Place(OTHER_FORMAT_LOSSY, "", _message(found, profile), hint, f"{found.name}: {reason}")
    return None


def _message(found: Format, profile: Profile) -> str:
    return f"Rows are in {found.label}; {profile.label} takes {LABELS[profile.record_format]}."


REPAIR = RowRepair("convert-format", mend)
