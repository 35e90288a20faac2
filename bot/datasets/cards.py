"""What is shown about datasets."""

from dataclasses import dataclass

from bot.datasets.model import Dataset


@dataclass(frozen=True, slots=True)
class DatasetList:
    """``/tune datasets`` and, with one, ``/tune dataset NAME``."""

    datasets: tuple[Dataset, ...]
