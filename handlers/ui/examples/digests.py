"""A channel's week."""

from datetime import timedelta
from decimal import Decimal

from bot.digests.cards import DigestCard
from bot.digests.model import DistillationLine, JobLine, LeaseLine, Week
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
    )
    for number, outcome in enumerate(("completed", "completed", "failed", "stopped"))
)
_LEASES = (LeaseLine("l1", "claims-router", CHANNEL, NOW, timedelta(hours=2), Decimal(44)),)
_BATCHES = (
    DistillationLine("d1", "distill-prompts-1", "nova-pro", CHANNEL, "completed", 117, NOW, Decimal("0.14")),
)

EXAMPLES: Examples = {
    "week, quiet": DigestCard(CHANNEL, NOW - timedelta(days=7), NOW, Week()),
    "week, busy": DigestCard(CHANNEL, NOW - timedelta(days=7), NOW, Week(_JOBS * 3, _LEASES * 3, _BATCHES)),
    "week, all channels": DigestCard("", NOW - timedelta(days=7), NOW, Week(_JOBS, _LEASES, _BATCHES)),
}
