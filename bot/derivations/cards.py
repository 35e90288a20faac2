"""What is shown about versions of datasets, and about work on them."""

from dataclasses import dataclass

from bot.datasets.model import Dataset
from bot.datasets.repairs import RepairSummary
from bot.derivations.comparison import Comparison
from bot.derivations.splitting.model import Split


@dataclass(frozen=True, slots=True)
class DatasetCard:
    """``/tune dataset NAME``: all that is known of one version, and the others of its name, newest first.

    ``parent`` is what it was made from, when that is kept; ``versions`` holds the dataset itself too. ``link`` leads to
    the message that it was shared in, empty when there is none to show.
    """

    dataset: Dataset
    versions: tuple[Dataset, ...]
    parent: Dataset | None
    link: str = ""
    is_theirs: bool = False
    """Whether whoever reads it may rename it."""


@dataclass(frozen=True, slots=True)
class VersionList:
    """``/tune datasets``: stored versions, newest first."""

    datasets: tuple[Dataset, ...]
    links: tuple[str, ...] = ()
    """To the thread of each, in the same order; empty where nobody knows it."""


@dataclass(frozen=True, slots=True)
class SplitCard:
    """A dataset that was split into two: ``training`` and ``validation`` are None where one could not be kept."""

    name: str
    split: Split
    training: Dataset | None
    validation: Dataset | None
    asked_by: str


@dataclass(frozen=True, slots=True)
class ConvertedCard:
    """A dataset that was converted for another base model (``profile``). Its verdict is a message of its own."""

    name: str
    converted_name: str
    profile: str
    summary: RepairSummary
    asked_by: str


@dataclass(frozen=True, slots=True)
class ComparedCard:
    """Two versions side by side; ``before`` is the earlier one."""

    before: Dataset
    after: Dataset
    comparison: Comparison
    asked_by: str


@dataclass(frozen=True, slots=True)
class DerivationProblem:
    """Work on a dataset that could not be done, or not wholly: what happened and what to do."""

    name: str
    sentence: str
    asked_by: str
