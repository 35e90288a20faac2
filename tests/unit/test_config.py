"""Settings: what is missing is listed together, what is wrong is named."""

from decimal import Decimal

import pytest

from bot import config
from bot.errors import Misconfigured
from bot.profiles.model import PriceKind

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "REDIS_URL": "redis://localhost:6379/0",
    "TUNESMITH_BUCKETS": "us-west-2=tunes, us-east-1=tunes-east",
    "TUNESMITH_ROLE_ARN": "arn:aws:iam::123456789012:role/tunesmith",
}


def test_reads_a_good_environment() -> None:
    settings = config.load(GOOD | {"TUNESMITH_APPROVERS": "U1, U2"})

    assert settings.buckets == {"us-west-2": "tunes", "us-east-1": "tunes-east"}
    assert settings.approvers == {"U1", "U2"}
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1"


def test_secrets_are_not_shown() -> None:
    assert "xoxb-1" not in repr(config.load(GOOD))


def test_all_missing_settings_are_listed_together_with_where_to_get_them() -> None:
    with pytest.raises(Misconfigured) as caught:
        config.load({})

    text = caught.value.sentence
    for name in (
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "REDIS_URL",
        "TUNESMITH_BUCKETS",
        "TUNESMITH_ROLE_ARN",
    ):
        assert f"{name} is not set" in text
    assert "api.slack.com/apps" in text
    assert text.startswith("5 settings are missing")


def test_http_wants_the_signing_secret_instead_of_the_app_token() -> None:
    with pytest.raises(Misconfigured) as caught:
        config.load(GOOD, http=True)

    assert "SLACK_SIGNING_SECRET is not set" in caught.value.message
    assert "SLACK_APP_TOKEN" not in caught.value.message


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TUNESMITH_BUCKETS", "my-bucket", "NAME=VALUE"),
        ("TUNESMITH_ROLE_ARN", "tunesmith", "looks like `arn:aws:iam"),
        ("TUNESMITH_BASE_MODEL", "haiku", "Did you mean `claude-3-haiku`?"),
        ("TUNESMITH_PRICES", "claude-3-haiku.hour=1", "is no price; use one of training_per_1k_tokens"),
        ("TUNESMITH_PRICES", "claude-3-haiku.model_unit_hour=cheap", "no amount of dollars"),
        ("TUNESMITH_PRICES", "claude-3-haiku.model_unit_hour=-1", "no amount of dollars"),
        ("TUNESMITH_PRICES", "claude.model_unit_hour=1", "There is no base model `claude`"),
        ("TUNESMITH_BUDGETS", "all=500,claims=5", "`claims` is neither `all` nor the ID of a channel"),
        ("TUNESMITH_BUDGETS", "all=lots", "`lots` is no amount of dollars"),
        ("TUNESMITH_BUDGETS", "all=-5", "`-5` is no amount of dollars"),
        ("TUNESMITH_BUDGETS", "all=nan", "no amount of dollars"),
        ("TUNESMITH_BUDGETS", "all=5,all=6", "`all` stands there twice"),
        ("TUNESMITH_BUDGETS", "all", "NAME=VALUE"),
        ("TUNESMITH_POLL_SECONDS", "0", "greater than 0"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_wrong(name: str, value: str, words: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        config.load(GOOD | {name: value})

    assert name in caught.value.message
    assert words in caught.value.message


def test_prices_are_read_by_profile_and_kind() -> None:
    settings = config.load(GOOD | {"TUNESMITH_PRICES": "claude-3-haiku.model_unit_hour=22.50"})

    assert settings.prices == {("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal("22.50")}


def test_budgets_are_read_by_scope() -> None:
    settings = config.load(GOOD | {"TUNESMITH_BUDGETS": "all=500, C0CLAIMSAI=200,U0TRAINER1=99.50"})

    caps = {"all": Decimal(500), "C0CLAIMSAI": Decimal(200), "U0TRAINER1": Decimal("99.50")}
    assert settings.budgets == caps
    assert config.load(GOOD).budgets == {}


def test_an_empty_value_counts_as_not_set() -> None:
    assert config.load(GOOD | {"TUNESMITH_APPROVERS": ""}).approvers == frozenset()


def test_settings_that_would_switch_bolt_to_many_workspaces_are_refused() -> None:
    with pytest.raises(Misconfigured, match="SLACK_CLIENT_ID and SLACK_CLIENT_SECRET"):
        config.load(GOOD | {"SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"})


def test_every_setting_has_a_description() -> None:
    assert all(row.description for row in config.rows())
