"""Versions of datasets, and work on them."""

from dataclasses import replace
from datetime import timedelta

from bot.datasets.repairs import RepairStep, RepairSummary
from bot.derivations.cards import (
    ComparedCard,
    ConvertedCard,
    DatasetCard,
    DerivationProblem,
    SplitCard,
    VersionList,
)
from bot.derivations.comparison import Comparison, Difference, Example
from bot.derivations.splitting.model import LabelShare, Split
from handlers.ui.example_values import LONG_NAME, NOW, PERSONAL, TRAINER, dataset
from handlers.ui.examples import Examples

_OLD = replace(dataset(), id="7a7a7a7a7a7a", stored_at=NOW - timedelta(days=1))
_MADE = replace(
    dataset("claims", PERSONAL),
    parent="7a" * 32,
    history=(
        "Dropped 2 blank lines.",
        "Lowered the roles in 1 row.",
        "Moved the system prompt in 5 rows.",
    ),
)
_SPLIT = Split(
    400, 360, 40, 0.1, 7, 2, 9, "queue",
    tuple(LabelShare(each, 60, 6) for each in ("pharmacy", "appeals-oncology", "member-services", None)),
    ("A group of 31 records stays in training (lines 4, 9, 12 …).",),
)  # fmt: skip
_CHANGED = Example(
    4, 5, "Patient stage IV, denied prior authorization, plan United", "answer", '{"queue": "appeals"}',
    '{"queue": "appeals-oncology", "priority": "urgent"}',
)  # fmt: skip
_COMPARISON = Comparison(
    64, 66, Difference(3, (1, 65, 66), (replace(_CHANGED, before_line=None),)), Difference(1, (12,)),
    Difference(2, (4, 9), (_CHANGED,)), Difference(5, (7, 8, 9, 10, 11)), 55,
)  # fmt: skip
_STEPS = (RepairStep("to-nova", "Wrote 64 rows in the format of Amazon Nova.", 64),)

EXAMPLES: Examples = {
    "dataset": DatasetCard(_OLD, (_OLD,), None),
    "dataset, made from another": DatasetCard(
        _MADE,
        (_MADE, _OLD),
        _OLD,
        "https://northwind.slack.com/archives/C1/p1763831280000100",
        is_theirs=True,
    ),
    "dataset, long name": DatasetCard(replace(_OLD, name=LONG_NAME), (replace(_OLD, name=LONG_NAME),), None),
    "datasets, none stored": VersionList(()),
    "datasets, two versions": VersionList((_MADE, _OLD)),
    "datasets, twenty versions": VersionList(
        tuple(replace(_OLD, name=f"claims-{number}") for number in range(20))
    ),
    "split": SplitCard("claims", _SPLIT, dataset(), replace(_OLD, name="claims-validation"), TRAINER),
    "converted": ConvertedCard(
        "claims", "claims.nova-micro.jsonl", "nova-micro", RepairSummary(_STEPS, 64, 64), TRAINER
    ),
    "compared": ComparedCard(_OLD, _MADE, _COMPARISON, TRAINER),
    "work on a dataset that failed": DerivationProblem(
        "claims", "A validation set needs 32 records, and the file has 12. Add records.", TRAINER
    ),
}
