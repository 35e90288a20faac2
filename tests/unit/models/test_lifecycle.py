from datetime import UTC, datetime

import pytest

from bot.models import lifecycle
from bot.models.model import Lifecycle
from bot.profiles.model import Profile
from bot.profiles.registry import PROFILES, get
from tests.doubles import bedrock
from tests.doubles.bedrock import InMemoryCustomization
from tests.doubles.clock import FakeClock

HAIKU, MICRO = get("claude-3-haiku"), get("nova-micro")
LEGACY, END = datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 9, 10, tzinfo=UTC)


@pytest.fixture
def customization() -> InMemoryCustomization:
    return InMemoryCustomization(FakeClock())


def test_an_open_base_passes_without_further_questions(customization: InMemoryCustomization) -> None:
    assert lifecycle.check(customization, HAIKU, Lifecycle("ACTIVE")).ok
    assert customization.calls["open_bases"] == 0


@pytest.mark.parametrize(
    ("life", "words"),
    [
        (
            Lifecycle("LEGACY", LEGACY, END),
            ["Legacy since 10 March 2026", "on 10 September 2026", "keeps working"],
        ),
        (
            Lifecycle("ENDED", LEGACY, END),
            ["closed to most accounts since 10 September 2026", "end of its life", "private arrangement"],
        ),
        (Lifecycle("GONE", customizable=False), ["does not know Claude 3 Haiku in us-west-2"]),
    ],
)
def test_a_closed_base_is_told_with_dates_and_what_still_works(
    customization: InMemoryCustomization, life: Lifecycle, words: list[str]
) -> None:
    check = lifecycle.check(customization, HAIKU, life)

    assert not check.ok
    assert [word for word in words if word not in check.sentence] == []


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_a_base_that_the_listing_leaves_out_is_warned_about_and_the_service_decides(
    customization: InMemoryCustomization, profile: Profile
) -> None:
    check = lifecycle.check(customization, profile, Lifecycle("ACTIVE", customizable=False))

    assert check.ok
    assert check.notice
    assert f"does not name fine-tuning for {profile.label}" in check.sentence


def test_what_is_open_is_named_the_nearest_with_its_command(customization: InMemoryCustomization) -> None:
    customization.lifecycles[get("nova-lite").training_id] = Lifecycle("LEGACY")

    check = lifecycle.check(customization, HAIKU, Lifecycle("ENDED"))

    assert "`nova-micro` (us-east-1)" in check.mend
    assert "`llama-3.3-70b` (us-west-2)" in check.mend
    assert "`nova-lite`" not in check.mend
    assert check.mend.endswith("another shape: `/tune convert DATASET for nova-micro` writes them so.")


def test_bases_with_the_same_records_come_first(customization: InMemoryCustomization) -> None:
    names = [each.name for each in lifecycle.open_profiles(customization, MICRO)]

    assert names[-1] == "claude-3-haiku"
    assert "It takes the same records" in lifecycle.check(customization, MICRO, Lifecycle("LEGACY")).mend


def test_a_region_that_is_away_is_left_out_of_the_advice(customization: InMemoryCustomization) -> None:
    customization.order("open_bases", *[bedrock.down()] * 2)

    assert "No other base" in lifecycle.check(customization, HAIKU, Lifecycle("ENDED")).mend


def test_every_profile_has_an_answer(customization: InMemoryCustomization) -> None:
    for profile in PROFILES.values():
        assert lifecycle.check(customization, profile, Lifecycle("LEGACY")).mend
