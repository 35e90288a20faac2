"""What the buttons hold that work on one or two datasets: each content, and by which of its names it is meant.

Buttons of an earlier release hold the contents alone, and are read as well.
"""

from bot.datasets.model import Dataset
from handlers.ui import limits

Meant = tuple[str, str]
"""A content's ID, and the name that is meant of those that the same bytes have; empty: any."""


def conversion(dataset: Dataset, profile: str) -> str:
    """Return what an option holds that converts it for a base; without the name where Slack takes no such length."""
    bare = f"{dataset.id} {profile}"
    whole = f"{bare} {dataset.name}"
    return whole if len(whole) <= limits.OPTION_VALUE else bare


def read_conversion(value: str) -> tuple[Meant, str]:
    """Return which dataset it is, and for which base; empty where the value has none."""
    dataset_id, profile, name = (*value.split(" ", 2), "", "")[:3]
    return (dataset_id, name), profile


def comparison(before: Dataset, after: Dataset) -> str:
    """Return what the button holds that compares them."""
    bare = f"{before.id} {after.id}"
    whole = f"{bare}\n{before.name}\n{after.name}"
    return whole if len(whole) <= limits.BUTTON_VALUE else bare


def read_comparison(value: str) -> tuple[Meant, Meant]:
    """Return which two they are; IDs are empty where the value has none."""
    ids, first_name, second_name = (*value.split("\n", 2), "", "")[:3]
    first, _, second = ids.partition(" ")
    return (first, first_name), (second, second_name)
