"""All rules by code: where each is published."""

from bot.datasets.content import personal, secrets, wording
from bot.datasets.reading import magic, sniffing
from bot.datasets.reading.magic import NotRows
from bot.datasets.repairs import (
    convert_format,
    drop_content_keys,
    drop_empty_system,
    drop_trailing_user_turn,
    drop_unknown_keys,
    join_text_blocks,
    lift_system_turn,
    lower_roles,
    mend_mojibake,
    rename_roles,
    set_schema_version,
)
from bot.datasets.rule import Rule
from bot.datasets.rules import claude, conversation, file, file_statistics, media, record
from bot.profiles import sources

_MODULES = (
    file, claude, conversation, record, file_statistics, secrets, personal, wording, convert_format, lower_roles,
    rename_roles, mend_mojibake, join_text_blocks, lift_system_turn, drop_unknown_keys, drop_trailing_user_turn,
    set_schema_version, drop_content_keys, drop_empty_system, media,
)  # fmt: skip


def _sources() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for module in _MODULES:
        for value in vars(module).values():
            if isinstance(value, Rule):
                found.setdefault(value.code, {})[value.source] = None
    for what in (*magic.KINDS, *(each for each in vars(sniffing).values() if isinstance(each, NotRows))):
        found.setdefault(what.code, {sources.PREPARE: None})
    return {code: tuple(each) for code, each in found.items()}


_SOURCES = _sources()


def sources_of(code: str) -> tuple[str, ...]:
    """Return where the rules with that code are published; none for a code of an older version."""
    return _SOURCES.get(code, ())
