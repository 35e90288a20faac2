"""What the curves say about a training, with the rule behind each verdict in words.

The thresholds are ours: small enough to see what a person would see in the picture, large enough not to judge noise.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import fmean

from bot.jobs.curves import Curves, Point
from bot.wording import counted

LEARNT_AT_LEAST = 0.05
"""Part by which the training loss must fall, from its first steps to its last epoch, to count as learning."""
RISES_BY = 0.02
"""Part by which the last validation loss must exceed the best one to count as over-fitting."""
GAINS = 0.01
"""Part by which an epoch must lower the loss to count as a gain."""
SEEN = 0.001
"""What a loss must rise by at least to count: of losses near to nothing each part is a hair."""
FEW_HELD_OUT = 30
"""Records of a validation set below which the loss of one of them moves that of all: a choice, as the others."""
_HEAD = 0.1
"""Part of the steps that counts as the first steps."""


class VerdictKind(StrEnum):
    """The four things that can be said, and that nothing can."""

    LEARNING = "learning"
    OVERFITTED = "over-fitted"
    NOTHING_LEARNED = "nothing learned"
    STOPPED_EARLY = "stopped early"
    TOO_LITTLE = "too little to say"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a training.

    ``sentence`` is the verdict in one line and ``rule`` why it was given. ``best_epoch`` is None without a validation
    set. ``again`` is how many epochs another run should have, None when there is no reason for one.
    """

    kind: VerdictKind
    sentence: str
    rule: str
    epochs: int
    best_epoch: int | None = None
    again: int | None = None


def judge(curves: Curves, planned: int, most: int) -> Verdict:
    """Return the verdict.

    ``planned`` is how many epochs were asked for (0: the service chose), ``most`` the most that the base takes (0:
    nobody knows). The rules are tried in this order: nothing learned, stopped early, over-fitted, learning.
    """
    if _fall(curves) is None:
        return Verdict(
            VerdictKind.TOO_LITTLE,
            "There are too few points to say how the training went.",
            "A verdict needs the losses of at least two steps.",
            curves.epochs,
        )
    if _learned_nothing(curves):
        return _nothing(curves, most)
    if not curves.validation:
        return _without_validation(curves, most)
    # Before over-fitting: a run that was stopped early ends above its best epoch by the way it is stopped.
    if planned and curves.epochs < planned:
        return _stopped_early(curves, planned)
    best = _best(curves)
    last = curves.validation[-1].loss
    if last > best.loss * (1 + RISES_BY) and last - best.loss >= SEEN:
        return _overfitted(curves, best)
    return _learning(curves, best, most)


def diverged(which: str, step: int, epochs: int) -> Verdict:
    """Return the verdict on a training of whose losses (``which``: training, validation) none is a number in the end.

    ``step`` is the first of those, ``epochs`` how many were run as far as is known. Whatever was learned before, the
    model is what came of it after.
    """
    return Verdict(
        VerdictKind.NOTHING_LEARNED,
        f"Nothing learned: from step {step} on the {which} loss is no number, so the training diverged. A lower "
        "learning rate may help; more epochs do not.",
        "A loss that is no number up to the last step says that those of the model ran out of their range.",
        epochs,
    )


def is_level(loss: float, lowest: float) -> bool:
    """Return whether a loss is no worse than the lowest, by what counts as a gain and what anybody would see."""
    return loss - lowest < SEEN or loss * (1 - GAINS) <= lowest


def by_few(verdict: Verdict, records: int | None) -> Verdict:
    """Return the verdict with how few records of a validation set it was given by; None: nobody knows how many."""
    few = few_held_out(records)
    if not few or verdict.best_epoch is None:
        return verdict
    return replace(verdict, sentence=f"{verdict.sentence} That is by {few}")


def few_held_out(records: int | None) -> str:
    """Return how few records of a validation set there are, as the end of a sentence; empty when they are not few."""
    if records is None or records >= FEW_HELD_OUT:
        return ""
    return f"{counted(records, 'record')}, which is few: it may be chance."


# One verdict each


def _nothing(curves: Curves, most: int) -> Verdict:
    fall = _fall(curves) or 0.0
    if -fall >= LEARNT_AT_LEAST:
        return Verdict(
            VerdictKind.NOTHING_LEARNED,
            "Nothing learned: the loss rose. A lower learning rate may help; more epochs do not.",
            f"The loss rose by {_percent(-fall)} from its first steps to its end.",
            curves.epochs,
        )
    more = min(most, max(curves.epochs + 1, curves.epochs * 2))
    return Verdict(
        VerdictKind.NOTHING_LEARNED,
        "Nothing learned: the loss hardly moved. More epochs or a higher learning rate may help; otherwise look at "
        "the dataset.",
        f"The loss fell by {_percent(max(0.0, fall))}; under {_percent(LEARNT_AT_LEAST)} counts as nothing.",
        curves.epochs,
        again=more if more > curves.epochs else None,
    )


def _without_validation(curves: Curves, most: int) -> Verdict:
    last, before = _epoch_means(curves.training)[-1:], _epoch_means(curves.training)[-2:-1]
    falling = bool(before) and not is_level(before[0], last[0])
    more = _more(curves.epochs, most) if falling else None
    return Verdict(
        VerdictKind.LEARNING,
        f"Learning: the training loss fell by {_percent(_fall(curves) or 0.0)}"
        + (", and was still falling." if falling else "."),
        "Without a validation set nobody can tell whether it over-fits: give one, and early stopping works too.",
        curves.epochs,
        again=more,
    )


