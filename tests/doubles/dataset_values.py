"""Datasets to keep and find in tests."""

import hashlib
from datetime import datetime, timedelta

from bot.datasets.model import (
    Cause,
    Dataset,
    Report,
    Role,
    Severity,
    Source,
    Spread,
    Statistics,
    Verdict,
)
from bot.profiles.model import RecordFormat
from tests.doubles.clock import START

SPREAD = Spread(total=9, minimum=1, median=2, p95=5, maximum=5)


def dataset(
    name: str = "claims", *, seed: int = 0, channel: str = "C1", stored_at: datetime | None = None
) -> Dataset:
    """Return a dataset; each seed gives another ID and, unless told, a later time."""
    sha256 = hashlib.sha256(f"{name} {seed}".encode()).hexdigest()
    warning = Cause(
        "placeholder", Severity.WARNING, 12, (1, 2, 3), "messages[*].content", "Ü {{x}}", "Fill it.", None
    )
    statistics = Statistics(64, SPREAD, SPREAD, SPREAD, 1, "Route claims. 🙂", 0.9375)
    report = Report(
        f"{name}.jsonl", "claude-3-haiku", Role.TRAINING, RecordFormat.CLAUDE_MESSAGES, Verdict.READY, 64, 35_000,
        sha256, (warning,), statistics,
    )  # fmt: skip
    return Dataset(
        id=sha256[:12],
        name=name,
        report=report,
        source=Source("F1", channel, "1700000000.000100", "U1"),
        stored_at=stored_at or START + timedelta(seconds=seed),
        locations={"us-west-2": f"s3://west/datasets/{sha256}.jsonl"},
    )
