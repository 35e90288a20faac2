"""Buttons that several cards offer for a dataset."""

from bot.datasets.model import Dataset, Role, Verdict
from bot.profiles.registry import PROFILES
from handlers.ui.blocks import Element, button


def split_button(dataset: Dataset) -> Element | None:
    """Return the button that splits off a validation set; None where there is none to be had."""
    report, profile = dataset.report, PROFILES.get(dataset.report.profile)
    if report.role is not Role.TRAINING or report.verdict is not Verdict.READY or profile is None:
        return None
    limits = profile.limits
    if not limits.validation_allowed or report.records < 2 * max(1, limits.min_records):
        return None
    return button("Split off a validation set", "dataset.split", f"{dataset.id} {dataset.name}")