def _stopped_early(curves: Curves, planned: int) -> Verdict:
    best = _best(curves)
    if len(curves.validation) > 1 and _enough(curves.validation) == curves.validation[-1].epoch:
        return Verdict(
            VerdictKind.STOPPED_EARLY,
            f"Stopped early, after epoch {curves.epochs} of {planned}, though the validation loss was still falling.",
            "Early stopping counts a fall below its threshold as none: a lower threshold, or more patience, trains on.",
            curves.epochs,
            best.epoch,
        )
    tail = f" Best at epoch {best.epoch}; no gain after." if best.epoch < curves.epochs else ""
    why = ": the validation loss had stopped falling" if len(curves.validation) > 1 else ""
    return Verdict(
        VerdictKind.STOPPED_EARLY,
        f"Stopped early, after epoch {curves.epochs} of {planned}{why}.{tail}",
        "Early stopping ends a job when the validation loss has not fallen by its threshold for as many epochs as its "
        "patience.",
        curves.epochs,
        best.epoch,
        best.epoch if best.epoch < curves.epochs else None,
    )


def _overfitted(curves: Curves, best: Point) -> Verdict:
    last = curves.validation[-1]
    above = (
        f"{_percent(last.loss / best.loss - 1)} above the best one"
        if best.loss > 0
        else "above the best one, 0"
    )
    return Verdict(
        VerdictKind.OVERFITTED,
        f"Over-fitted since epoch {best.epoch + 1}: it learns the dataset by heart. Best at epoch {best.epoch}.",
        f"The last validation loss is {above}; over {_percent(RISES_BY)} counts as over-fitting.",
        curves.epochs,
        best.epoch,
        best.epoch,
    )


def _learning(curves: Curves, best: Point, most: int) -> Verdict:
    enough, known = _enough(curves.validation), curves.validation[-1].epoch
    if enough < known:
        return Verdict(
            VerdictKind.LEARNING,
            f"Learning: best at epoch {best.epoch}; no gain after epoch {enough}.",
            f"All epochs after {enough} together lowered the validation loss by less than {_percent(GAINS)}.",
            curves.epochs,
            best.epoch,
            enough,
        )
    if known < curves.epochs:
        return Verdict(
            VerdictKind.LEARNING,
            f"Learning: the validation loss was best at epoch {best.epoch}, the last of which it is known.",
            f"Of the epochs after {known} there is no validation loss, so nobody can tell whether it over-fits.",
            curves.epochs,
            best.epoch,
        )
    more = _more(curves.epochs, most)
    if len(curves.validation) < 2:
        return _learning_of_one(curves, best, more)
    at_the_end = f", and {most} epochs are the most that this base takes." if most else "."
    return Verdict(
        VerdictKind.LEARNING,
        f"Learning: the validation loss was still falling{', so more epochs may help.' if more else at_the_end}",
        f"The last epoch lowered the validation loss by {_percent(GAINS)} or more.",
        curves.epochs,
        best.epoch,
        more,
    )


def _learning_of_one(curves: Curves, best: Point, more: int | None) -> Verdict:
    """Return the verdict on one validation loss: it is neither falling nor rising."""
    return Verdict(
        VerdictKind.LEARNING,
        f"Learning: the training loss fell by {_percent(_fall(curves) or 0.0)}"
        + (". After one epoch nobody can tell whether more would help." if more else "."),
        "There is one validation loss: it takes two to say whether it falls.",
        curves.epochs,
        best.epoch,
        more,
    )


# What the rules look at


def _fall(curves: Curves) -> float | None:
    """Return the part by which the loss fell from the first steps to the last epoch, None with too few points."""
    if len(curves.training) > 1:
        losses = [each.loss for each in curves.training]
        # Means and not single steps: the loss of one batch jumps by more than an epoch teaches.
        head = fmean(losses[: max(1, int(len(losses) * _HEAD))])
        last = [each.loss for each in curves.training if each.epoch == curves.training[-1].epoch]
        # The first half of a single epoch is what it starts from: with that in it nothing would ever seem to fall.
        tail = fmean(last[len(last) // 2 :])  # with one epoch, its second half
    elif len(curves.validation) > 1:
        head, tail = curves.validation[0].loss, _best(curves).loss
    else:
        return None
    return 1 - tail / head if head > 0 else 0.0


def _learned_nothing(curves: Curves) -> bool:
    fall = _fall(curves)
    return fall is not None and fall < LEARNT_AT_LEAST


def _best(curves: Curves) -> Point:
    # Of equal epochs the first: the same loss with less training is less learnt by heart.
    return min(curves.validation, key=lambda each: (each.loss, each.epoch))


def _enough(validation: tuple[Point, ...]) -> int:
    """Return the first epoch after which all others together gain less than a gain."""
    best = min(each.loss for each in validation)
    return next(each.epoch for each in validation if is_level(each.loss, best))


def _epoch_means(points: tuple[Point, ...]) -> list[float]:
    epochs = sorted({each.epoch for each in points})
    return [fmean(each.loss for each in points if each.epoch == epoch) for epoch in epochs]


def _more(epochs: int, most: int) -> int | None:
    # Half as many again and not twice: each epoch is paid for, and it can be run again.
    wanted = min(most, epochs + max(1, epochs // 2))
    return wanted if wanted > epochs else None


def _percent(part: float) -> str:
    return f"{100 * part:.1f} %" if part < 0.1 else f"{100 * part:.0f} %"
