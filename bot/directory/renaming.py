"""Other names for datasets and models, as whoever owns them asks for it."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.access import Access, allowed
from bot.clock import Clock
from bot.datasets.model import Dataset
from bot.datasets.ports import DatasetLabels
from bot.datasets.service import dataset_name
from bot.directory.directory import Directory
from bot.errors import BadField, NotFound, Refused
from bot.models.model import CustomModel, ModelLabel
from bot.models.ports import ModelLabels
from bot.names import bare, did_you_mean, next_free
from bot.profiles.service_patterns import MODEL_NAME
from bot.wording import one_line, quoted

DATASET, MODEL = "dataset", "model"
"""What can be renamed."""
FIELD = "name"
LONGEST = 100
"""Characters of a dataset's name."""
_LISTED = 50
"""Datasets that are offered to choose from."""
_ID = re.compile(r"[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Renamed:
    """What was renamed: what it is, its names, and of a dataset how many versions bear the new one."""

    what: str
    before: str
    after: str
    versions: int = 1
    at_bedrock: str = ""
    """What Bedrock goes on calling a model."""


class RenamingService:
    """Renames. Every method may raise ``Unavailable``.

    Args:
        datasets: what datasets are called, to be changed.
        models: what models are.
        directory: what the viewer sees.
        access: who may.
        clock: the time.
        taken: gives the names of models that are to be had by nobody: of those that are there, and of those in the
            making.
    """

    def __init__(
        self,
        datasets: DatasetLabels,
        models: ModelLabels,
        directory: Directory,
        access: Access,
        clock: Clock,
        taken: Callable[[], Collection[str]],
    ) -> None:
        self._datasets = datasets
        self._models = models
        self._directory = directory
        self._access = access
        self._clock = clock
        self._taken = taken

    def named(self, name: str, what: str = "", *, called: str = "") -> CustomModel | Dataset:
        """Return what bears that name.

        ``what`` says of which sort it is, ``called`` which of a content's names is meant.

        Raises:
            NotFound: nothing does; the hint has the nearest name.
            Refused: a model does, and a dataset, too.
        """
        wanted = bare(name)
        model = self._directory.typed_model(wanted) if what != DATASET else None
        dataset = self._dataset(wanted, called) if what != MODEL else None
        if model and dataset:
            raise Refused(
                f"{quoted(wanted)} is a model, and a dataset, too.",
                hint=f"Say which: `/tune rename model {wanted} NEW` or `/tune rename dataset {wanted} NEW`.",
            )
        found = model or dataset
        if found is None:
            models = [] if what == DATASET else [each.name for each in self._directory.models()]
            datasets = [] if what == MODEL else [each.name for each in self._directory.datasets()]
            raise NotFound(
                f"There is no {what or 'model or dataset'} {quoted(wanted)}.",
                hint=did_you_mean(
                    wanted, [*models, *datasets], "`/tune models` and `/tune datasets` list them."
                ),
            )
        return found

    def theirs(self) -> tuple[list[str], list[str]]:
        """Return what models and what datasets are called that the viewer may rename, the newest first."""
        models = [each.name for each in self._directory.models() if self._may(each.owner)]
        datasets = [
            each.name for each in self._directory.datasets(limit=_LISTED) if self._may(each.source.user)
        ]
        return models, list(dict.fromkeys(datasets))

    def rename(self, name: str, new: str, what: str = "", *, called: str = "") -> Renamed:
        """Have a model or dataset called otherwise from now on. Repeating it is refused: the name is gone by then.

        A model is found by its former names as well; nothing at Bedrock is changed. Of a dataset every version that
        the same person sent to the same channel under that name gets the new one, or the one whose ID was given.

        Raises:
            NotFound: there is no such thing.
            NotAllowed: somebody else's.
            BadField: it cannot be called so; the hint has a name that is free.
        """
        found = self.named(name, what, called=called)
        if isinstance(found, Dataset):
            return self._rename_dataset(found, new, one=bool(_ID.fullmatch(bare(name))) and not called)
        return self._rename_model(found, new)

    # How

    def _may(self, owner: str) -> bool:
        return allowed(lambda: self._access.check_owning(self._directory.viewer.user, owner))

    def _dataset(self, name: str, called: str) -> Dataset | None:
        return self._directory.dataset(name, called=called) or self._directory.dataset(dataset_name(name))

    def _rename_model(self, model: CustomModel, new: str) -> Renamed:
        self._access.check_owning(self._directory.viewer.user, model.owner)
        wanted = _checked(MODEL_NAME.check, new)
        self._models.label(lambda: self._label(model, wanted))
        return Renamed(MODEL, model.name, wanted, at_bedrock=model.at_bedrock)

    def _label(self, model: CustomModel, wanted: str) -> ModelLabel:
        """Return what a model is to be called, by the names that there are now.

        Raises:
            NotFound: it was deleted meanwhile.
            BadField: the name is taken.
        """
        before = self._directory.label_of(model)
        if before and before.deleted:
            raise NotFound(
                f"There is no model {quoted(model.name)} any more.", hint="`/tune models` lists them."
            )
        name, former = (before.name, before.former) if before else (model.name, ())
        own = {model.at_bedrock, name, *former}
        others = {each.casefold() for each in self._taken()} - {each.casefold() for each in own}
        if wanted == name:
            raise BadField(FIELD, f"It is called {quoted(wanted)} already.", hint="Choose another name.")
        if wanted.casefold() in others:
            taken = {*others, *(each.casefold() for each in own)}
            raise BadField(
                FIELD,
                f"{quoted(wanted)} is taken.",
                hint=f"{quoted(next_free(wanted, taken))} is free.",
            )
        return ModelLabel(
            arn=model.arn,
            job_id=model.job_id,
            made_as=model.at_bedrock,
            name=wanted,
            by=self._directory.viewer.user,
            at=self._clock.now(),
            former=tuple(each for each in (*former, name) if each != wanted),
        )

    def _rename_dataset(self, dataset: Dataset, new: str, *, one: bool) -> Renamed:
        self._access.check_owning(self._directory.viewer.user, dataset.source.user)
        wanted = _checked(_dataset_name, new)
        there = self._directory.labels_in(dataset.source.channel, wanted)
        if wanted == dataset.name or any(each.id != dataset.id for each in there):
            raise BadField(
                FIELD,
                f"There is a dataset {quoted(wanted)} in that channel already.",
                hint="Choose another name: under one name the newest version stands for the others.",
            )
        versions = [dataset] if one else self._versions(dataset)
        for each in versions:
            self._datasets.rename(each, wanted)
        return Renamed(DATASET, dataset.name, wanted, len(versions))

    def _versions(self, dataset: Dataset) -> list[Dataset]:
        """Return what the same person sent to the same channel under that name, the oldest first.

        So whatever interrupts it, what the old name finds is the newest of them, until none is left.
        """
        named = self._directory.labels_in(dataset.source.channel, dataset.name)
        found = [each for each in named if each.source.user == dataset.source.user]
        return [*reversed(found)] if any(each.label == dataset.label for each in found) else [dataset]


def _checked(check: Callable[[str], str], new: str) -> str:
    try:
        return check(bare(new))
    except Refused as error:
        raise BadField(FIELD, error.message, hint=error.hint) from None


def _dataset_name(new: str) -> str:
    name = one_line(new)
    if name.endswith((".jsonl", ".json", ".ndjson")):
        name = dataset_name(name)
    if not 1 <= len(name) <= LONGEST or _ID.fullmatch(name) or "`" in name:
        raise Refused(
            f"{quoted(name[:LONGEST])} cannot be a dataset's name.",
            hint=f"Use 1 to {LONGEST} characters, no backticks, and not what looks like a version's ID.",
        )
    return name
