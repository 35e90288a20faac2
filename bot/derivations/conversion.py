"""Converts a file from one base model's format to another's, and judges it for that one.

Only the form is changed: no record, turn or word is dropped. What the other base does not take (its limits, its
reserved words) is not mended here but named by the report, since mending it would need a guess.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.datasets.model import Report, Role
from bot.datasets.repairs import RepairSummary, repair
from bot.datasets.repairs.registry import REPAIRS
from bot.datasets.validation import validate
from bot.errors import Refused
from bot.profiles.model import Profile

DROPPING = frozenset({"drop-exact-duplicates", "drop-trailing-user-turn"})
"""Repairs that take something away that is to be learnt; they are a press of their own."""

REWORDING = frozenset({"mend-mojibake"})
"""Repairs that write other words than stand there: a press of their own, too."""

FORM = tuple(name for name in REPAIRS if name not in DROPPING | REWORDING)
"""Repairs that change the form alone."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was done to a file, and the judgement of what came of it for the other base."""

    summary: RepairSummary
    report: Report

    @property
    def changed(self) -> bool:
        """Whether the file was in another form than the other base takes."""
        return self.summary.changed

    def effects(self) -> tuple[str, ...]:
        """Return what was done in words, for the dataset's history."""
        return tuple(step.effect for step in self.summary.steps)


def convert(
    path: Path, out: Path, profile: Profile, role: Role = Role.TRAINING, name: str | None = None
) -> Conversion:
    """Write the file to ``out`` in the format that ``profile`` takes, and judge it for that base.

    Rows that cannot be converted without a loss or a guess are written as they are; the report names them.

    Args:
        path: a file in any format that is recognised.
        out: where the converted file goes.
        profile: the base model that it is meant for.
        role: what the file is for.
        name: what the report calls the converted file.

    Raises:
        Refused: the two paths are one file, or the file holds no rows at all.
        OSError: a file cannot be read or written.
    """
    summary = repair(path, out, profile, FORM)
    return Conversion(summary, validate(out, profile, role, name or out.name))


def check_convertible(profile: Profile, current: str, judged_for: str) -> None:
    """Return when a file in the format ``current``, which was judged for that base, can be converted for ``profile``.

    Raises:
        Refused: it is in that base's format already: judging it anew is all that is needed, where it was not.
    """
    if profile.name == judged_for and profile.record_format == current:
        raise Refused(
            f"It is in the format of {profile.label} already, and was checked for that base.",
            hint="`/tune dataset NAME` shows its verdict.",
        )
    if profile.record_format == current:
        raise Refused(
            f"It is in the format of {profile.label} already.",
            hint="Send the file again to have it judged for that base: `/tune validate FILE for BASE`.",
        )
