"""All checks of a record, in the order in which their findings are read."""

from collections.abc import Callable, Iterator
from typing import Any

from bot.datasets.findings import Finding
from bot.datasets.record_keys import keys_of
from bot.datasets.records import Json, Record
from bot.datasets.rules import claude, conversation, media
from bot.datasets.rules import record as common
from bot.datasets.rules.content_keys import content_keys
from bot.datasets.rules.file import NOT_AN_OBJECT
from bot.datasets.spelling import misspelt, shown
from bot.profiles.model import Profile, RecordFormat

Check = Callable[[Record, Profile], Iterator[Finding]]


def no_object(line: int, value: Any) -> Finding:
    """Return the finding for a row that is JSON and no object; a string with an object in it was encoded twice."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        message = "The line is a string that holds JSON: the record was encoded twice."
        return NOT_AN_OBJECT.at(line, "", message, "Write json.dumps(record) once.", "twice")
    return NOT_AN_OBJECT.at(line)


def misspelt_keys(record: Record, profile: Profile) -> Iterator[Finding]:
    """A key that is nearly one of the format's own, which is missing, is named and never dropped."""
    known = keys_of(profile.record_format)
    yield from _misspelt(record.line, "", record.value, known.of_record)
    for index, message in enumerate(claude.message_list(record)):
        if isinstance(message, dict):
            yield from _misspelt(record.line, f"messages[{index}].", message, known.of_message)


def _misspelt(line: int, prefix: str, value: Json, known: tuple[str, ...]) -> Iterator[Finding]:
    for key, near in misspelt(value, known).items():
        message = f"The key `{shown(key)}` was probably meant to be `{near}`: did you mean `{near}`?"
        yield claude.MISSPELT_KEY.at(line, f"{prefix}{shown(key)}", message)


CHECKS: dict[RecordFormat, tuple[Check, ...]] = {
    RecordFormat.CLAUDE_MESSAGES: (*claude.CHECKS, misspelt_keys, content_keys, *common.CHECKS),
    RecordFormat.BEDROCK_CONVERSATION: (
        *conversation.CHECKS,
        *media.CHECKS,
        misspelt_keys,
        content_keys,
        *common.CHECKS,
    ),
}
