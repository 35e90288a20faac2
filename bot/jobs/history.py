"""How long earlier jobs of this account took, and what that says of one that runs: a range, or nothing.

Nothing is published about how long training takes, so before there is a history there is no estimate.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.jobs.model import JobObservation, JobPlan, StageState
from bot.jobs.phases import PROCESSING, TRAINING, VALIDATION

ENOUGH = 3
"""Earlier jobs of the base below which no range is given."""
ENOUGH_TO_JUDGE = 20
"""Earlier jobs below which 95 % of them is no measure of a stall: of fewer than twenty it is the longest one."""
COMPARABLE = 10
"""How many times more or less work an earlier job may have had to be compared with."""
# Not the quickest and the slowest: one odd job of many would make the range too wide to plan by.
_LOW, _HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class Run:
    """A finished job, by Bedrock's clock. Lengths are seconds; ``work`` is records times epochs."""

    job_id: str
    profile: str
    records: int
    epochs: int
    stages: tuple[tuple[str, float], ...]
    """How long each stage took, by its name; a stage that Bedrock did not report is not there."""
    total: float
    ended: datetime

    @property
    def work(self) -> int:
        """Return records times epochs: what training takes is taken to grow with it."""
        return self.records * self.epochs

    def took(self, stage: str) -> float | None:
        """Return the seconds that the stage took, or None when nobody knows."""
        return dict(self.stages).get(stage)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """A range of time, and how many earlier jobs it comes from."""

    least: timedelta
    most: timedelta
    jobs: int


def run_of(plan: JobPlan, seen: JobObservation, epochs: int) -> Run | None:
    """Return what a job that completed adds to the history, or None when its times are not known."""
    if seen.ended is None or seen.ended <= seen.created or epochs < 1:
        return None
    stages = tuple(
        (each.name, (each.changed - each.started).total_seconds())
        for each in seen.stages
        if each.state is StageState.COMPLETED
        and each.started
        and each.changed
        and each.changed > each.started
    )
    return Run(
        job_id=plan.id,
        profile=plan.profile,
        records=plan.records,
        epochs=epochs,
        stages=stages,
        total=(seen.ended - seen.created).total_seconds(),
        ended=seen.ended,
    )


def whole(runs: Iterable[Run], records: int, epochs: int) -> TimeRange | None:
    """Return how long a job of that size takes from its start to its end, or None with too little history."""
    return _span([_scaled(each, records * epochs) for each in _comparable(runs, records * epochs)])


def left(runs: Iterable[Run], plan: JobPlan, seen: JobObservation) -> TimeRange | None:
    """Return how long the job may still take, or None with too little history.

    Once training has begun only training is compared: the queue before it, which varies most, is over.
    """
    work = plan.records * _epochs(plan)
    comparable = _comparable(runs, work)
    began = next(
        (s.started for s in seen.stages if s.name == TRAINING and s.state is StageState.IN_PROGRESS), None
    )
    if began is None:
        return _minus(_span([_scaled(each, work) for each in comparable]), seen.seen_at - seen.created)
    took = [(each.took(TRAINING), work / each.work) for each in comparable]
    return _minus(_span([each * ratio for each, ratio in took if each is not None]), seen.seen_at - began)


def longest_usual(runs: Iterable[Run], stage: str) -> timedelta | None:
    """Return what 95 % of the earlier jobs took at most for the stage, or None when there are too few to say.

    The time between the end of one stage and the beginning of the next counts to the later one.
    """
    took = sorted(each for each in (_with_wait(run, stage) for run in runs) if each is not None)
    if len(took) < ENOUGH_TO_JUDGE:
        return None
    return timedelta(seconds=_quantile(took, 0.95))


def steps(plan: JobPlan) -> tuple[int, int] | None:
    """Return steps in an epoch and in all, or None for a base that does not tell its batch size or epochs."""
    batch, epochs = plan.hyperparameters.get("batchSize", ""), _epochs(plan)
    if not batch.isdecimal() or not int(batch) or not epochs:
        return None
    an_epoch = math.ceil(plan.records / int(batch))
    return an_epoch, an_epoch * epochs


def _epochs(plan: JobPlan) -> int:
    text = plan.hyperparameters.get("epochCount", "")
    return int(text) if text.isdecimal() else 0


def _comparable(runs: Iterable[Run], work: int) -> list[Run]:
    # Beyond a factor of ten what is fixed outweighs what grows, and stretching one to the other says nothing.
    return [each for each in runs if work and 1 / COMPARABLE <= each.work / work <= COMPARABLE]


def _scaled(run: Run, work: int) -> float:
    """Return the whole time of ``run`` with its training stretched to another amount of work."""
    # Only training grows with the work: validation, the queue and the packing up take what they take.
    training = run.took(TRAINING) or 0.0
    return run.total - training + training * work / run.work


def _with_wait(run: Run, stage: str) -> float | None:
    """Return the stage's time; for training, all that was not spent in the stages before it, the queue with it."""
    if stage != TRAINING:
        return run.took(stage)
    # Bedrock tells no queue of its own: a job that waits for machines has its data ready and trains not yet.
    return run.total - sum(run.took(each) or 0.0 for each in (VALIDATION, PROCESSING))


def _span(seconds: Sequence[float]) -> TimeRange | None:
    if len(seconds) < ENOUGH:
        return None
    ordered = sorted(seconds)
    least, most = _quantile(ordered, _LOW), _quantile(ordered, _HIGH)
    return TimeRange(timedelta(seconds=least), timedelta(seconds=most), len(ordered))


def _minus(span: TimeRange | None, elapsed: timedelta) -> TimeRange | None:
    if span is None:
        return None
    none = timedelta()
    return TimeRange(max(none, span.least - elapsed), max(none, span.most - elapsed), span.jobs)


def _quantile(ordered: Sequence[float], part: float) -> float:
    """Return the nearest rank: always a time that a job really took."""
    return ordered[min(len(ordered), max(1, math.ceil(part * len(ordered)))) - 1]
