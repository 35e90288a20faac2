"""All repairs by name, and what is read of them: on a button before, in the summary after.

A repair of rows is added to one of two lists here; its words and what clears good rows of it stand in its module.
"""

from dataclasses import dataclass

from bot.datasets.model import Cause, Report
from bot.datasets.reading.readings import CODECS, repair_name
from bot.datasets.records import Json
from bot.datasets.repairs import (
    convert_format,
    drop_content_keys,
    drop_empty_system,
    drop_trailing_user_turn,
    drop_unknown_keys,
    join_text_blocks,
    leave_out_untrained,
    lift_system_turn,
    lower_roles,
    mend_mojibake,
    rename_roles,
    set_schema_version,
    unescape_texts,
)
from bot.datasets.repairs.row import Fixed, RowRepair, Words
from bot.profiles.model import Profile

ROW_REPAIRS: tuple[RowRepair, ...] = (
    # First, since keys of another format are none that this one does not know.
    convert_format.REPAIR,
    drop_unknown_keys.REPAIR,
    lower_roles.REPAIR,
    rename_roles.REPAIR,
    # After the roles, by which an empty system turn is known.
    drop_empty_system.REPAIR,
    join_text_blocks.REPAIR,
    # After the blocks are joined: what is lifted out is a plain text.
    lift_system_turn.REPAIR,
    # After the system turn is out, which would count as a message.
    drop_trailing_user_turn.REPAIR,
    set_schema_version.REPAIR,
    mend_mojibake.REPAIR,
)
"""In the order in which they are applied: each may rely on those before it."""

DECISION_REPAIRS: tuple[RowRepair, ...] = (
    drop_content_keys.REPAIR,
    unescape_texts.LINE_BREAKS,
    unescape_texts.ENTITIES,
)
"""Repairs that change what is learned, applied before the others and only when a person has chosen them by name."""

_MAX_ROUNDS = 4


_OF_LINES: dict[str, Words] = {
    "unpack": Words("Unpack the file", "Unpacked the file"),
    "re-encode": Words("Re-encode the file as UTF-8", "Re-encoded the file as UTF-8"),
    "strip-byte-order-mark": Words("Strip the byte-order mark", "Stripped the byte-order mark"),
    "array-to-lines": Words("Write {rows} one a line", "Wrote {rows} one a line"),
    "table-to-lines": Words(
        "Turn {rows} of the table into records", "Turned {rows} of the table into records"
    ),
    "join-lines": Words("Write {rows} on one line each", "Wrote {rows} on one line each"),
    "unwrap-records": Words(
        "Take the record out of what is around it in {rows}",
        "Took the record out of what was around it in {rows}",
    ),
    "drop-blank-lines": Words("Drop {lines}", "Dropped {lines}"),
    "split-joined-objects": Words("Split joined objects in {rows}", "Split joined objects in {rows}"),
    "drop-trailing-commas": Words("Drop stray commas in {rows}", "Dropped stray commas in {rows}"),
    "escape-control-characters": Words(
        "Escape control characters in {rows}", "Escaped control characters in {rows}"
    ),
    "python-to-json": Words("Rewrite {rows} from Python to JSON", "Rewrote {rows} from Python to JSON"),
}
"""What reading does to the bytes of a file and to its lines."""

_OF_FILE: dict[str, Words] = {
    "drop-exact-duplicates": Words("Drop {copies}", "Dropped {copies}"),
}
"""What is done last, with all rows in view."""

_READ_FIRST = (
    convert_format.REPAIR,
    rename_roles.REPAIR,
    lower_roles.REPAIR,
    join_text_blocks.REPAIR,
    lift_system_turn.REPAIR,
    drop_empty_system.REPAIR,
    drop_unknown_keys.REPAIR,
    drop_trailing_user_turn.REPAIR,
    mend_mojibake.REPAIR,
)
"""A person reads of these in this order, and then of the other repairs of rows."""

REPAIRS: dict[str, Words] = {
    **_OF_LINES,
    **{each.name: each.words for each in (*_READ_FIRST, *ROW_REPAIRS)},
    **_OF_FILE,
}
"""Every safe repair, in the order in which a person would read them."""

