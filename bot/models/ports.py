"""What the models need of the outside."""

from typing import Protocol

from bot.models.model import CustomModel, Lifecycle, Share


class Shares(Protocol):
    """With which channels models were shared. Both raise ``Unavailable`` when the store does not answer."""

    def save(self, share: Share) -> None:
        """Add it, or replace that of the same model and channel."""

    def all(self) -> list[Share]:
        """Return every share, those that were taken back included, newest first."""


class ModelRepository(Protocol):
    """Custom models by name."""

    def save(self, model: CustomModel) -> None:
        """Add or replace it by its name."""

    def find(self, name: str) -> CustomModel | None:
        """Return the model of that name (any case), or None."""

    def all(self) -> list[CustomModel]:
        """Return every model, newest first."""


class Lifecycles(Protocol):
    """Bedrock's list of base models. Both raise ``Throttled``, ``Unavailable`` or ``Misconfigured``."""

    def lifecycle(self, region: str, model_id: str) -> Lifecycle:
        """Return the base model's life as Bedrock tells it."""

    def open_bases(self, region: str) -> list[str]:
        """Return the IDs of the base models that can be fine-tuned in the region now."""
