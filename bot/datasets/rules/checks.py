"""The list of the checks of a record: what stands here is found, on good rows too (``clearance``)."""

from typing import Any

from bot.datasets.findings import Finding
from bot.datasets.rules import claude, content_keys, conversation, media, misspelt_keys, record
from bot.datasets.rules.check import Check
from bot.datasets.rules.file import NOT_AN_OBJECT
from bot.profiles.model import Profile

CHECKS: tuple[Check, ...] = (
    *claude.CHECKS,
    *conversation.CHECKS,
    *media.CHECKS,
    *misspelt_keys.CHECKS,
    *content_keys.CHECKS,
    *record.CHECKS,
)
"""In the order in which their findings are read."""


def checks_for(profile: Profile) -> tuple[Check, ...]:
    """Return the checks of records in the format of a base."""
    return tuple(each for each in CHECKS if each.only_for in (None, profile.record_format))


def no_object(line: int, value: Any) -> Finding:
    """Return the finding for a row that is JSON and no object; a string with an object in it was encoded twice."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        message = "The line is a string that holds JSON: the record was encoded twice."
        return NOT_AN_OBJECT.at(line, "", message, "Write json.dumps(record) once.", "twice")
    return NOT_AN_OBJECT.at(line)
