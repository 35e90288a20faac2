"""Which groups of records go to validation: each label gives its share, groups are never broken."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import floor, fsum


@dataclass(frozen=True, slots=True)
class Group:
    """Records that stay together: how many, where in the order of drawing, their label, their first lines."""

    size: int
    rank: int
    label: str | None
    lines: tuple[int, ...]


def quotas(groups: Collection[Group], wanted: int) -> dict[str | None, int]:
    """Return how many records of each label go to validation: parts of ``wanted``, by largest remainder.

    A label that has one group only gives nothing: it could not be learnt and asked for at once.
    """
    sizes: dict[str | None, int] = {}
    number: dict[str | None, int] = {}
    for each in groups:
        sizes[each.label] = sizes.get(each.label, 0) + each.size
        number[each.label] = number.get(each.label, 0) + 1
    total = sum(sizes.values())
    parts = {label: size * wanted / total for label, size in sizes.items() if number[label] > 1}
    given = {label: floor(part) for label, part in parts.items()}
    left = min(wanted, round(fsum(parts.values()))) - sum(given.values())
    order = sorted(parts, key=lambda label: (given[label] - parts[label], label or ""))
    for label in order[:left]:
        given[label] += 1
    # At least one record of each label is left to learn it from.
    return {label: min(part, sizes[label] - 1) for label, part in given.items()}


def draw(groups: Mapping[int, Group], quota: Mapping[str | None, int]) -> set[int]:
    """Return the groups that are drawn, by rank, while they fit into what their label gives."""
    left = dict(quota)
    chosen: set[int] = set()
    for key in by_rank(groups):
        group = groups[key]
        if group.size <= left.get(group.label, 0):
            left[group.label] -= group.size
            chosen.add(key)
    return chosen


def by_rank(groups: Mapping[int, Group]) -> Iterable[int]:
    """Return the groups in the order of drawing."""
    return sorted(groups, key=lambda key: (groups[key].rank, key))
