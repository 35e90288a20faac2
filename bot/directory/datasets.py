"""Stored datasets, as handlers ask for them."""

from bot.datasets.model import Dataset
from bot.datasets.service import dataset_name
from bot.directory.directory import Directory
from bot.names import bare


class DatasetService:
    """Finds datasets for a viewer. Every method raises ``Unavailable`` when the store does not answer."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def find(self, name_or_id: str, called: str = "") -> Dataset | None:
        """Return the dataset with that ID, or of that name (its file's name will do), or None.

        Of several of a name it is the one that came from where the viewer is, then the viewer's own, then the newest;
        of several names of the same bytes the one that is ``called`` so goes first.
        """
        wanted = bare(name_or_id)
        if not wanted:
            return None
        return self._directory.dataset(wanted, called=called) or self._directory.dataset(dataset_name(wanted))

    def newest(self, *, channel: str | None = None, limit: int = 20) -> list[Dataset]:
        """Return datasets, newest first; only those that came from ``channel`` when one is given."""
        return self._directory.datasets(channel=channel, limit=limit)

    def versions(self, name: str, limit: int = 20) -> list[Dataset]:
        """Return the versions of a name (its file's name will do, in any case), newest first, each content once."""
        return self._directory.versions(dataset_name(bare(name)), limit)
