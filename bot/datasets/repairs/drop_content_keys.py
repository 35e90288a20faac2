"""Drops keys in which there is content that the base has no place for: a decision, made only when a person chooses it.

It goes before all other repairs, so that a row of another format can be converted once it is without them.
"""

from collections.abc import Iterator

from bot.datasets.formats.conversion import convert
from bot.datasets.formats.detection import is_target, recognise
from bot.datasets.formats.dialogue import ContentLost, NotConvertible
from bot.datasets.leftovers.leftover import Leftover, example, meaning, without
from bot.datasets.leftovers.unknown import unknown_keys
from bot.datasets.records import Json
from bot.datasets.repairs.row import Mended, Place, RowRepair
from bot.datasets.rule import error
from bot.datasets.spelling import shown
from bot.profiles import sources
from bot.profiles.model import Profile

DECISION = "drop-content-keys"
WHAT_TO_DECIDE = (
    "Put what counts into the messages, or decide to do without it:"
    f" `--only {DECISION}`, in Slack *Drop keys with content*."
)
LEAVE_OUT = "leave-out-untrained"
"""The other decision, of ``leave_out_untrained``: where a key says that its row is not for training."""
WHETHER_TO_LEAVE_OUT = (
    f"Leave these rows out: `--only {LEAVE_OUT}`, in Slack *Leave out rows not for training*. Or train on them all"
    f" the same: `--only {DECISION}`, in Slack *Drop keys with content*."
)
MOST_TOLD = 100
"""Keys of one row that are told one by one."""
CONTENT_KEY = error(
    "content-key",
    "A key that is not part of the format holds what may have been written to be learned.",
    WHAT_TO_DECIDE,
    source=sources.COOKBOOK,
    decisions=(DECISION,),
)
UNTRAINED = error(
    "content-key",
    "A key says that its row, or an answer in it, is not for training.",
    WHETHER_TO_LEAVE_OUT,
    source=sources.COOKBOOK,
    decisions=(LEAVE_OUT, DECISION),
)


def places(value: Json, profile: Profile) -> Iterator[Place]:
    """Yield the keys with content of a record in the base's own format."""
    found = [each for each in unknown_keys(value, profile) if not each.inert]
    for each in found[:MOST_TOLD]:
        key = shown(each.key)
        whole = "the format" if len(each.steps) == 1 else "a message"
        message = (
            f"The key `{key}` is not part of {whole} and would be lost, such as `{example(each.value)}`."
        )
        if each.excludes:
            hint = f"{meaning(each.key)} {WHETHER_TO_LEAVE_OUT}"
            yield Place(UNTRAINED, each.path, message, hint, LEAVE_OUT)
        else:
            yield Place(CONTENT_KEY, each.path, message, f"{meaning(each.key)} {WHAT_TO_DECIDE}")
    if found[MOST_TOLD:]:
        words = f"{len(found) - MOST_TOLD:,} more keys of a row are not part of the format and would be lost."
        yield Place(CONTENT_KEY, "*", words)


def mend(value: Json, profile: Profile) -> Mended | None:
    """Return the row without its keys with content, in the format that it has."""
    gone = content_of(value, profile)
    if not gone:
        return None
    found = tuple(Place(CONTENT_KEY, each.path) for each in gone)
    return Mended(without(value, gone), found, tuple(dict.fromkeys(shown(each.key) for each in gone)))


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


REPAIR = RowRepair(DECISION, mend)
