"""All checks of a record, in the order in which their findings are read."""

import difflib
from collections.abc import Callable, Iterator
from typing import Any

from bot.datasets.findings import Finding
from bot.datasets.records import Json, Record
from bot.datasets.rules import claude, conversation
from bot.datasets.rules import record as common
from bot.datasets.rules.file import NOT_AN_OBJECT
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
    module = claude if profile.record_format is RecordFormat.CLAUDE_MESSAGES else conversation
    yield from _misspelt(record.line, "", record.value, module.RECORD_KEYS)
    for index, message in enumerate(claude.message_list(record)):
        if isinstance(message, dict):
            yield from _misspelt(record.line, f"messages[{index}].", message, module.MESSAGE_KEYS)


def _misspelt(line: int, prefix: str, value: Json, known: tuple[str, ...]) -> Iterator[Finding]:
    missing = [each for each in known if each not in value]
    for key in value:
        near = meant(key, missing) if key not in known else None
        if near:
            message = f"The key `{key[:60]}` was probably meant to be `{near}`."
            yield claude.MISSPELT_KEY.at(line, f"{prefix}{key[:60]}", message)


def meant(key: str, missing: list[str]) -> str | None:
    """Return the missing key that ``key`` is a misspelling of, or None."""
    wanted = key[:60].strip().lower()
    # Two of very different lengths cannot be that near; difflib would find out too, but far slower.
    folded = {each.lower(): each for each in missing if abs(len(each) - len(wanted)) <= len(each) // 2}
    near = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.8) if folded else ()
    return folded[near[0]] if near else None


CHECKS: dict[RecordFormat, tuple[Check, ...]] = {
    RecordFormat.CLAUDE_MESSAGES: (*claude.CHECKS, misspelt_keys, *common.CHECKS),
    RecordFormat.BEDROCK_CONVERSATION: (*conversation.CHECKS, misspelt_keys, *common.CHECKS),
}
