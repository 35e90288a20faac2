"""The profiles hold together: names, defaults within ranges, a source for every figure."""

import pytest

from bot.errors import NotFound, Refused
from bot.profiles import hyperparameters, registry
from bot.profiles.model import Profile, Serving

ALL = pytest.mark.parametrize("profile", registry.PROFILES.values(), ids=registry.PROFILES)


def test_the_six_bases_are_there_and_claude_3_haiku_is_the_default() -> None:
    assert set(registry.PROFILES) == {
        "claude-3-haiku",
        "nova-micro",
        "nova-lite",
        "nova-pro",
        "nova-2-lite",
        "llama-3.3-70b",
    }
    assert registry.DEFAULT == "claude-3-haiku"


@ALL
def test_every_figure_has_a_source(profile: Profile) -> None:
    assert profile.source
    assert profile.limits.source
    assert all(each.source for each in profile.hyperparameters)
    assert all(each.source for each in profile.prices)
    assert all(each.source for each in profile.reserved_text)


@ALL
def test_defaults_are_within_their_ranges_and_survive_a_round_trip(profile: Profile) -> None:
    for each in profile.hyperparameters:
        assert each.minimum <= each.default <= each.maximum
        assert hyperparameters.parse(each, each.text(each.default)) == each.text(each.default)


@ALL
def test_training_and_inference_ids_differ(profile: Profile) -> None:
    assert profile.training_id != profile.inference_id


def test_claude_3_haiku_is_as_bedrock_takes_it() -> None:
    profile = registry.get("claude-3-haiku")

    assert profile.training_id == "anthropic.claude-3-haiku-20240307-v1:0:200k"
    assert profile.region == "us-west-2"
    assert profile.serving == (Serving.PROVISIONED_THROUGHPUT,)
    assert hyperparameters.resolve(profile, {}) == {
        "epochCount": "2",
        "batchSize": "32",
        "learningRateMultiplier": "1",
        "earlyStoppingThreshold": "0.001",
        "earlyStoppingPatience": "2",
    }


def test_small_numbers_are_written_without_an_exponent() -> None:
    assert hyperparameters.resolve(registry.get("nova-lite"), {})["learningRate"] == "0.00001"


@pytest.mark.parametrize(
    ("profile", "name", "meant", "owner"),
    [
        ("claude-3-haiku", "learningRate", "learningRateMultiplier", "Amazon Nova Micro"),
        ("claude-3-haiku", "epochs", "epochCount", ""),
        ("nova-micro", "learningRateMultiplier", "learningRate", "Claude 3 Haiku"),
        ("nova-micro", "warmup_steps", "learningRateWarmupSteps", ""),
    ],
)
def test_a_name_of_another_family_is_refused_with_the_one_that_was_meant(
    profile: str, name: str, meant: str, owner: str
) -> None:
    with pytest.raises(Refused) as caught:
        hyperparameters.resolve(registry.get(profile), {name: "1"})

    assert f"Did you mean `{meant}`?" in caught.value.hint
    assert owner in caught.value.message


@pytest.mark.parametrize("value", ["0", "11", "2.5", "two", "nan", "inf", ""])
def test_a_value_out_of_range_names_the_range(value: str) -> None:
    with pytest.raises(Refused) as caught:
        hyperparameters.resolve(registry.get("claude-3-haiku"), {"epochCount": value})

    assert "It takes 1 to 10; the default is 2." in caught.value.hint


def test_an_unknown_base_model_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFound) as caught:
        registry.get("haiku-3")

    assert "Did you mean `claude-3-haiku`?" in caught.value.hint


def test_a_base_model_answers_to_its_ids_too() -> None:
    assert registry.get("amazon.nova-pro-v1:0:300k").name == "nova-pro"
