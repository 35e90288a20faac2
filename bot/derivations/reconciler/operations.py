"""The three operations on stored datasets: each fetches, works, hands in what it made, and says what was done."""

from collections.abc import Callable, Mapping

from bot.datasets.model import Dataset, Role
from bot.derivations.cards import ComparedCard, ConvertedCard, SplitCard
from bot.derivations.comparison import compare
from bot.derivations.conversion import convert
from bot.derivations.model import ConversionParameters, Operation, SplitParameters
from bot.derivations.reconciler.workshop import Made, Workshop
from bot.derivations.splitting.split import split
from bot.profiles import registry


def split_off(workshop: Workshop, dataset: Dataset) -> Made:
    """Make a training and a validation set of the dataset.

    Raises:
        Refused: it cannot be split so.
    """
    spec, profile = workshop.spec, registry.get(dataset.report.profile)
    params = spec.params
    assert isinstance(params, SplitParameters), params
    source = workshop.fetch(dataset, "whole.jsonl")
    paths = (workshop.folder / "training.jsonl", workshop.folder / "validation.jsonl")
    made = workshop.run(
        split,
        source,
        *paths,
        profile,
        share=params.share,
        seed=params.seed,
        near=params.near,
    )
    names = (f"{dataset.name}.train.jsonl", f"{dataset.name}.validation.jsonl")
    training, validation = (
        workshop.hand_in(path, workshop.judge(path, profile, role, name), dataset, [effect])
        for path, role, name, effect in zip(
            paths, (Role.TRAINING, Role.VALIDATION), names, made.effects(), strict=True
        )
    )
    card = SplitCard(dataset.name, made, training.dataset, validation.dataset, asked_by=spec.user)
    return Made(card, (training, validation), workshop.troubles)


def convert_for(workshop: Workshop, dataset: Dataset) -> Made:
    """Make a copy of the dataset in another base's format, judged for that base."""
    spec, params = workshop.spec, workshop.spec.params
    assert isinstance(params, ConversionParameters), params
    profile = registry.get(params.profile)
    source, target = workshop.fetch(dataset, "whole.jsonl"), workshop.folder / "converted.jsonl"
    name = f"{dataset.name}.{profile.name}.jsonl"
    made = workshop.run(convert, source, target, profile, dataset.report.role, name)
    file = workshop.hand_in(target, made.report, dataset, made.effects())
    card = ConvertedCard(dataset.name, name, profile.name, made.summary, asked_by=spec.user)
    return Made(card, (file,), workshop.troubles)


def compare_two(workshop: Workshop, before: Dataset, after: Dataset) -> Made:
    """Say what the later version has that the earlier one has not."""
    earlier, later = (workshop.fetch(each, f"{each.id}.jsonl") for each in (before, after))
    profiles = (registry.get(before.report.profile), registry.get(after.report.profile))
    found = workshop.run(compare, earlier, later, *profiles)
    return Made(ComparedCard(before, after, found, asked_by=workshop.spec.user))


OPERATIONS: Mapping[Operation, Callable[..., Made]] = {
    Operation.SPLIT: split_off,
    Operation.CONVERT: convert_for,
    Operation.COMPARE: compare_two,
}
