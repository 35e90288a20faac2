"""Repairs a whole file into a new one. The original is never changed, and rows without fault keep their bytes."""

import difflib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from bot.datasets.file_statistics.duplicates import Memory, SeenKind
from bot.datasets.findings import Finding
from bot.datasets.model import Severity, Unit
from bot.datasets.reading import parsing
from bot.datasets.reading.blanks import SPACE, is_blank
from bot.datasets.reading.parsing import Parsed
from bot.datasets.reading.reader import Reader, Rereading
from bot.datasets.reading.readings import CODECS, repair_name
from bot.datasets.reading.sniffing import HEAD, Layout, encoding, layout
from bot.datasets.reading.spanning import on_one_line
from bot.datasets.reading.streams import ByteSource
from bot.datasets.records import Json, Record, read
from bot.datasets.repairs import leave_out_untrained
from bot.datasets.repairs.by_hand import UNTOUCHED, ByHand
from bot.datasets.repairs.changes import DROP_ROW, EDIT_ROW, Change
from bot.datasets.repairs.convert_format import obstacle
from bot.datasets.repairs.good_rows import fast_path
from bot.datasets.repairs.registry import CHOICES, DECISION_REPAIRS, REPAIRS, decide, fix_record
from bot.datasets.repairs.summary import RepairSummary, Tally
from bot.datasets.rules import file as file_rules
from bot.datasets.rules.checks import checks_for
from bot.datasets.rules.file_statistics import are_needed
from bot.errors import Refused
from bot.profiles.model import Profile
from bot.wording import counted, quoted

PREREQUISITES = ("unpack", "re-encode", "array-to-lines", "table-to-lines")
"""Repairs without which no row of such a file can be told from the next."""
DROP_COPIES = "drop-exact-duplicates"
_HOPELESS = tuple(
    rule.code
    for rule in (
        file_rules.LINE_TOO_LONG,
        file_rules.TOO_MANY_ROWS,
        file_rules.BROKEN_ENCODING,
        file_rules.BROKEN_PACKING,
        file_rules.TRUNCATED,
        file_rules.TABLE_ROW,
        file_rules.NOT_UTF8,
    )
)
WRAPPED = {
    Layout.ARRAY: "array-to-lines",
    Layout.DOCUMENT: "array-to-lines",
    Layout.TABLE: "table-to-lines",
}
"""The repair that writes the rows of a layout one a line."""

READINGS = {repair_name(encoding): encoding for encoding in CODECS}
"""Encodings by the repair that reads lines in them."""

_BY_ITS_WORDS = (
    "Which encoding was meant is yours to say: its report has the readings that make sense, with the words that they"
    " give, and each is a repair by that name."
)
_MORE_PASSES = 3
_BOM = b"\xef\xbb\xbf"


Watch = Callable[[Change], None]


def repair(
    path: Path,
    out_path: Path,
    profile: Profile,
    only: Collection[str] | None = None,
    *,
    by_hand: ByHand = UNTOUCHED,
    watch: Watch | None = None,
) -> RepairSummary:
    """Write the file at ``path`` to ``out_path`` with every safe repair made, or with those in ``only``.

    What changes what is learned (``registry.DECISIONS``) is done only when ``only`` names it.

    Rows that no safe repair can mend are written as they are. One pass, or more for a file that was wrapped more
    than once or in which rows stay that nobody can read: what came out would be repaired to itself. Memory does not
    grow with the file. The new file appears under its name only when it is whole.
    Copies stay when the base would have too few records without them: to tell, a file is looked at beforehand as far
    as the base's fewest records go.

    ``by_hand`` leaves out rows, or has others in their place, as a person chose. ``watch`` is told of every row that
    comes out otherwise than it went in.

    Raises:
        Refused: a name in ``only`` is no repair; the two paths are one file; the file holds no rows at all; or the
            chosen repairs need another one first.
        OSError: a file cannot be read or written.
    """
    chosen = _chosen(only)
    if out_path.exists() and out_path.samefile(path):
        raise Refused(
            "A file cannot be repaired into itself.", hint="Give another name for the repaired file."
        )
    unfinished, previous = (out_path.with_name(f"{out_path.name}{end}") for end in (".part", ".part-1"))
    try:
        summary, is_torn = _pass(path, unfinished, profile, chosen, by_hand, watch)
        again = summary
        for _ in range(_MORE_PASSES):
            if only is not None or not (_still_wrapped(unfinished) or (is_torn and again.changed)):
                break
            unfinished.replace(previous)
            again, is_torn = _pass(previous, unfinished, profile, chosen, UNTOUCHED, watch)
            steps = summary.steps + again.steps
            summary = replace(summary, steps=steps, rows_written=again.rows_written, notes=again.notes)
        unfinished.replace(out_path)
    finally:
        unfinished.unlink(missing_ok=True)
        previous.unlink(missing_ok=True)
    return summary


