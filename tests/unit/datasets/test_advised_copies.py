"""Copies are the vendor's own advice for some bases and sizes, and are not taken out by themselves there."""

import pytest

from bot.datasets.model import Cause
from bot.profiles import registry
from tests.unit.datasets.samples import good, judge, lines


def copies_in(name: str, records: int) -> Cause:
    """Return what is said of one copy in a file of so many records."""
    profile = registry.get(name)
    report = judge(lines(good(0, profile), pad=records - 1, profile=profile), profile)
    return next(cause for cause in report.causes if cause.code == "exact-duplicate")


@pytest.mark.parametrize("name", ["nova-micro", "nova-lite", "nova-pro", "nova-2-lite"])
def test_below_a_thousand_records_nova_advises_them(name: str) -> None:
    cause = copies_in(name, 400)
    assert cause.repair is None
    assert "advises copies below 1,000 records" in cause.hint


@pytest.mark.parametrize(
    ("name", "records"), [("nova-lite", 1_000), ("claude-3-haiku", 400), ("llama-3.3-70b", 400)]
)
def test_elsewhere_they_cost_and_can_be_dropped(name: str, records: int) -> None:
    cause = copies_in(name, records)
    assert cause.repair == "drop-exact-duplicates"
    assert "advises" not in cause.hint
