"""What the models need of the outside."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.models.model import Alias, AnswerSettings, CustomModel, Lifecycle, ModelLabel, Share


class Shares(Protocol):
    """With which channels models were shared. Both raise ``Unavailable`` when the store does not answer."""

    def save(self, share: Share) -> None:
        """Add it, or replace that of the same model and channel."""

    def all(self) -> list[Share]:
        """Return every share, those that were taken back included, newest first."""


class Aliases(Protocol):
    """Names that stand for models. Both raise ``Unavailable`` when the store does not answer."""

    def change(self, channel: str, name: str, make: Callable[[Alias | None], Alias]) -> Alias:
        """Keep what ``make`` returns of the alias of that name (any case) in that channel, and return it.

        One step: nobody else has changed it between the call of ``make``, which is given what is kept by then, and the
        writing, or ``make`` is called again. It may raise.
        """

    def all(self) -> list[Alias]:
        """Return every alias, those that are no longer included, what changed last first."""


class AnswerSettingsRepository(Protocol):
    """How models answer. Both raise ``Unavailable`` when the store does not answer."""

    def save(self, settings: AnswerSettings) -> None:
        """Add them, or replace those of the same model."""

    def of(self, arn: str) -> AnswerSettings | None:
        """Return the settings of that model, or None while nobody has set any."""


class ModelLabels(Protocol):
    """What models are called."""

    def label(self, make: Callable[[], ModelLabel]) -> None:
        """Have the model of that ARN called so from now on, or be deleted. Repeating it changes nothing.

        One step with what ``make`` looks at: nobody else has given or taken a name (``bot.names.NAMES``) between the
        call of ``make`` and the writing of what it returned, or ``make`` is called again. It may raise.

        Raises:
            Unavailable: the store did not answer.
        """


class ModelRepository(ModelLabels, Protocol):
    """Custom models by name."""

    def save(self, model: CustomModel) -> None:
        """Add or replace it by the name that Bedrock has for it. What people call it stays.

        Where a model of another region has that name here, and is not deleted, both are kept: the later one is called
        by its region, too (``bot.models.labels.beside``).
        """

    def find(self, name: str) -> CustomModel | None:
        """Return the model that people call so (any case), or called so before; None when there is none."""

    def all(self) -> list[CustomModel]:
        """Return every model, newest first, each under the name that people call it by."""

    def made(self, arn: str) -> CustomModel | None:
        """Return the model of that ARN as it was kept, though it be deleted; None once another has its first name."""

    def labels(self) -> list[ModelLabel]:
        """Return the labels of all models that have one, those of deleted ones included, newest first."""


class Lifecycles(Protocol):
    """Bedrock's list of base models. Both raise ``Throttled``, ``Unavailable`` or ``Misconfigured``."""

    def lifecycle(self, region: str, model_id: str) -> Lifecycle:
        """Return the base model's life as Bedrock tells it."""

    def open_bases(self, region: str) -> list[str]:
        """Return the IDs of the base models that can be fine-tuned in the region now."""


@dataclass(frozen=True, slots=True)
class ModelStores:
    """All that is kept of custom models: what they are and are called, with whom they are shared, and their aliases."""

    models: ModelRepository
    shares: Shares
    aliases: Aliases
