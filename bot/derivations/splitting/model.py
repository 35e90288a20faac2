"""What is told of a split."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.datasets.content.scan import SCANNER
from bot.datasets.model import Dataset, Role, Verdict
from bot.derivations.splitting.drawing import Group
from bot.wording import quoted

_SHOWN = 3
_FIGURES = r"(?P<out>[\d,]+) of (?P<all>[\d,]+) records%s \(seed (?P<seed>-?\d+)\)\."
_TRAINING = re.compile("Split off " + _FIGURES % " for validation")
_VALIDATION = re.compile("Taken as validation set: " + _FIGURES % "")
"""What ``Split.effects`` writes into the two histories."""


@dataclass(frozen=True, slots=True)
class LabelShare:
    """How many records with a label are on each side. ``label`` is None for records without one."""

    label: str | None
    training: int
    validation: int

    @property
    def shown(self) -> str:
        """The label fit to be shown."""
        return SCANNER.masked(self.label) if self.label else "(none)"


@dataclass(frozen=True, slots=True)
class Split:
    """A split that was made. ``share`` is what was asked for, 0 to 1.

    ``groups`` are those of several records, ``grouped_records`` what they hold. ``field`` is where labels were found:
    the key in answers that are JSON objects, empty for whole answers, None when there are none. ``notes`` say, a
    sentence each, why the share is not the one that was asked for.
    """

    records: int
    training: int
    validation: int
    share: float
    seed: int
    groups: int
    grouped_records: int
    field: str | None
    labels: tuple[LabelShare, ...]
    notes: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return what was done, a sentence each."""
        got = f"{self.validation / max(1, self.records):.1%}; {self.share:.0%} asked for, seed {self.seed}"
        said = [f"{self.training:,} records for training, {self.validation:,} for validation ({got})."]
        if self.groups:
            said.append(
                f"{self.grouped_records:,} records in {self.groups:,} "
                f"{'group' if self.groups == 1 else 'groups'} share a question or a long answer, or are "
                "nearly the same: each group stays on one side."
            )
        if self.field is not None:
            where = f"the field {quoted(SCANNER.masked(self.field))}" if self.field else "the answers"
            said.append(f"Each label in {where} gives its share.")
        return [*said, *self.notes]

    def effects(self) -> tuple[str, str]:
        """Return what was done to the file in words for each side's history: training's, validation's."""
        how = f" (seed {self.seed})"
        return (
            f"Split off {self.validation:,} of {self.records:,} records for validation{how}.",
            f"Taken as validation set: {self.validation:,} of {self.records:,} records{how}.",
        )


def other_side(training: Dataset, stored: Iterable[Dataset]) -> Dataset | None:
    """Return the validation set that was split off when ``training`` was made, None unless exactly one is stored.

    Both were made from one file by one split, and together they have all its records.
    """
    split = _split_of(training, _TRAINING)
    found = [
        each
        for each in stored
        if split
        and each.parent == training.parent
        and each.report.role is Role.VALIDATION
        and each.report.verdict is Verdict.READY
        and each.report.records + training.report.records == split[1]
        and _split_of(each, _VALIDATION) == split
    ]
    return found[0] if len(found) == 1 else None


def _split_of(dataset: Dataset, effect: re.Pattern[str]) -> tuple[int, int, int] | None:
    """Return how many records were held out, of how many, and the seed; None when it is no side of a split."""
    made = effect.fullmatch(dataset.history[-1]) if dataset.parent and dataset.history else None
    if made is None:
        return None
    out, whole, seed = (int(made[name].replace(",", "")) for name in ("out", "all", "seed"))
    return out, whole, seed


def sentences(
    groups: Mapping[int, Group], chosen: Collection[int], wanted: int, validation: int
) -> tuple[str, ...]:
    """Return why validation is smaller than it should be: the largest groups that had to stay in training."""
    missing = wanted - validation
    if missing <= 0:
        return ()
    stayed = sorted(
        (each for key, each in groups.items() if key not in chosen and each.size > 1),
        key=lambda each: (-each.size, each.lines),
    )
    said = [_stayed(each) for each in stayed[:_SHOWN]]
    alone = _alone(groups)
    if alone:
        said.append(
            f"{alone:,} {'label stands' if alone == 1 else 'labels stand'} in one group only and "
            f"{'stays' if alone == 1 else 'stay'} in training."
        )
    return (f"That is {missing:,} fewer than asked for, since groups are not broken.", *said)


def _stayed(group: Group) -> str:
    where = ", ".join(f"{line:,}" for line in group.lines)
    more = " …" if group.size > len(group.lines) else ""
    return f"A group of {group.size:,} records stays in training (lines {where}{more})."


def _alone(groups: Mapping[int, Group]) -> int:
    """Return how many labels stand in one group only."""
    labels = Counter(each.label for each in groups.values() if each.label is not None)
    return sum(count == 1 for count in labels.values())
