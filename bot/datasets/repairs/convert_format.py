"""Rewrites a row of another format as a record of the base's own, when nothing that is to be learned is lost."""

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.formats import roles
from bot.datasets.formats.conversion import convert
from bot.datasets.formats.detection import is_target, recognise
from bot.datasets.formats.dialogue import ContentLost, Format, NotConvertible
from bot.datasets.leftovers.leftover import Leftover, example, meaning
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words
from bot.datasets.rule import error
from bot.datasets.rules.content_keys import DROP, LEAVE_OUT, WHAT_TO_DECIDE, WHETHER_TO_LEAVE_OUT
from bot.datasets.spelling import shown, visible
from bot.profiles import sources
from bot.profiles.model import Profile, RecordFormat
from bot.wording import quoted

OTHER_FORMAT = error(
    "other-format",
    "The rows are in another format than this base takes.",
    "The repair that is offered here rewrites them.",
    source=sources.PREPARE,
    repair="convert-format",
)
OTHER_FORMAT_LOSSY = error(
    "other-format",
    "The rows are in another format and cannot be converted without a loss or a guess.",
    "Write them in the format of this base.",
    source=sources.PREPARE,
)
OTHER_FORMAT_CONTENT = error(
    "other-format",
    "The rows are in another format, and keys that are no bookkeeping would be lost.",
    WHAT_TO_DECIDE,
    source=sources.PREPARE,
    decisions=(DROP,),
)

OTHER_FORMAT_UNTRAINED = error(
    "other-format",
    "The rows are in another format, and their keys say that they are not for training.",
    WHETHER_TO_LEAVE_OUT,
    source=sources.PREPARE,
    decisions=(LEAVE_OUT, DROP),
)

LABELS = {
    RecordFormat.CLAUDE_MESSAGES: "Claude's messages format",
    RecordFormat.BEDROCK_CONVERSATION: "Bedrock's conversation format",
}


def fix(value: Json, profile: Profile) -> Fixed | None:
    """Return the row in the base's format."""
    found = recognise(value)
    if found is None or is_target(found, profile.record_format, value):
        return None
    try:
        converted, _ = convert(value, found, profile.record_format)
    except NotConvertible:
        return None
    names = _names(value)
    hint = f"{names} {OTHER_FORMAT.hint}" if names else None
    place = Place(OTHER_FORMAT, "", _message(found, profile), hint, f"{found.name}{names}")
    return Fixed(converted, (place,))


def _names(value: Json) -> str:
    """Return what rare names of who speaks are taken for, as a question; empty when there are none."""
    lists = [each for each in value.values() if isinstance(each, list)]
    told = {name: role for each in lists for name, role in roles.unusual(each).items()}
    return " ".join(
        f"Did you mean {quoted(role)} by {quoted(visible(name[:40]))}?" for name, role in sorted(told.items())
    )


def obstacle(value: Json, profile: Profile) -> Place | None:
    """Return why a row of another format cannot be converted, or None when it is no such row."""
    found = recognise(value)
    if found is None or is_target(found, profile.record_format, value):
        return None
    try:
        convert(value, found, profile.record_format)
    except ContentLost as reason:
        return _lost(reason, _message(found, profile), found.name)
    except NotConvertible as reason:
        hint = f"They cannot be converted without a person: {reason}."
        return Place(OTHER_FORMAT_LOSSY, "", _message(found, profile), hint, f"{found.name}: {reason}")
    return None


def _lost(reason: ContentLost, message: str, name: str) -> Place:
    # Turned round twice, so that of a key which is lost in several places the first example is told.
    keys = {each.key: each for each in reversed(reason.lost)}
    told = " and ".join(_shown(each) for each in reversed(keys.values()))
    excluding = [each for each in reason.lost if each.excludes]
    if excluding:
        hint = f"{told} would be lost. {meaning(excluding[0].key)} {WHETHER_TO_LEAVE_OUT}"
        return Place(OTHER_FORMAT_UNTRAINED, "", message, hint, f"{name}: {reason} {LEAVE_OUT}")
    hint = f"{told} would be lost. {meaning(reason.lost[0].key)} {WHAT_TO_DECIDE}"
    return Place(OTHER_FORMAT_CONTENT, "", message, hint, f"{name}: {reason}")


def _shown(key: Leftover) -> str:
    return f"{quoted(shown(key.key))} (such as {quoted(example(key.value))})"


def _message(found: Format, profile: Profile) -> str:
    return f"Rows are in {found.label}; {profile.label} takes {LABELS[profile.record_format]}."


REPAIR = RowRepair(
    "convert-format",
    fix,
    Words("Convert the format of {rows}", "Converted the format of {rows}"),
    STRUCTURAL,
)
