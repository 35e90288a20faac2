"""What is shown about files that came in: the verdict on them, what was repaired, what was in the way."""

from dataclasses import dataclass, field
from decimal import Decimal

from bot.datasets.model import Dataset, Report
from bot.datasets.repairs import RepairSummary
from bot.datasets.repairs.changes import ChangeSummary


@dataclass(frozen=True, slots=True)
class RepairedCard:
    """What was changed in a file; ``why_not`` says why the corrected copy could not be posted.

    Where it could, this stands on the copy's verdict; where it could not, in a message of its own.

    ``changes`` has examples and the lines of rows that were left out; ``diff_name`` is the file in the thread that
    has every change, empty when there is none.
    """

    file_name: str
    corrected_name: str
    summary: RepairSummary
    why_not: str
    asked_by: str
    changes: ChangeSummary = field(default_factory=ChangeSummary)
    diff_name: str = ""
    ready: bool = True
    """Whether a job can start from the corrected copy."""
    again: str = ""
    """By which upload it is tried again, where the copy could not be posted."""
    left: Report | None = None
    """The report on the copy: what of it is still wrong."""


@dataclass(frozen=True, slots=True)
class VerdictCard:
    """The judgement of an upload, in its thread: verdict, one line a cause, statistics, next steps.

    ``dataset`` is there when the file was stored and a job can start from it. ``upload`` is the ID of the upload, by
    which repairs and the row inspector find the file again; empty when they are not offered. ``rows`` is how many
    rows there are to look at.
    """

    report: Report
    dataset: Dataset | None
    asked_by: str
    upload: str = ""
    rows: int = 0
    repaired: RepairedCard | None = None


@dataclass(frozen=True, slots=True)
class UploadProblem:
    """The file could not be read at all: what happened and what to do.

    ``again`` is the upload by which all repairs are tried once more, where they were what failed.
    """

    file_name: str
    sentence: str
    asked_by: str
    again: str = ""


@dataclass(frozen=True, slots=True)
class WaitsInLine:
    """All places for work on files are taken: which this one is in the line, counted from 1."""

    place: int


@dataclass(frozen=True, slots=True)
class ScreeningBegun:
    """A guardrail reads some of a file's rows: what of it, and what that costs at most (None: unknown)."""

    guardrail: str
    rows: int
    records: int
    units: int
    usd: Decimal | None


@dataclass(frozen=True, slots=True)
class ScreeningEnded:
    """What came of it, in a sentence."""

    said: str
