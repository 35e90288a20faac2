"""Gives a record of the conversation format the schema version that the format has."""

from typing import Any

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.formats.conversion import SCHEMA_VERSION
from bot.datasets.leftovers.bookkeeping import is_empty, is_inert
from bot.datasets.leftovers.leftover import example
from bot.datasets.records import Json
from bot.datasets.repairs.row import Fixed, Place, RowRepair, Words
from bot.datasets.rule import error, warning
from bot.profiles import sources
from bot.profiles.model import Profile, RecordFormat
from bot.wording import quoted

MISSING_SCHEMA_VERSION = error(
    "schema-version",
    "The record has no `schemaVersion`.",
    f'It is "{SCHEMA_VERSION}".',
    source=sources.NOVA_PREPARE,
    repair="set-schema-version",
)
UNTYPED_SCHEMA_VERSION = error(
    "schema-version",
    "The schema version is not a text.",
    f'It is "{SCHEMA_VERSION}"; Nova takes any text there, but nothing that is none.',
    source=sources.NOVA_PREPARE,
    repair="set-schema-version",
)
OTHER_SCHEMA_VERSION = warning(
    "schema-version",
    f"The schema version is not {SCHEMA_VERSION}.",
    "Nova trains all the same; a base that reads the version would refuse the job.",
    source=sources.NOVA_PREPARE,
    repair="set-schema-version",
)


def fix(value: Json, profile: Profile) -> Fixed | None:
    """Return the record with the version that its format has."""
    version = value.get("schemaVersion")
    if profile.record_format is not RecordFormat.BEDROCK_CONVERSATION or version == SCHEMA_VERSION:
        return None
    if not is_empty(version) and not is_inert("schemaVersion", version):
        return None  # it is no version at all
    # First in the record, whether it was there or not, and last in the union, so that this one counts.
    fixed = {"schemaVersion": SCHEMA_VERSION} | value | {"schemaVersion": SCHEMA_VERSION}
    return Fixed(fixed, (_place(version),))


def _place(version: Any) -> Place:
    """Return the rule that a version breaks which is not the format's: Nova reads any text, and only a text."""
    if is_empty(version):
        return Place(MISSING_SCHEMA_VERSION, "schemaVersion")
    rule = OTHER_SCHEMA_VERSION if isinstance(version, str) else UNTYPED_SCHEMA_VERSION
    words = f"The schema version is {quoted(example(version))}; it would be set to {SCHEMA_VERSION}."
    return Place(rule, "schemaVersion", words)


REPAIR = RowRepair(
    "set-schema-version",
    fix,
    Words("Set the schema version in {rows}", "Set the schema version in {rows}"),
    STRUCTURAL,
)
