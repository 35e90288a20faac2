"""The losses of a finished job: read from Bedrock's two files, and what they say about the training.

Bedrock's columns vary from base to base, so a file is read by its header. The training file counts steps from 0, the
validation file (one row an epoch) counts the steps taken so far; epochs count from 1 in both.
"""

import csv
import io
import math
from dataclasses import dataclass
from statistics import fmean

from bot.errors import Refused
from bot.wording import quoted

STEP, EPOCH = "step_number", "epoch_number"
TRAINING_LOSS, VALIDATION_LOSS = "training_loss", "validation_loss"

MOST_LOSS = 1e30
"""What is greater is no loss: no sum, mean or picture has room for it, and a training that comes there has diverged."""
KEPT = 120
"""Training points that are kept for the picture: more than a phone can show apart."""


@dataclass(frozen=True, slots=True)
class Point:
    """The loss at a step of an epoch."""

    step: int
    epoch: int
    loss: float


@dataclass(frozen=True, slots=True)
class Table:
    """What a file held. ``cut_short``: a line is not whole, so rows are missing from there on.

    ``lost_at``: the step from which on no loss is a number (NaN, infinite, or nearly so); None where the last one is.
    """

    points: tuple[Point, ...]
    cut_short: bool = False
    lost_at: int | None = None


@dataclass(frozen=True, slots=True)
class Curves:
    """Both losses of a job; ``validation`` is empty without a validation set."""

    training: tuple[Point, ...]
    validation: tuple[Point, ...] = ()

    @property
    def epochs(self) -> int:
        """Return how many epochs were run."""
        return max((each.epoch for each in self.training + self.validation), default=0)


def read(content: bytes, column: str) -> Table:
    """Return the points of a file, by the names in its header; ``column`` is the loss's.

    Rows after the first that is not whole are left out, and so are losses that are no numbers up to the end; the table
    says both. One that is no number in between is a batch like that, and no more than a gap in the curve.

    Raises:
        Refused: a column that is needed is missing, or there is no row.
    """
    # With `utf-8-sig`, since a byte-order mark would hide the first column's name.
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig", errors="replace"), newline=""))
    names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    missing = [name for name in (STEP, EPOCH, column) if name not in names]
    if missing:
        raise Refused(f"Bedrock's file has no column {quoted(missing[0])}.")
    points: list[Point] = []
    cut_short = False
    try:
        for row in rows:
            point = _point(row[names[STEP]], row[names[EPOCH]], row[names[column]])
            if point is None:
                cut_short = True
                break
            points.append(point)
    except csv.Error:
        cut_short = True
    if not points:
        raise Refused("Bedrock's file of losses has no rows.")
    points.sort(key=lambda each: each.step)
    known = tuple(each for each in points if abs(each.loss) < MOST_LOSS)
    lost = [each.step for each in points if not known or each.step > known[-1].step]
    return Table(known, cut_short, lost[0] if lost else None)


def thinned(curves: Curves, most: int = KEPT) -> Curves:
    """Return the curves with at most ``most`` training points: the mean of each stretch, the last step kept."""
    points = curves.training
    if len(points) <= most:
        return curves
    stretch = math.ceil(len(points) / most)
    parts = [points[at : at + stretch] for at in range(0, len(points), stretch)]
    means = tuple(
        Point(part[-1].step, part[-1].epoch, round(fmean(each.loss for each in part), 6)) for part in parts
    )
    return Curves(means, curves.validation)


def described(curves: Curves) -> str:
    """Return the curves in words, for whoever cannot see the picture."""
    parts = [
        f"{name} loss from {points[0].loss:.3g} to {points[-1].loss:.3g}"
        for name, points in (("training", curves.training), ("validation", curves.validation))
        if points
    ]
    best = min(curves.validation, key=lambda each: each.loss, default=None)
    lowest = f", lowest {best.loss:.3g} at epoch {best.epoch}" if best else ""
    epochs = f"{curves.epochs} epoch" + ("" if curves.epochs == 1 else "s")
    return f"Line chart of the losses over {epochs}: {' and '.join(parts)}{lowest}."


def _point(step: str | None, epoch: str | None, loss: str | None) -> Point | None:
    try:
        return Point(int(float(step or "")), int(float(epoch or "")), float(loss or ""))
    except (ValueError, OverflowError):
        return None
