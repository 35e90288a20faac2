"""What is shown about datasets."""

from dataclasses import dataclass

from bot.datasets.model import Dataset, Report


@dataclass(frozen=True, slots=True)
class VerdictCard:
    """The judgement of an upload, in its thread: verdict, one line a cause, statistics, next steps.

    ``dataset`` is there when the file was stored and a job can start from it.
    """

    report: Report
    dataset: Dataset | None
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
