"""Losses that a fine-tuning run could have had: the same for the same job, worse with few rows or many epochs."""

import math
import random
from dataclasses import dataclass

from bot.playground.bedrock.records import Curves, EpochLoss


@dataclass(frozen=True)
class Run:
    """What decides the curves; ``early_stop`` is (threshold, patience), used only with a validation set."""

    seed: str
    records: int
    validation_records: int
    batch: int
    epochs: int
    early_stop: tuple[float, int] | None = None


def curves(run: Run) -> Curves:
    """Return the losses of ``run``: training loss for each step, validation loss for each epoch."""
    noise = random.Random(run.seed)
    steps_per_epoch = math.ceil(run.records / run.batch)
    start, floor = 1.9 + noise.uniform(-0.15, 0.15), 0.55 + noise.uniform(-0.08, 0.08)
    validation = _validation(run, noise, start, floor, steps_per_epoch)
    epochs = _epochs_run(run, [row.loss for row in validation])
    total = epochs * steps_per_epoch
    pace = _pace(run) * steps_per_epoch
    training = [
        round(
            max(0.01, floor * 0.6 + (start - floor * 0.6) * math.exp(-step / pace) + noise.gauss(0, 0.03)), 6
        )
        for step in range(total)
    ]
    return Curves(
        steps_per_epoch=steps_per_epoch, epochs=epochs, training=training, validation=validation[:epochs]
    )


def _validation(run: Run, noise: random.Random, start: float, floor: float, steps: int) -> list[EpochLoss]:
    """Fall towards the floor, then climb: the fewer the rows, the sooner a model learns them by heart."""
    if not run.validation_records:
        return []
    turn = _best_epoch(run.records)
    rows = []
    for epoch in range(1, run.epochs + 1):
        fall = floor + (start - floor) * math.exp(-epoch / _pace(run))
        climb = 0.06 * max(0.0, epoch - turn) ** 1.3
        loss = round(max(0.01, fall + climb + noise.gauss(0, 0.004)), 6)
        rows.append(EpochLoss(step=epoch * steps, epoch=epoch, loss=loss))
    return rows


def _best_epoch(records: int) -> float:
    """Return the epoch after which more training only memorises: 2 for a few dozen rows, 8 for ten thousand."""
    return max(2.0, min(8.0, 2 * math.log10(max(records, 10))))


def _pace(run: Run) -> float:
    """Return the epochs in which the loss falls by a factor of e: few steps an epoch teach slowly."""
    steps = math.ceil(run.records / run.batch)
    return max(0.8, 3.5 - 0.9 * math.log10(max(steps, 1)))


def _epochs_run(run: Run, losses: list[float]) -> int:
    """Return after which epoch early stopping ends the run; all of them without a validation set."""
    if not losses or run.early_stop is None:
        return run.epochs
    threshold, patience = run.early_stop
    best, waited = math.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best - threshold:
            best, waited = loss, 0
        else:
            waited += 1
        if waited >= patience:
            return epoch
    return run.epochs
