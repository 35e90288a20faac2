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


def made_as(name: str, labels: Sequence[ModelLabel]) -> str:
    """Return under which name at Bedrock the model was made that people call so, or called so before."""
    wanted, kept = name.casefold(), [each for each in labels if not each.deleted]
    for label in kept:
        if label.name.casefold() == wanted:
            return label.made_as
    for label in kept:
        if wanted in {each.casefold() for each in label.former}:
            return label.made_as
    return name


def deleted_as(name: str, labels: Sequence[ModelLabel]) -> ModelLabel | None:
    """Return of the models that were called so and were deleted the last one; None where none was."""
    wanted, gone = name.casefold(), [each for each in labels if each.deleted]
    return next((each for each in gone if wanted in {each.name.casefold(), each.made_as.casefold()}), None)


def names(labels: Sequence[ModelLabel]) -> set[str]:
    """Return every name by which a model with a label is found: none of them is free."""
    kept = [each for each in labels if not each.deleted]
    return {name for each in kept for name in (each.made_as, each.name, *each.former)}
