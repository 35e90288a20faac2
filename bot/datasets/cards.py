"""What is shown about datasets."""

from dataclasses import dataclass

from bot.datasets.model import Dataset, Report
from bot.datasets.repairs import RepairSummary


@dataclass(frozen=True, slots=True)
class VerdictCard:
    """The judgement of an upload, in its thread: verdict, one line a cause, statistics, next steps.

    ``dataset`` is there when the file was stored and a job can start from it. ``upload`` is the ID of the upload, by
    which *Repair all* finds the file again; empty when it is not offered.
    """

    report: Report
    dataset: Dataset | None
    asked_by: str
    upload: str = ""


@dataclass(frozen=True, slots=True)
class RepairedCard:
    """What was changed in a file, beside the corrected copy; ``why_not`` says why that could not be posted."""

    file_name: str
    corrected_name: str
    summary: RepairSummary
    why_not: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class UploadProblem:
    """The file could not be read at all: what happened and what to do."""

    file_name: str
    sentence: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class DatasetList:
    """``/tune datasets`` and, with one, ``/tune dataset NAME``."""

    datasets: tuple[Dataset, ...]
