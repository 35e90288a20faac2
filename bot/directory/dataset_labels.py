"""The labels of contents, as they were when one request first asked: each is read once in it."""

from collections.abc import Iterable

from bot.datasets.model import Dataset, Sender, Source
from bot.datasets.ports import DatasetRepository
from bot.visibility import Origin


class ContentLabels:
    """Every label of a content, seen or not, by the content's ID. Lasts for one request.

    Every method raises ``Unavailable`` when the store does not answer.
    """

    def __init__(self, repository: DatasetRepository) -> None:
        self._repository = repository
        self._known: dict[str, list[Dataset]] = {}

    def of(self, dataset_id: str) -> list[Dataset]:
        """Return the labels of the content; none when it is not known any more."""
        if dataset_id not in self._known:
            self._known[dataset_id] = self._repository.labels(dataset_id)
        return self._known[dataset_id]

    def origins(self, dataset_id: str) -> tuple[Origin, ...]:
        """Return where the content came from, once each: every label of it is a way to see it."""
        return tuple(dict.fromkeys(origin(each.source) for each in self.of(dataset_id)))

    def learn(self, dataset_ids: Iterable[str | None]) -> None:
        """Read those of several contents in one round trip: each is asked about next."""
        unknown = {each for each in dataset_ids if each and each not in self._known}
        if len(unknown) > 1:
            self._known |= self._repository.labels_of(unknown)


def origin(came_from: Source | Sender) -> Origin:
    """Return where a label, or those of one sender, came from, as it is looked at for who may see it."""
    return Origin(came_from.channel, came_from.user)
