from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.names import did_you_mean, next_free, of_variant, suggest
from bot.profiles.service_patterns import JOB_NAME, MODEL_NAME

TODAY = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stem", "taken", "name"),
    [
        ("claims", [], "claims-20261122-1"),
        ("claims", ["claims-20261122-1", "CLAIMS-20261122-2"], "claims-20261122-3"),
        ("Kfz_Schäden 2026 (final)", [], "Kfz-Schaden-2026-final-20261122-1"),
        ("…", [], "dataset-20261122-1"),
        ("prior-authorization-denials-2026-q3-reviewed", [], "prior-authorization-20261122-1"),
        ("x" * 60, [], f"{'x' * 24}-20261122-1"),
    ],
)
def test_suggestions_are_free(stem: str, taken: list[str], name: str) -> None:
    assert suggest(stem, taken, TODAY) == name


@given(st.text(max_size=200))
def test_suggestions_suit_jobs_and_models(stem: str) -> None:
    name = suggest(stem, [], TODAY)

    assert JOB_NAME.check(name) == name
    assert MODEL_NAME.check(name) == name


@pytest.mark.parametrize(
    ("name", "taken", "free"),
    [
        ("router-1", ["router-1"], "router-2"),
        ("router-1", ["router-1", "router-2"], "router-3"),
        ("router", ["router"], "router-2"),
        ("a" * 63, ["a" * 63], "a" * 58 + "-2"),
    ],
)
def test_the_next_name_counts_up(name: str, taken: list[str], free: str) -> None:
    assert next_free(name, taken) == free
    assert len(free) <= 63


def test_the_nearest_name_is_offered_in_any_case() -> None:
    assert did_you_mean("CLAIMS-ROUTR", ["claims-router", "other"], "none") == "Did you mean `claims-router`?"
    assert did_you_mean("zzz", ["claims-router"], "none") == "none"


@pytest.mark.parametrize(
    ("name", "parts", "made"),
    [
        ("claims-20261130-1", ("epochCount", "2", "a1b2c3"), "claims-20261130-epochCount-2-a1b2c3"),
        ("claims-7", ("epochCount", "2"), "claims-epochCount-2"),
        ("claims", ("epochCount", "2"), "claims-epochCount-2"),
        (
            "claims-of-the-northern-branch-20261130-1",
            ("learningRateMultiplier", "0.5", "a1b2c3"),
            "claims-of-the-northe-20261130-learningRateMultiplier-0-5-a1b2c3",
        ),
        ("claims-20261130-1", ("x" * 56,), f"claims-{'x' * 56}"),
    ],
)
def test_a_variant_keeps_its_date_whole(name: str, parts: tuple[str, ...], made: str) -> None:
    assert of_variant(name, *parts) == made
    assert JOB_NAME.check(made) == made
