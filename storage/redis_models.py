"""Custom models on Redis."""

from collections.abc import Callable

from redis import Redis

from bot.controller.damage import Damage
from bot.models import labels
from bot.models.model import CustomModel, ModelLabel
from bot.names import NAMES
from storage.keys import Keys
from storage.redis_audit import RedisAudit
from storage.redis_documents import RedisDocuments


class RedisModels:
    """A ``ModelRepository`` on Redis. Models are kept by what Bedrock calls them, their labels by ARN."""

    def __init__(
        self,
        client: Redis,
        keys: Keys | None = None,
        damage: Damage | None = None,
        audit: RedisAudit | None = None,
    ) -> None:
        self._documents = RedisDocuments(client, keys or Keys(), "models", CustomModel, damage)
        # By ARN, since a name may be given to another model later, and an ARN is one model's for ever.
        self._labels = RedisDocuments(client, keys or Keys(), "model-labels", ModelLabel, damage, audit)

    def save(self, model: CustomModel) -> None:
        """Add it, or replace it, by the name that Bedrock has for it; another region's stays, and it stands beside."""
        place = model.at_bedrock.casefold()

        def document() -> tuple[str, CustomModel, float]:
            there = self._documents.get(place)
            is_anothers = there is not None and there.arn != model.arn
            kept = labels.kept_beside(model, there, self.labels() if is_anothers else ())
            return place if kept is model else _place(kept.name), kept, model.created.timestamp()

        self._documents.save_sole(NAMES, document)

    def find(self, name: str) -> CustomModel | None:
        """Return the model that people call so (any case), or called so before; None when there is none."""
        known, named = self._labels.newest_beside(self._documents, _place(name))
        label = labels.of_name(name, known)
        if label is None:
            return labels.called(named[0], known) if named else None
        for place in labels.places(label):
            # Under the name that it was made with another may be kept by now: its ARN says which one is meant.
            found = self._documents.get(_place(place))
            if found and found.arn == label.arn:
                return labels.called(found, known)
        return None

    def all(self) -> list[CustomModel]:
        """Return every model, newest first, each under the name that people call it by."""
        known = self.labels()
        return [each for model in self._documents.newest() if (each := labels.called(model, known))]

    def made(self, arn: str) -> CustomModel | None:
        """Return the model of that ARN as it was kept, though it be deleted; None once another has its first name."""
        return next((each for each in self._documents.newest() if each.arn == arn), None)

    def label(self, make: Callable[[], ModelLabel]) -> None:
        """Have a model called so from now on, or be deleted; starts over while others give or take names."""

        def document() -> tuple[str, ModelLabel, float]:
            label = make()
            return label.arn, label, label.at.timestamp()

        self._labels.save_sole(NAMES, document)

    def labels(self) -> list[ModelLabel]:
        """Return the labels of all models that have one, those of deleted ones included, newest first."""
        return self._labels.newest()


def _place(name: str) -> str:
    return name.casefold()
