"""Judges a file for a base model in one pass: causes, verdict, statistics, size and digest."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bot.datasets.content.batch_scanner import BatchScanner
from bot.datasets.content.scan import SCANNER, masked
from bot.datasets.fast import Content, Good
from bot.datasets.file_statistics.duplicates import NEW, Memory, Seen, SeenKind
from bot.datasets.file_statistics.labels import Labels
from bot.datasets.file_statistics.lengths import Lengths
from bot.datasets.file_statistics.media import MediaKinds
from bot.datasets.file_statistics.near_copies import NearCopies
from bot.datasets.file_statistics.statistics import Measures
from bot.datasets.findings import Causes, Finding
from bot.datasets.formats import detection
from bot.datasets.languages.spotting import Languages
from bot.datasets.model import Cause, Report, Role, Severity, Unit, Verdict
from bot.datasets.reading import parsing
from bot.datasets.reading.blanks import is_blank
from bot.datasets.reading.reader import Reader, Row
from bot.datasets.reading.readings import Readings, with_readings
from bot.datasets.reading.sniffing import Layout
from bot.datasets.reading.streams import ByteSource
from bot.datasets.records import Json, Record, joined, read
from bot.datasets.repairs.convert_format import obstacle
from bot.datasets.repairs.good_rows import fast_path
from bot.datasets.repairs.registry import REPAIRS, fix_record
from bot.datasets.repairs.row import Place
from bot.datasets.rules import file as file_rules
from bot.datasets.rules import file_statistics
from bot.datasets.rules.checks import checks_for, no_object
from bot.datasets.rules.consequences import without_consequences
from bot.datasets.token_density import extra_tokens
from bot.datasets.tokens import of_texts
from bot.profiles.model import Profile

MOST_JUDGED_SLOWLY = 1 << 17
"""Rows that the slow path judges, some 0.1 ms each: more than the most records that any base takes."""

BATCH = 1 << 16
"""Bytes of rows that are looked at together. Larger arrays are new memory each time, which costs more than counting."""


def validate(
    source: Path | ByteSource,
    profile: Profile,
    role: Role = Role.TRAINING,
    file_name: str | None = None,
    *,
    thorough: bool = True,
    on_cause: Callable[[Cause], None] | None = None,
) -> Report:
    """Return the report of a file, judged as ``role`` for ``profile``.

    Errors are always all found. ``thorough`` also looks into the texts for what should not be learnt (secrets,
    personal data, ...), which gives warnings only and costs about as much again.

    ``on_cause`` is told of each cause as soon as its first row is read (what stands in texts: at most two megabytes
    later), with the count as it is then: the report is only there when a long file has been read to its end.

    Reads ``source`` once from where it stands and does not close a stream that was passed in. Bad content never
    raises. Memory is bounded: what is remembered of rows is full after some 65,000 different ones, at some 50 MiB.

    Raises:
        OSError: the file cannot be read.
    """
    with ExitStack() as stack:
        stream: ByteSource
        if isinstance(source, Path):
            stream, name = stack.enter_context(source.open("rb", buffering=0)), source.name
        else:
            stream, name = source, "stream"
        return _Validation(profile, role, on_cause, thorough=thorough).run(stream, file_name or name)


class _Validation:
    """The state of one pass."""

    def __init__(
        self, profile: Profile, role: Role, on_cause: Callable[[Cause], None] | None, *, thorough: bool
    ) -> None:
        self._profile = profile
        self._role = role
        self._thorough = thorough
        self._causes = Causes((lambda cause: on_cause(masked(cause))) if on_cause else None)
        self._measures = Measures()
        self._memory = Memory()
        self._near_copies = NearCopies(self._tell_near_copy)
        self._labels = Labels()
        self._lengths = Lengths()
        self._languages = Languages()
        self._media = MediaKinds()
        self._system: str | None = None
        self._in_system: list[int] = []
        self._checks = checks_for(profile)
        self._fast = fast_path(profile)
        self._batch_scanner = BatchScanner(SCANNER, self._look_again)
        self._formats: Counter[str] = Counter()
        self._odd = Readings()
        self._good = 0
        self._records = 0
        self._copies = 0
        self._slow_rows = 0
        self._unit = Unit.LINE

    def run(self, stream: ByteSource, name: str) -> Report:
        """Read everything and judge it."""
        reader = Reader(stream, self._causes.add)
        self._odd = reader.odd
        try:
            for (line, data), good in self._read(reader):
                if good is None:
                    if self._slow_rows == MOST_JUDGED_SLOWLY:
                        reader.stop(f"{self._slow_rows:,} rows are not right as they stand")
                        break
                    self._slow(line, data)
                else:
                    self._count_good(line, data, good)
            self._batch_scanner.settle()
            self._near_copies.settle()
            sha256 = reader.sha256()
        finally:
            self._batch_scanner.close()
            self._near_copies.close()
            reader.close()
        if reader.kind is None:
            self._judge_file(reader.text_size)
        found = without_consequences(self._grouped(), holds_rows=reader.kind is None)
        causes = tuple(map(masked, found))
        return Report(
            file=name,
            profile=self._profile.name,
            role=self._role,
            format=reader.kind or reader.broken or self._format(),
            verdict=verdict(causes),
            records=self._records,
            bytes=reader.size,
            sha256=sha256,
            causes=causes,
            statistics=replace(
                self._measures.statistics(),
                labels=self._labels.tables(),
                languages=self._languages.shares(),
            ),
        )

    def _read(self, reader: Reader) -> Iterator[tuple[Row, Good | None]]:
        """Yield the rows with what the fast path makes of them, many at a time: together they cost half.

        Elements of an array are looked at one by one: what is told of them meanwhile has to come in its place.
        """
        rows: list[Row] = []
        contents: list[Content] = []
        size = 0
        for row in self._numbered(reader):
            content = self._fast.content(row[1])
            alone = content is None or len(row[1]) >= BATCH or reader.layout is not Layout.LINES
            if content is not None and not alone:
                rows.append(row)
                contents.append(content)
                size += len(row[1])
            if alone or size >= BATCH:
                yield from zip(rows, self._fast.judged_all(contents), strict=True)
                rows, contents, size = [], [], 0
            if alone:
                yield row, content and self._fast.judged(content)
        yield from zip(rows, self._fast.judged_all(contents), strict=True)

    def _numbered(self, reader: Reader) -> Iterator[tuple[int, bytes]]:
        """Yield the rows; what their numbers count is known with the first."""
        rows = reader.rows()
        for first in rows:
            self._unit = reader.unit
            self._causes.line_of = reader.line_of if reader.unit is Unit.RECORD else None
            yield first
            break
        yield from rows

    def _count_good(self, line: int, data: bytes, good: Good) -> None:
        self._good += 1
        self._records += 1
        self._causes.row = self._records
        self._measures.add(line, good.system, len(good.texts), good.characters, good.tokens, good.extra)
        seen = self._compare(line, *good.prompt_and_answer())
        if self._thorough:
            self._look_into(line, data, good, seen)

    def _slow(self, line: int, data: bytes) -> None:
        """Name everything that is wrong with a line, and judge what can be read of it."""
        self._batch_scanner.settle()
        if is_blank(data):
            self._causes.add(file_rules.BLANK_LINE.at(line))
            return
        self._slow_rows += 1
        parsed = parsing.parse(data)
        readable = all(each.rule.repair for each in parsed.problems)
        for problem in parsed.problems:
            if problem.rule is file_rules.NOT_UTF8:
                self._odd.add(data)
            self._add(problem.rule.at(line, problem.path, problem.message), fixable=readable)
        if not parsed.values and not any(each.rule is file_rules.BLANK_LINE for each in parsed.problems):
            self._records += 1
        for value in parsed.values:
            self._records += 1
            self._causes.row = self._records
            if isinstance(value, dict):
                self._judge(line, value, readable=readable)
            else:
                self._causes.add(no_object(line, value))

    def _add(self, finding: Finding, *, fixable: bool) -> None:
        """Count the finding; a row that cannot be read without loss is not rewritten, so nothing in it is mended."""
        self._causes.add(finding if fixable or not finding.repair else replace(finding, repair=None))

    def _judge(self, line: int, value: Json, *, readable: bool) -> None:
        """Name what can be mended, mend it, and apply every rule to what comes out."""
        self._formats[detection.name_of(detection.recognise(value), value)] += 1
        stuck = obstacle(value, self._profile)
        if stuck:
            self._causes.add(_finding(line, stuck))
            return
        value, steps = fix_record(value, self._profile)
        for place in (place for step in steps for place in step.fixed.places):
            self._add(_finding(line, place), fixable=readable)
        record = read(line, value, self._profile.record_format)
        findings = [each for check in self._checks for each in check.find(record, self._profile)]
        for finding in findings:
            self._causes.add(finding)
        sound = readable and not any(each.severity is Severity.ERROR for each in findings)
        self._measure(record, is_sound=sound)
        if self._profile.media:
            self._media.add(record)
        if self._thorough:
            candidates = SCANNER.candidates(joined(each.text for each in record.texts()))
            for finding in SCANNER.findings(record, sorted(candidates)):
                self._causes.add(finding)
        if sound:
            seen = self._compare(line, *record.prompt_and_answer())
            if self._thorough:
                self._labels.add(line, record.turn_texts()[-1])
                self._languages.add(line, record.turn_texts())
                self._lengths.add(line, sum(len(each.text) for each in record.texts()))
            words = record.words() if self._thorough and seen is NEW else None
            if words is not None:
                self._near_copies.add(line, self._records, words)

    def _measure(self, record: Record, *, is_sound: bool) -> None:
        texts = [each.text for each in record.texts()]
        self._measures.add(
            record.line,
            record.system_prompt(),
            len(record.turns),
            sum(map(len, texts)),
            of_texts(texts).high,
            extra_tokens(texts),
            is_sound=is_sound,
        )

    def _look_into(self, line: int, data: bytes, good: Good, seen: Seen) -> None:
        texts = good.joined
        self._labels.add(line, good.texts[-1])
        self._languages.add(line, good.texts)
        self._lengths.add(line, good.characters)
        if good.system != self._system:
            self._system = good.system
            self._in_system = SCANNER.candidates(joined([good.system or ""]))
        if self._in_system:
            self._batch_scanner.settle()
            self._look_at(line, good, {*SCANNER.candidates(texts), *self._in_system})
        elif candidates := self._batch_scanner.candidates(line, data, texts):
            self._look_at(line, good, candidates)
        if seen is NEW:
            self._near_copies.add(line, self._records, texts)

    def _look_again(self, line: int, data: bytes) -> None:
        """Look at one row that was scanned in a batch and may hold something; its system prompt does not."""
        good = self._fast.read(data)
        assert good is not None, "the fast path has read this line before"
        candidates = SCANNER.candidates(good.joined)
        if candidates:
            self._look_at(line, good, candidates)

    def _look_at(self, line: int, good: Good, candidates: Iterable[int]) -> None:
        record = good.record(line, self._profile.record_format)
        for finding in SCANNER.findings(record, sorted(candidates)):
            self._causes.add(finding)

    def _compare(self, line: int, prompt: int, answer: int) -> Seen:
        seen = self._memory.see(line, prompt, answer)
        if seen is NEW:
            return seen
        if seen.kind is SeenKind.COPY:
            self._copies += 1
            self._causes.add(file_statistics.EXACT_DUPLICATE.at(line))
        elif seen.kind is SeenKind.CONTRADICTION:
            words = (
                f"The same prompt has different answers (first: {self._unit}s {seen.first_line} and {line})."
            )
            self._causes.add(file_statistics.CONFLICTING_ANSWERS.at(line, "", words))
        return seen

    def _tell_near_copy(self, line: int, row: int, first: int) -> None:
        """Hear of a record that came by some megabytes ago."""
        now, self._causes.row = self._causes.row, row
        words = f"A record is nearly the same as an earlier one (first: {self._unit}s {first} and {line})."
        self._causes.add(file_statistics.NEAR_DUPLICATE.at(line, "", words))
        self._causes.row = now

    def _judge_file(self, size: int) -> None:
        for finding in file_statistics.counts(self._records, self._role, self._profile):
            self._causes.add(finding)
        for finding in file_statistics.size(size, self._role, self._profile):
            self._causes.add(finding)
        for finding in file_statistics.labels(self._labels):
            self._causes.add(finding)
        for odd, times in (
            *file_statistics.strays(self._measures.prompts),
            *file_statistics.lengths(self._lengths),
            *file_statistics.languages(self._languages),
            *file_statistics.spellings(self._labels),
            *file_statistics.media(self._media, self._records, self._profile),
        ):
            self._causes.add(odd, times)

    def _grouped(self) -> Iterator[Cause]:
        """Yield the causes. What is repaired must be able to start, so copies that are needed stay."""
        needed = file_statistics.are_needed(self._copies, self._records, self._profile)
        for cause in self._causes.grouped():
            if needed and cause.code == file_statistics.EXACT_DUPLICATE.code:
                yield file_statistics.with_needed_copies(cause, self._copies, self._records, self._profile)
            elif cause.code == file_statistics.EXACT_DUPLICATE.code and file_statistics.are_advised(
                self._records, self._profile
            ):
                yield file_statistics.with_advised_copies(cause, self._profile)
            elif cause.code == file_rules.NOT_UTF8.code:
                yield with_readings(cause, self._odd.offers())
            else:
                yield cause

    def _format(self) -> str:
        """Return the format of most rows; the base's own wins a draw."""
        own = self._profile.record_format.value
        self._formats[own] += self._good
        best = max(self._formats.values(), default=0)
        return own if self._formats[own] == best else self._formats.most_common(1)[0][0]


def verdict(causes: tuple[Cause, ...]) -> Verdict:
    """Return whether a job can start from a file with these causes."""
    errors = [each for each in causes if each.severity is Severity.ERROR]
    if not errors:
        return Verdict.READY
    fixable = all(each.repair in REPAIRS for each in errors)
    return Verdict.REPAIRABLE if fixable else Verdict.BLOCKED


def _finding(line: int, place: Place) -> Finding:
    return place.rule.at(line, place.path, place.message, place.hint, place.group)
