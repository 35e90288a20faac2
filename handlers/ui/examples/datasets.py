"""Verdicts and datasets."""

from typing import cast

from bot.datasets.model import Role, Verdict
from bot.uploads.cards import RepairedCard, VerdictCard
from handlers.ui.example_values import (
    BLANK_LINE,
    CONTENT_KEY,
    EMPTY,
    LONG_NAME,
    MARK,
    PERSONAL,
    ROLE,
    SYSTEM_TURN,
    TOO_FEW,
    TRAINER,
    UNKNOWN_KEY,
    dataset,
    report,
)
from handlers.ui.examples import Examples
from handlers.ui.examples.uploads import EXAMPLES as REPAIRS

_REPAIRABLE = (SYSTEM_TURN, BLANK_LINE, MARK, UNKNOWN_KEY, ROLE)
_UPLOAD = "0123456789ab"

EXAMPLES: Examples = {
    "verdict, ready": VerdictCard(report(), dataset(), TRAINER, _UPLOAD),
    "verdict, ready once repaired": VerdictCard(
        report(name="claims.repaired"),
        dataset(),
        TRAINER,
        _UPLOAD,
        repaired=cast(RepairedCard, REPAIRS["repair, done"]),
    ),
    "verdict, repaired in part": VerdictCard(
        report(Verdict.BLOCKED, EMPTY, TOO_FEW, CONTENT_KEY, name="claims.repaired"),
        None,
        TRAINER,
        _UPLOAD,
        13,
        repaired=cast(RepairedCard, REPAIRS["repair, in part"]),
    ),
    "verdict, ready with warnings": VerdictCard(
        report(Verdict.READY, PERSONAL), dataset("claims", PERSONAL), TRAINER, _UPLOAD, 3
    ),
    "verdict, ready validation set": VerdictCard(
        report(role=Role.VALIDATION), dataset(role=Role.VALIDATION), TRAINER, _UPLOAD
    ),
    "verdict, needs repair": VerdictCard(report(Verdict.REPAIRABLE, *_REPAIRABLE), None, TRAINER, _UPLOAD, 8),
    "verdict, needs one repair, long name": VerdictCard(
        report(Verdict.REPAIRABLE, SYSTEM_TURN, name=LONG_NAME), None, TRAINER, _UPLOAD, 8
    ),
    "verdict, not ready": VerdictCard(
        report(Verdict.BLOCKED, EMPTY, TOO_FEW, SYSTEM_TURN, CONTENT_KEY, PERSONAL),
        None,
        TRAINER,
        _UPLOAD,
        13,
    ),
    "verdict, not ready, long name": VerdictCard(
        report(Verdict.BLOCKED, TOO_FEW, name=LONG_NAME, records=12), None, TRAINER
    ),
}