DECISIONS: dict[str, Words] = {
    leave_out_untrained.DECISION: leave_out_untrained.WORDS,
    **{each.name: each.words for each in DECISION_REPAIRS},
    **{repair_name(name): Words(f"Read {{rows}} as {name}", f"Read {{rows}} as {name}") for name in CODECS},
}
"""Repairs that only a person can choose, by name: they are never made with the others."""

CHOICES: dict[str, Words] = DECISIONS | REPAIRS
"""All that can be chosen by name, in the order in which a person would read it."""


def offer(name: str, count: int) -> str:
    """Return the words for a button: "Move the system prompt in 40 rows"."""
    return _fill(CHOICES[name].order, count)


def done(name: str, count: int) -> str:
    """Return the words for a summary: "Moved the system prompt in 40 rows"."""
    return _fill(CHOICES[name].done, count)


def rows_fixed(cause: Cause, report: Report) -> int:
    """Return how many rows the cause's repair would change: one finding may be about the layout of all."""
    return report.records if cause.repair in ("array-to-lines", "table-to-lines") else cause.count


def effects(report: Report) -> tuple[str, ...]:
    """Return what repairing the file would do, in the order in which a person would read it."""
    return tuple(words for _, words in offers(report))


def offers(report: Report) -> tuple[tuple[str, str], ...]:
    """Return the name and the effect of each repair that the file needs, in the order of ``effects``.

    Of several causes with one repair the largest counts: they mostly stand in the same rows, but a row has only one
    format. The exact figures are in the summary afterwards.
    """
    rows: dict[str, int] = {}
    for cause in report.causes:
        if cause.repair in REPAIRS:
            known, new = rows.get(cause.repair, 0), rows_fixed(cause, report)
            rows[cause.repair] = (
                known + new if cause.repair == convert_format.REPAIR.name else max(known, new)
            )
    return tuple((name, offer(name, rows[name])) for name in REPAIRS if name in rows)


def decisions(report: Report) -> tuple[tuple[str, str], ...]:
    """Return the name and the effect of each repair that a person may choose, in the order of the causes.

    Of several causes with one repair the largest counts: they mostly stand in the same rows.
    """
    rows: dict[str, int] = {}
    for cause in report.causes:
        for name in cause.decisions:
            rows[name] = max(rows.get(name, 0), cause.count)
    return tuple((name, offer(name, count)) for name, count in rows.items() if name in DECISIONS)


def _fill(words: str, count: int) -> str:
    one = count == 1
    return words.format(
        rows="1 row" if one else f"{count:,} rows",
        lines="1 blank line" if one else f"{count:,} blank lines",
        copies="1 copy" if one else f"{count:,} copies",
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One repair that a record needed."""

    name: str
    fixed: Fixed


def fix_record(value: Json, profile: Profile, only: frozenset[str] | None = None) -> tuple[Json, list[Step]]:
    """Return the record after all safe repairs (or those in ``only``), and the steps taken. Changes nothing.

    One repair may make room for another, so they are gone through again until none finds work. Decisions are made
    first, and only those in ``only``.
    """
    value, steps = decide(value, profile, only or frozenset())
    for _ in range(_MAX_ROUNDS):
        before = len(steps)
        for repair in ROW_REPAIRS:
            if only is not None and repair.name not in only:
                continue
            fixed = repair.fix(value, profile)
            if fixed is not None:
                value = fixed.value
                steps.append(Step(repair.name, fixed))
        if len(steps) == before:
            break
    return value, steps


def decide(value: Json, profile: Profile, chosen: frozenset[str]) -> tuple[Json, list[Step]]:
    """Return the row after the decisions that were ``chosen``, and the steps taken. Changes nothing."""
    steps: list[Step] = []
    for each in DECISION_REPAIRS:
        fixed = each.fix(value, profile) if each.name in chosen else None
        if fixed is not None:
            value = fixed.value
            steps.append(Step(each.name, fixed))
    return value, steps
