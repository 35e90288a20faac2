"""How jobs end."""

from dataclasses import replace
from datetime import timedelta

from bot.jobs.cards import JobEnded, JobNews, ModelCard
from bot.jobs.curves import Curves, Point
from bot.jobs.model import Phase, StageState
from bot.jobs.verdict import by_few, diverged, judge
from handlers.ui.example_values import APPROVER, CHANNEL, CURVE, DONE, LONG_NAME, NOW, TRAINER, job
from handlers.ui.examples import Examples

_ENDED = NOW + timedelta(minutes=44)
_DONE = job(Phase.COMPLETED, DONE, DONE, DONE, ended=_ENDED, training_loss=0.3121, validation_loss=0.4021)
_FAILED = job(
    Phase.FAILED, DONE, StageState.FAILED, ended=_ENDED,
    explanation="A record has more tokens than the base model takes.",
    mend="Shorten record 41, or split it, and run the job again.", who="the person who owns the dataset",
    raw_failure="ValidationException: record 41 exceeds the maximum number of tokens.",
)  # fmt: skip
_STOPPED = job(Phase.STOPPED, DONE, DONE, StageState.STOPPED, ended=_ENDED)
_VERDICT = "It is best at epoch 3 of 4; the last one learned nothing that holds for new records."
_RULE = "The validation loss was lowest at epoch 3 (0.3987) and rose by 0.9 % until the end."
_COST = "$0.15 of at most $0.16"
_OVERFITTED = judge(
    Curves(
        (Point(0, 1, 1.9), Point(11, 4, 0.4)),
        tuple(Point(3 * epoch, epoch, loss) for epoch, loss in enumerate((0.61, 0.44, 0.3987, 0.47), 1)),
    ),
    4,
    10,
)
_DIVERGED = diverged("training", 6, 4)
_CARD = ModelCard(
    _DONE,
    "5f" * 32,
    58,
    "cd" * 32,
    TRAINER,
    APPROVER,
    _VERDICT,
    3,
    "≈ $0.15, less than estimated",
    "7a7a7a7a7a7a",
)

EXAMPLES: Examples = {
    "job's end, trained": JobEnded(_DONE, _VERDICT, _RULE, "", _COST, again=3, curve=CURVE),
    "job's end, trained without a curve": JobEnded(
        _DONE, note="The losses could not be read: the bucket does not let me. Ask the operator.", cost=_COST
    ),
    "job's end, long names": JobEnded(
        replace(_DONE, name=f"{LONG_NAME}-1", model_name=LONG_NAME, dataset=LONG_NAME),
        _VERDICT,
        _RULE,
        "",
        _COST,
    ),
    "job's end, by few held-out records": JobEnded(
        _DONE, by_few(_OVERFITTED, 8).sentence, _OVERFITTED.rule, "", _COST, again=3, curve=CURVE
    ),
    "job's end, diverged": JobEnded(_DONE, _DIVERGED.sentence, _DIVERGED.rule, "", _COST, curve=CURVE),
    "job's end, failed": JobEnded(_FAILED, cost="$0.00"),
    "job's end, stopped": JobEnded(_STOPPED, cost=_COST),
    "job's end, told directly": JobNews(_DONE, CHANNEL, _VERDICT, "you follow it"),
    "job's end, failure told directly": JobNews(_FAILED, CHANNEL, "", "you started it"),
    "model card": _CARD,
    "model card, long names": replace(
        _CARD, view=replace(_DONE, model_name=LONG_NAME, dataset=LONG_NAME), approved_by=None
    ),
}