def _pass(
    path: Path,
    out_path: Path,
    profile: Profile,
    chosen: frozenset[str],
    by_hand: ByHand,
    watch: Watch | None,
) -> tuple[RepairSummary, bool]:
    """Write what one pass makes of the file; also tell whether rows stay in it that nobody can read.

    How those are read depends on their neighbours: when one of these was mended or left out, they may make one row.
    """
    with path.open("rb", buffering=0) as source:
        needed = DROP_COPIES in chosen and _Fixing(profile, chosen, by_hand).needed_copies(source)
    if needed:
        chosen -= {DROP_COPIES}
    with path.open("rb", buffering=0) as source, out_path.open("wb") as target:
        fixing = _Fixing(profile, chosen, by_hand, watch)
        summary = fixing.run(source, target)
    return replace(summary, notes=(needed,)) if needed else summary, fixing.is_torn


def _still_wrapped(path: Path) -> bool:
    """Whether what came out is wrapped once more: a mark behind the mark, text encoded twice."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    return head.startswith(_BOM) or encoding(head) is not None or layout(head) is not Layout.LINES


def _chosen(only: Collection[str] | None) -> frozenset[str]:
    unknown = sorted(set(only or ()) - set(CHOICES))
    if unknown:
        near = difflib.get_close_matches(unknown[0], CHOICES, n=1)
        meant = f"Did you mean {quoted(near[0])}? " if near else ""
        raise Refused(
            f"There is no repair {quoted(unknown[0])}.", hint=f"{meant}There are {', '.join(REPAIRS)}."
        )
    readings = sorted(READINGS.keys() & set(only or ()))
    if len(readings) > 1:
        raise Refused(
            f"Lines can be read in one encoding only, not as {quoted(readings[0])} and {quoted(readings[1])}.",
            hint="Choose the one whose words are right.",
        )
    return frozenset(REPAIRS if only is None else only)


class _Fixing:
    """The state of one pass."""

    def __init__(
        self,
        profile: Profile,
        chosen: frozenset[str],
        by_hand: ByHand = UNTOUCHED,
        watch: Watch | None = None,
    ) -> None:
        self._profile = profile
        self._chosen = chosen
        self._by_hand = by_hand
        self._watch = watch
        self._dropped = 0
        self._edited = 0
        self._tally = Tally()
        self._memory = Memory()
        self._checks = checks_for(profile)
        self._fast = fast_path(profile)
        self._leaves_out = leave_out_untrained.DECISION in chosen
        self._decides = self._leaves_out or any(each.name in chosen for each in DECISION_REPAIRS)
        self._keep_mark = False
        self._layout = Layout.LINES
        self._read = 0
        self._written = 0
        self._unit = Unit.LINE
        self.is_torn = False
        """Whether a row was written as it is, since it cannot be read."""

    def run(self, source: ByteSource, target: IO[bytes]) -> RepairSummary:
        """Read every row, write what comes out."""
        reader = Reader(source, self._note, self._rereading())
        try:
            for line, data in reader.rows():
                self._unit = reader.unit
                if self._keep_mark and not self._read:  # reading has taken it off in any case
                    target.write(_BOM)
                self._read += 1
                self._layout = reader.layout
                if reader.layout is not Layout.LINES:
                    self._tally.count(WRAPPED[reader.layout])
                for row in self._chosen_rows(line, data):
                    self._written += 1
                    target.write(row)
                    target.write(b"\n")
        finally:
            reader.close()
        if reader.kind is not None:
            raise Refused(
                "The file holds no rows that could be repaired.", hint="See its report for what it is."
            )
        return RepairSummary(
            self._tally.steps(), self._read, self._written, self._dropped, edited=self._edited
        )

    def needed_copies(self, source: ByteSource) -> str:
        """Return in words that the copies are needed to have enough records; empty when they are not.

        Reads until the base has enough records without copies, so mostly no further than some dozen rows.
        """
        reader, written = Reader(source, self._note, self._rereading()), 0
        least = self._profile.limits.min_records
        try:
            for line, data in reader.rows():
                if written >= least:
                    return ""
                self._read += 1
                written += sum(bool(row) for row in self._chosen_rows(line, data))
        finally:
            reader.close()
        copies = self._tally.rows[DROP_COPIES]
        if not are_needed(copies, written + copies, self._profile):
            return ""
        kept, them = ("1 copy", "it") if copies == 1 else (f"{copies:,} copies", "them")
        left = counted(written, "record")
        return f"Kept {kept}: {left} would remain without {them}, and {self._profile.label} needs {least:,}."

    def _rereading(self) -> Rereading | None:
        """Return how lines are read that are not UTF-8, when a person chose that."""
        name = next((each for each in READINGS if each in self._chosen), None)
        if name is None:
            return None

        def on_line(number: int, before: bytes, after: bytes) -> None:
            self._tally.count(name)
            self._tell(Change(number, number, (name,), before.strip(SPACE), (after.strip(SPACE),)))

        return Rereading(READINGS[name], on_line)

    def _note(self, finding: Finding) -> None:
        """Hear what reading says of the file: it has mended it already, so the choice must allow that."""
        name = finding.repair
        if name in PREREQUISITES and name not in self._chosen:
            raise Refused(
                f"No other repair is possible without {quoted(name)}.",
                hint=f"{finding.message} Choose {quoted(name)} too.",
            )
        if name in ("re-encode", "unpack"):
            self._tally.count(name)
        elif name == "strip-byte-order-mark":
            self._keep_mark = name not in self._chosen
            if not self._keep_mark:
                self._tally.count(name)
        elif finding.code in _HOPELESS:
            chosen_by_words = finding.code == file_rules.NOT_UTF8.code
            hint = _BY_ITS_WORDS if chosen_by_words else finding.hint
            raise Refused(f"The file cannot be repaired: {finding.message}", hint=hint)

    def _chosen_rows(self, line: int, data: bytes) -> Iterable[bytes]:
        """Return what comes of one line, unless a person chose to leave it out, and tell who watches."""
        if self._read in self._by_hand.drop:
            self._dropped += 1
            self._tell(self._change(line, (DROP_ROW,), data, ()))
            return ()
        edit = self._by_hand.edits.get(self._read)
        row = data if edit is None else edit.encode()
        self._edited += edit is not None
        if self._watch is None:
            return self._rows(line, row)
        self._tally.here.clear()
        rows = tuple(self._rows(line, row))
        done = (*((EDIT_ROW,) if edit is not None else ()), *self._tally.here)
        if done:
            self._tell(self._change(line, done, data, rows))
        return rows

    def _change(self, line: int, repairs: tuple[str, ...], data: bytes, after: tuple[bytes, ...]) -> Change:
        return Change(line, self._written + 1, repairs, data.strip(SPACE), after, self._unit)

    def _tell(self, change: Change) -> None:
        if self._watch is not None:
            self._watch(change)

    def _rows(self, line: int, data: bytes) -> Iterator[bytes]:
        """Yield the rows that come of one line: none, itself, or several."""
        raw = data.strip(SPACE)
        if is_blank(raw):
            if "drop-blank-lines" in self._chosen:
                self._tally.count("drop-blank-lines")
            else:
                yield raw
            return
        if b"\n" in raw and self._layout is Layout.LINES:
            if "join-lines" not in self._chosen:
                yield raw
                return
            self._tally.count("join-lines")
        good = None if self._decides else self._fast.read(data)  # a decision changes good rows, too
        if good is not None:
            if not self._is_copy(line, *good.prompt_and_answer()):
                yield raw if b"\n" not in raw else _dump(json.loads(raw))
            return
        yield from self._fixed(line, raw)

    def _fixed(self, line: int, raw: bytes) -> Iterator[bytes]:
        parsed = self._as_far_as_chosen(parsing.parse(raw))
        if not self._may_rewrite(parsed):
            self.is_torn = True
            yield raw if b"\n" not in raw else on_one_line(raw)
            return
        for problem in parsed.problems:
            if problem.rule.repair:
                self._tally.count(problem.rule.repair)
        rewrite = bool(parsed.problems) or b"\n" in raw
        for value in parsed.values:
            if self._leaves_out and isinstance(value, dict) and self._is_left_out(value):
                continue
            fixed, changed = self._fix(value) if isinstance(value, dict) else (value, False)
            if isinstance(fixed, dict) and self._is_copy_of_good(line, fixed):
                continue
            yield _dump(fixed) if rewrite or changed else raw

    def _as_far_as_chosen(self, parsed: Parsed) -> Parsed:
        """Return the row with what stands around its records when that is to stay: the rest is mended all the same."""
        # Else two faults of one row, each of which can be mended, would be mended only by whoever chose both.
        inner = [each for each in parsed.problems if each.rule is not file_rules.WRAPPED]
        if parsed.wrapped is None or not inner or file_rules.WRAPPED.repair in self._chosen:
            return parsed
        return Parsed(parsed.wrapped, inner)

    def _is_left_out(self, value: Json) -> bool:
        marks = leave_out_untrained.marks(value, self._profile)
        if marks:
            self._tally.count(leave_out_untrained.DECISION)
        return bool(marks)

    def _may_rewrite(self, parsed: Parsed) -> bool:
        """Whether the row was read without loss and every fault of its JSON is one of the chosen repairs."""
        return bool(parsed.values) and all(each.rule.repair in self._chosen for each in parsed.problems)

    def _fix(self, value: Json) -> tuple[Json, bool]:
        value, steps = decide(value, self._profile, self._chosen)
        fixed = value
        if not obstacle(value, self._profile):  # else its keys are another format's
            fixed, more = fix_record(value, self._profile, self._chosen)
            steps += more
        keys: dict[str, list[str]] = {}
        for step in steps:
            keys.setdefault(step.name, []).extend(step.fixed.keys)
        for name, dropped in keys.items():
            self._tally.count(name, dropped)
        return fixed, bool(steps)

    def _is_copy_of_good(self, line: int, value: Json) -> bool:
        record = read(line, value, self._profile.record_format)
        return self._is_good(record) and self._is_copy(line, *record.prompt_and_answer())

    def _is_good(self, record: Record) -> bool:
        """Whether the record has no error left: only such records are compared, here as in validation."""
        if fix_record(record.value, self._profile)[1]:
            return False
        return not any(
            finding.severity is Severity.ERROR
            for check in self._checks
            for finding in check.find(record, self._profile)
        )

    def _is_copy(self, line: int, prompt: int, answer: int) -> bool:
        if DROP_COPIES not in self._chosen:
            return False
        copy = self._memory.see(line, prompt, answer).kind is SeenKind.COPY
        if copy:
            self._tally.count(DROP_COPIES)
        return copy


def _dump(value: object) -> bytes:
    """Return one line of JSON, text as itself; halves of characters stay escaped, as they came."""
    try:
        return json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value).encode("ascii")
