"""Keys that are nearly one of the format's own, which is missing: for a person to rename, and never dropped."""

from collections.abc import Iterator

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.findings import Finding
from bot.datasets.record_keys import keys_of
from bot.datasets.records import Json, Record
from bot.datasets.rules.check import Check
from bot.datasets.rules.claude import MISSPELT_KEY, message_list
from bot.datasets.spelling import misspelt, shown
from bot.profiles.model import Profile
from bot.wording import quoted


def misspelt_keys(record: Record, profile: Profile) -> Iterator[Finding]:
    """A key that is nearly one of the format's own, which is missing, is named and never dropped."""
    known = keys_of(profile.record_format)
    yield from _misspelt(record.line, "", record.value, known.of_record)
    for index, message in enumerate(message_list(record)):
        if isinstance(message, dict):
            yield from _misspelt(record.line, f"messages[{index}].", message, known.of_message)


def _misspelt(line: int, prefix: str, value: Json, known: tuple[str, ...]) -> Iterator[Finding]:
    for key, near in misspelt(value, known).items():
        message = f"The key {quoted(shown(key))} was probably meant to be {quoted(near)}: did you mean {quoted(near)}?"
        yield MISSPELT_KEY.at(line, f"{prefix}{shown(key)}", message)


CHECKS = (Check(misspelt_keys, STRUCTURAL),)
