"""Keys with content that the record has no place for: it is lost unless a person decides otherwise."""

from collections.abc import Iterator

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.findings import Finding
from bot.datasets.formats.unknown_keys import unknown_keys
from bot.datasets.leftovers.leftover import example, meaning
from bot.datasets.records import Record
from bot.datasets.rule import error
from bot.datasets.rules.check import Check
from bot.datasets.spelling import shown
from bot.profiles import sources
from bot.profiles.model import Profile
from bot.wording import quoted

DROP = "drop-content-keys"
WHAT_TO_DECIDE = (
    "Put what counts into the messages, or decide to do without it:"
    f" `--only {DROP}`, in Slack *Drop keys with content*."
)
LEAVE_OUT = "leave-out-untrained"
"""The other decision: where a key says that its row is not for training."""
WHETHER_TO_LEAVE_OUT = (
    f"Leave these rows out: `--only {LEAVE_OUT}`, in Slack *Leave out rows not for training*. Or train on them all"
    f" the same: `--only {DROP}`, in Slack *Drop keys with content*."
)
MOST_TOLD = 100
"""Keys of one row that are told one by one."""
CONTENT_KEY = error(
    "content-key",
    "A key that is not part of the format holds what may have been written to be learned.",
    WHAT_TO_DECIDE,
    source=sources.COOKBOOK,
    decisions=(DROP,),
)
UNTRAINED = error(
    "content-key",
    "A key says that its row, or an answer in it, is not for training.",
    WHETHER_TO_LEAVE_OUT,
    source=sources.COOKBOOK,
    decisions=(LEAVE_OUT, DROP),
)


def content_keys(record: Record, profile: Profile) -> Iterator[Finding]:
    """Keys that the format does not have and that are no bookkeeping: nobody but a person may drop them."""
    found = [each for each in unknown_keys(record.value, profile) if not each.inert]
    for each in found[:MOST_TOLD]:
        key = shown(each.key)
        whole = "the format" if len(each.steps) == 1 else "a message"
        lost = quoted(example(each.value))
        message = f"The key {quoted(key)} is not part of {whole} and would be lost, such as {lost}."
        if each.excludes:
            hint = f"{meaning(each.key)} {WHETHER_TO_LEAVE_OUT}"
            yield UNTRAINED.at(record.line, each.path, message, hint)
        else:
            yield CONTENT_KEY.at(record.line, each.path, message, f"{meaning(each.key)} {WHAT_TO_DECIDE}")
    if found[MOST_TOLD:]:
        words = f"{len(found) - MOST_TOLD:,} more keys of a row are not part of the format and would be lost."
        yield CONTENT_KEY.at(record.line, "*", words)


CHECKS = (Check(content_keys, STRUCTURAL),)
