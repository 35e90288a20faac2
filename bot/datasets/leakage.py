"""Compares a validation set with its training set: what stands in both tells nothing about the model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bot.datasets.file_statistics.sketches import TOGETHER, Common, Likes, Sketch, sketches
from bot.datasets.findings import Causes
from bot.datasets.model import Cause, Report, Severity
from bot.datasets.openings import openings
from bot.datasets.reading import parsing
from bot.datasets.reading.blanks import is_blank
from bot.datasets.reading.reader import Reader
from bot.datasets.records import alike, read
from bot.datasets.repairs.convert_format import obstacle
from bot.datasets.repairs.good_rows import fast_path
from bot.datasets.repairs.registry import fix_record
from bot.datasets.rules import file_statistics
from bot.datasets.validation import verdict
from bot.profiles.model import Profile

REMEMBERED = 1 << 17
"""Records of the training set that are compared, more than any base takes."""


@dataclass(slots=True)
class _Count:
    """Rows that went by, blank ones left out."""

    rows: int = 0


class _Compared(NamedTuple):
    line: int
    system: str | None
    said: Sequence[str]
    words: bytes
    """What near copies are told by; empty where words alone do not tell."""
    thought: Sequence[str] = ()
    """The reasoning of the last turn."""

    def question_and_answer(self) -> tuple[int, int]:
        """Return digests of all before the last turn and of that, equal for what says the same, however it is spelt.

        An answer that was thought out in two ways is no two answers: reasoning counts with what goes before.
        """
        before = (alike(self.system or ""), *map(alike, self.said[:-1]))
        return hash((before, tuple(map(alike, self.thought)))), hash(alike(self.said[-1]))

    def openings(self) -> list[int]:
        return openings(self.said, self.system)


def leakage(training: Path, validation: Path, profile: Profile) -> tuple[Cause, ...]:
    """Return what of the validation set is in the training set too; line numbers are the validation set's.

    Records are compared as they are once they are mended; what cannot be read is left out: judging the files is
    ``validate``'s part. Memory is bounded: beyond 131,072 training records (near copies: 32,768) the rest is not
    compared.

    Raises:
        OSError: a file cannot be read.
    """
    return _leakage(training, validation, profile)[0]


def compared(report: Report, training: Path, validation: Path, profile: Profile) -> Report:
    """Return the report of the validation set with what leaks from the training set among its warnings.

    More records than the base takes of both together are an error.

    Raises:
        OSError: a file cannot be read.
    """
    leaks, size = _leakage(training, validation, profile)
    total = Causes()
    for finding in file_statistics.together(size, report.records, profile):
        total.add(finding)
    causes = (*report.causes, *leaks, *total.grouped())
    ordered = sorted(causes, key=lambda cause: (cause.severity is Severity.WARNING, -cause.count))
    return replace(report, causes=tuple(ordered), verdict=verdict(causes))


def _leakage(training: Path, validation: Path, profile: Profile) -> tuple[tuple[Cause, ...], int]:
    """Return what leaks, and how many rows the training set has, whether they can be read or not."""
    prompts: dict[int, int] = {}
    rows: dict[int, int] = {}
    begun: dict[int, int] = {}
    common = _common(training, profile)
    likes = Likes()
    counted = _Count()
    for each, sketch in _sketched(training, profile, common, counted):
        if len(rows) < REMEMBERED:
            prompt, answer = each.question_and_answer()
            prompts.setdefault(prompt, each.line)
            rows.setdefault(hash((prompt, answer)), each.line)
            likes.remember(each.line, sketch)
        for opening in each.openings()[:-1] if len(begun) < REMEMBERED else ():
            begun.setdefault(opening, each.line)
    causes = Causes()
    for each, sketch in _sketched(validation, profile, common, _Count()):
        (prompt, answer), own = each.question_and_answer(), each.openings()
        whole = own[-1] if own else 0
        first = rows.get(hash((prompt, answer))) or begun.get(whole) or likes.find(sketch)
        if first:
            words = (
                f"A record is in both sets (first: line {each.line} here, line {first} of the training set)."
            )
            causes.add(file_statistics.LEAKED_RECORD.at(each.line, "", words))
        elif prompt in prompts:
            first = prompts[prompt]
            words = (
                f"A prompt is in both sets (first: line {each.line} here, line {first} of the training set)."
            )
            causes.add(file_statistics.LEAKED_PROMPT.at(each.line, "", words))
    return causes.grouped(), counted.rows


def _common(path: Path, profile: Profile) -> Common:
    """Return what stands in many rows, such as a prompt's template, whichever of them come first."""
    found = Common()
    for some in _some(_records(path, profile, _Count())):
        found.count([each.words for each in some])
    found.learn()
    return found


def _sketched(
    path: Path, profile: Profile, common: Common, count: _Count
) -> Iterator[tuple[_Compared, Sketch]]:
    for some in _some(_records(path, profile, count)):
        yield from zip(some, sketches([each.words for each in some], common), strict=True)


def _some(records: Iterator[_Compared]) -> Iterator[list[_Compared]]:
    while some := list(islice(records, TOGETHER)):
        yield some


def _records(path: Path, profile: Profile, count: _Count) -> Iterator[_Compared]:
    fast = fast_path(profile)
    with path.open("rb", buffering=0) as stream:
        reader = Reader(stream, lambda _finding: None)
        try:
            for line, data in reader.rows():
                count.rows += not is_blank(data)
                good = fast.read(data)
                if good is not None:
                    yield _Compared(line, good.system, good.texts, good.joined)
                else:
                    yield from _fixed(line, data, profile)
        finally:
            reader.close()


def _fixed(line: int, data: bytes, profile: Profile) -> Iterator[_Compared]:
    for value in parsing.parse(data).values:
        if isinstance(value, dict) and not obstacle(value, profile):
            record = read(line, fix_record(value, profile)[0], profile.record_format)
            if len(record.turns) > 1:
                thought = [each.text for each in record.turns[-1].reasoning]
                yield _Compared(line, record.system_prompt(), record.said(), record.words() or b"", thought)
