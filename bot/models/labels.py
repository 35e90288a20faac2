"""Models under the names that people call them by."""

from collections.abc import Sequence
from dataclasses import replace

from bot.models.model import CustomModel, ModelLabel


def called(model: CustomModel, labels: Sequence[ModelLabel]) -> CustomModel | None:
    """Return a model as people call it; None when it was deleted."""
    label = next((each for each in labels if each.arn == model.arn), None)
    if label is None:
        return model
    return None if label.deleted else replace(model, name=label.name, made_as=label.made_as)


def of_name(name: str, labels: Sequence[ModelLabel]) -> ModelLabel | None:
    """Return the label of the model that people call so, or called so before; None where none is called otherwise."""
    wanted, kept = name.casefold(), [each for each in labels if not each.deleted]
    for label in kept:
        if label.name.casefold() == wanted:
            return label
    return next((each for each in kept if wanted in {former.casefold() for former in each.former}), None)


def kept_beside(model: CustomModel, there: CustomModel | None, labels: Sequence[ModelLabel]) -> CustomModel:
    """Return the model as it is kept where ``there`` is the one that has its name so far.

    Bedrock gives a name once in a region, and in another region again. What is followed from elsewhere may be such a
    one: it must not take the place of the model that people know by that name, and is called by its region, too.
    """
    if there is None or there.arn == model.arn:
        return model
    was_made_again = (there.region, there.at_bedrock) == (model.region, model.at_bedrock)
    if was_made_again or called(there, labels) is None:
        return model
    return replace(model, name=beside(model.at_bedrock, model.region), made_as=model.at_bedrock)


def beside(made_as: str, region: str) -> str:
    """Return what a model is called whose name at Bedrock another one of another region has: no name of AWS's is so."""
    return f"{made_as}@{region}"


def places(label: ModelLabel) -> tuple[str, str]:
    """Return under which names a model with that label may be kept: its own, and that beside another's."""
    return label.made_as, beside(label.made_as, label.arn.split(":")[3] if label.arn.count(":") > 3 else "")


def deleted_as(name: str, labels: Sequence[ModelLabel]) -> ModelLabel | None:
    """Return of the models that were called so and were deleted the last one; None where none was."""
    wanted, gone = name.casefold(), [each for each in labels if each.deleted]
    return next((each for each in gone if wanted in {each.name.casefold(), each.made_as.casefold()}), None)


def names(labels: Sequence[ModelLabel]) -> set[str]:
    """Return every name by which a model with a label is found: none of them is free."""
    kept = [each for each in labels if not each.deleted]
    return {name for each in kept for name in (each.made_as, each.name, *each.former)}
