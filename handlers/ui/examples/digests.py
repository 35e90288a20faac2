"""A channel's week."""

from datetime import timedelta
from decimal import Decimal

from bot.digests.cards import DigestCard
from bot.digests.model import AnswersLine, DistillationLine, JobLine, LeaseLine, Week
from handlers.ui.example_values import CHANNEL, NOW
from handlers.ui.examples import Examples

_JOBS = tuple(
    JobLine(
        f"j{number}",
        f"claims-2026112{number}-1",
        f"claims-router-{number}",
        CHANNEL,
        outcome,
        NOW,
        Decimal("0.16"),
        Decimal("0.16") * (1 + number),
    )
    for number, outcome in enumerate(("completed", "completed", "failed", "stopped"))
)
_LEASES = (
    LeaseLine("l1", "claims-router", CHANNEL, NOW, timedelta(hours=2), Decimal(44), False, Decimal(66)),
)
_BATCHES = (
    DistillationLine(
        "d1",
        "distill-prompts-1",
        "nova-pro",
        CHANNEL,
        "completed",
        117,
        NOW,
        Decimal("0.14"),
        Decimal("0.31"),
    ),
)
_ANSWERS = (
    AnswersLine("triage-v2", CHANNEL, 2_140, 2_790_000, Decimal("0.24"), Decimal("3.10"), of_base=True),
    AnswersLine("claims-router", CHANNEL, 212, 351_300, Decimal(0), Decimal(0)),
    AnswersLine("notes", CHANNEL, 3, 2_610, Decimal(0), Decimal(0), unpriced=3),
)

EXAMPLES: Examples = {
    "week, quiet": DigestCard(CHANNEL, NOW - timedelta(days=7), NOW, Week()),
    "week, busy": DigestCard(
        CHANNEL, NOW - timedelta(days=7), NOW, Week(_JOBS * 3, _LEASES * 3, _BATCHES, _ANSWERS)
    ),
    "week, all channels": DigestCard("", NOW - timedelta(days=7), NOW, Week(_JOBS, _LEASES, _BATCHES)),
}
