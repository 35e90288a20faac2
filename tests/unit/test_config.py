"""Settings: what is missing is listed together, what is wrong is named."""

from decimal import Decimal

import pytest

from bot import config, setting_secrets
from bot.errors import Misconfigured
from bot.profiles.model import PriceKind, Term
from tests.tables import table

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
    assert "`tunesmith setup`" in str(caught.value.hint)
    assert text.startswith("5 settings are missing")


def test_http_wants_the_signing_secret_instead_of_the_app_token() -> None:
    with pytest.raises(Misconfigured) as caught:
        config.load(GOOD, http=True)

    assert "SLACK_SIGNING_SECRET is not set" in caught.value.message
    assert "SLACK_APP_TOKEN" not in caught.value.message


VALUES: list[tuple[str, str, str | None]] = [
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
    ("TUNESMITH_POLL_SECONDS", "inf", "finite"),
    ("TUNESMITH_POLL_SECONDS", "nan", "finite"),
    ("TUNESMITH_APPROVAL_LIMIT_USD", "NaN", "finite"),
    ("TUNESMITH_APPROVAL_LIMIT_USD", "lots", "should be a decimal"),
    ("TUNESMITH_MAX_LEASE_MINUTES", "8h", "should be a whole number\n"),
    ("TUNESMITH_LOG_LEVEL", "WARNINGS", "should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ("TUNESMITH_LOG_LEVEL", "XDEBUGX", "should be 'DEBUG'"),
    ("TUNESMITH_REDIS_DURABILITY", "uncheckedly", "should be 'checked' or 'external'"),
    ("TUNESMITH_REDIS_PREFIX", "tune smith", "should have letters"),
    ("TUNESMITH_REDIS_PREFIX", "a:b", "should have letters"),
    ("TUNESMITH_REDIS_PREFIX", "x" * 257, "at most 256 characters"),
    ("TUNESMITH_REDIS_PREFIX", "x" * 256, None),
    ("TUNESMITH_HEALTH_PORT", "65536", "less than 65536"),
    (
        "TUNESMITH_ALLOWED_CHANNELS",
        "#claims-ai",
        "`#claims-ai` is a channel's name; wanted is the ID of a channel",
    ),
    ("TUNESMITH_ALLOWED_CHANNELS", "claims-ai", "is no ID"),
    ("TUNESMITH_ALLOWED_CHANNELS", "U0TRAINER1", "the ID of something else"),
    ("TUNESMITH_ALLOWED_CHANNELS", "c0claimsai", "written in small letters"),
    ("TUNESMITH_ALLOWED_CHANNELS", "C0CLAIMSAI,", None),
    ("TUNESMITH_ALLOWED_CHANNELS", "C0CLAIMSAI C0OTHER01", "is no ID"),
    ("TUNESMITH_ALLOWED_CHANNELS", ",", "holds nothing"),
    ("TUNESMITH_TRAINERS", "@ada", "`@ada` is somebody's name; wanted is the ID of a person"),
    ("TUNESMITH_TRAINERS", "ada@example.com", "an e-mail address"),
    ("TUNESMITH_TRAINERS", "U1,ada", "`ada` is no ID"),
    ("TUNESMITH_TRAINERS", "T0WORKSPCE", "the ID of something else"),
    ("TUNESMITH_TRAINERS", " , ", "holds nothing"),
    ("TUNESMITH_TRAINERS", "<@U0TRAINER1>", "wanted is the ID of a person"),
    ("TUNESMITH_APPROVERS", "*", "is no ID"),
    ("TUNESMITH_ASKERS", "<!subteam^S0MLTEAM01>", "wanted is the ID of a person, a user group or a channel"),
    ("TUNESMITH_OPERATORS", "@ops", "is somebody's name"),
    ("TUNESMITH_BREAK_GLASS", "sometimes", "should be true or false"),
    ("TUNESMITH_OPERATOR", "@ops", "somebody's name"),
    ("TUNESMITH_OPERATOR", "xU0OPERATORx", "is no ID"),
    ("TUNESMITH_BUCKETS", "us-west-2=s3://tunes", "write the name alone without `s3://`"),
    ("TUNESMITH_BUCKETS", "us-west-2=Tunes", "is no name of a bucket"),
    ("TUNESMITH_BUCKETS", "us-west-2=tunes/folder", "is no name of a bucket"),
    (
        "TUNESMITH_BUCKETS",
        "us-west-22=tunes",
        "AWS has no region `us-west-22`. Did you mean `us-west-2`?",
    ),
    ("TUNESMITH_BUCKETS", "oregon=tunes", "AWS has no region `oregon`"),
    ("TUNESMITH_BUCKETS", "us-west-2=one,us-west-2=two", "`us-west-2` stands there twice"),
    ("TUNESMITH_BUCKETS", "us-west-2=", "is not such a pair"),
    (
        "TUNESMITH_PRICES",
        "claude-3-haiku.model_unit_hour=1,claude-3-haiku.model_unit_hour=2",
        "stands there twice",
    ),
    ("REDIS_URL", "http://foo", "is no address of Redis"),
    ("REDIS_URL", "localhost:6379", "is no address of Redis"),
    ("REDIS_URL", "redis://", "is no address of Redis"),
    ("REDIS_URL", "redis://h:notaport/0", "is no address of Redis"),
    ("REDIS_URL", "redis://h:6379/mine", "is no address of Redis"),
    ("REDIS_URL", "redis://:se/cret@h:6379", "is no address of Redis"),
    ("REDIS_URL", "unix:///run/redis.sock", None),
    ("REDIS_URL", "redis://:secret@127.0.0.2:6379/1", None),
    ("REDIS_URL", "redis://[::1]:6379", None),
    ("REDIS_URL", "redis://:secret@cache.example.com:6379/0", "leads to `cache.example.com` without TLS"),
    ("REDIS_URL", "redis://localhost.example.com", "without TLS"),
    ("REDIS_URL", "rediss://h:6379/0?ssl_cert_reqs=none", "without checking its certificate"),
    ("REDIS_URL", "rediss://h:6379/0?ssl_check_hostname=false", "without checking whose certificate"),
    ("REDIS_URL", "redis://:secret@h:6379/0?foo=1", "an option behind its `?`"),
    ("REDIS_URL", "rediss://h:6379/0?ssl_cert_reqs=sometimes", "an option behind its `?`"),
    ("REDIS_URL", "rediss://h:6379/0?ssl_ca_certs=/etc/ca.pem&health_check_interval=10", None),
    ("SLACK_BOT_TOKEN", "xoxb-…", "a letter in it that no token has"),
    ("SLACK_SIGNING_SECRET", "geheimnis-ß", "a letter in it that no token has"),
    ("SLACK_BOT_TOKEN", "xapp-1-secret", "holds the app-level token (SLACK_APP_TOKEN)"),
    ("SLACK_BOT_TOKEN", "xoxp-secret", "a person's token"),
    ("SLACK_BOT_TOKEN", "secret", "it begins with `xoxb-`"),
    ("SLACK_BOT_TOKEN", "xoxb-secret\nSLACK", "a blank or a line break"),
    ("SLACK_APP_TOKEN", "xoxb-secret", "holds the bot token (SLACK_BOT_TOKEN)"),
    ("SLACK_SIGNING_SECRET", "xoxb-secret", "the signing secret is another value"),
    ("SLACK_API_URL", "slack.com/api", "is no web address"),
    ("REDIS_URL_FILE", "/etc/redis-url", "REDIS_URL is given 2 times: REDIS_URL, REDIS_URL_FILE"),
    ("SLACK_BOT_TOKEN_SECRET", "slack", "SLACK_BOT_TOKEN is given 2 times"),
    ("SLACK_SIGNING_SECRET_FILE", "/no/such/file", "names the file /no/such/file: no such file"),
    ("SLACK_SIGNING_SECRET_SECRET", "slack", "asked for only by `tunesmith run`, `setup` and `doctor`"),
    ("TUNESMITH_TRAINER", "U1", "TUNESMITH_TRAINER is no setting. Did you mean `TUNESMITH_TRAINERS`?"),
    ("TUNESMITH_BUDGET", "all=5", "Did you mean `TUNESMITH_BUDGETS`?"),
    ("tunesmith_trainers", "U1", "Did you mean `TUNESMITH_TRAINERS`?"),
    ("TUNESMITH_XYZZY", "1", "is no setting. docs/reference/settings.md lists them all."),
    ("TUNESMITH_PYTHON", "/usr/bin/python3", None),
    ("TUNESMITH_GUARDRAILS", "abc123:1", "NAME=VALUE"),
    ("TUNESMITH_BUCKET_OWNER", "1234", "should be twelve digits\n"),
    ("TUNESMITH_AUDIT_KEY", "too short", "shorter than 32"),
    ("TUNESMITH_AUDIT_KEY", "k" * 32, None),
    ("TUNESMITH_BUCKET_OWNER", "123456789012", None),
    ("TUNESMITH_MODEL_KEYS", "us-west-2=alias/mine", "is no key of us-west-2"),
    ("TUNESMITH_MODEL_KEYS", "us-west-2=arn:aws:kms:us-east-1:123456789012:key/1", "is no key of us-west-2"),
    ("TUNESMITH_MODEL_KEYS", "us-west-2=arn:aws:kms:us-west-2:123456789012:key/1", None),
    ("TUNESMITH_ASSUME_ROLE", "tunesmith", "cannot be the ARN of a role"),
    ("TUNESMITH_ASSUME_ROLE", "arn:aws:iam::123456789012:role/tunesmith-bot", None),
    ("TUNESMITH_ASSUME_ROLE_EXTERNAL_ID", "north wind", "should have two letters, digits and"),
    ("TUNESMITH_ASSUME_ROLE_EXTERNAL_ID", "n", "should have two letters"),
    ("TUNESMITH_ASSUME_ROLE_EXTERNAL_ID", "northwind", "TUNESMITH_ASSUME_ROLE names none"),
    ("TUNESMITH_EVENT_QUEUES", "us-west-2=tunesmith-events", "write its URL as SQS shows it"),
    (
        "TUNESMITH_EVENT_QUEUES",
        "us-west-2=https://sqs.us-east-1.amazonaws.com/123456789012/tunesmith-events",
        "is no queue of us-west-2",
    ),
    ("TUNESMITH_EVENT_QUEUES", "us-west-2=http://sqs.us-west-2.amazonaws.com/123456789012/q", "is no queue"),
    ("TUNESMITH_EVENT_QUEUES", "us-west-2=https://sqs.us-west-2.evil/123456789012/q@x", "is no queue"),
    ("TUNESMITH_EVENT_QUEUES", "us-west-2=https://sqs.us-west-2.amazonaws.com/123456789012/q", None),
    (
        "TUNESMITH_GUARDRAILS",
        "us-west-2=abc123",
        "write its ID and its version, `us-west-2=abc123def456:1`",
    ),
    ("TUNESMITH_GUARDRAILS", "us-west-2=abc123:0", "is no guardrail"),
    ("TUNESMITH_GUARDRAILS", "us-west-2=ABC:DRAFT", "is no guardrail"),
    ("TUNESMITH_GUARDRAILS", "us-west-2=abc123:DRAFT", None),
    ("TUNESMITH_PRICES", "guardrail.screening_per_1k_text_units=0.15", None),
    ("TUNESMITH_PRICES", "guardrail.model_unit_hour=1", "what screening costs is written"),
    ("TUNESMITH_PRICES", "nova-lite.screening_per_1k_text_units=1", "what screening costs is written"),
    ("TUNESMITH_QUESTIONS_PER_PERSON", "0", "greater than 0"),
    ("TUNESMITH_FILES_AT_ONCE", "0", "greater than or equal to 1"),
    ("TUNESMITH_POLL_SECONDS", "1e30", "less than or equal to 3600"),
    ("TUNESMITH_MAX_LEASE_MINUTES", "9" * 20, "less than or equal to 44640"),
    ("TUNESMITH_MAX_ANSWER_TOKENS", "9" * 20, "less than or equal to 1000000"),
    ("TUNESMITH_QUESTIONS_PER_PERSON", "9" * 20, "less than or equal to 10000"),
    ("TUNESMITH_QUESTIONS_PER_CHANNEL", "9" * 20, "less than or equal to 10000"),
    ("TUNESMITH_GUESTS", "@partner", "somebody's name"),
    ("TUNESMITH_SELF_APPROVAL_LIMIT_USD", "-1", "greater than or equal to 0"),
    ("TUNESMITH_MAX_FILE_BYTES", "1GB", "should be a whole number\n"),
    ("TUNESMITH_IDLE_MINUTES", "-1", "greater than or equal to 0"),
    ("TUNESMITH_COMMITMENT_TERMS", "1-month,6 months", None),
    (
        "TUNESMITH_COMMITMENT_TERMS",
        "a-year",
        "`a-year` is no term that AWS sells; use one of 1-month, 6-months",
    ),
    ("TUNESMITH_COMMITMENT_TERMS", ",", "holds nothing"),
    (
        "TUNESMITH_PRICES",
        "claude-3-haiku.model_unit_hour_1_month=5,nova-lite.model_unit_hour_6_months=4",
        None,
    ),
    ("TUNESMITH_PRICES", "claude-3-haiku.model_unit_hour_2_months=5", "is no price; use one of"),
    ("TUNESMITH_BASE_MEANWHILE", "maybe", "should be true or false\n"),
    ("TUNESMITH_ANSWERS_AT_ONCE", "0", "greater than or equal to 1"),
    ("TUNESMITH_STEPS_AT_ONCE", "0", "greater than or equal to 2"),
    ("TUNESMITH_PREFLIGHT_SECONDS", "26", "less than or equal to 25"),
    ("TUNESMITH_STALL_HOURS", "0", "greater than 0"),
    ("TUNESMITH_HEALTH_ADDRESS", "everywhere", "is no IP address"),
    ("TUNESMITH_HTTP_ADDRESS", "0.0.0.0:80", "is no IP address"),
    ("TUNESMITH_REDIS_FORM", "sentinel", "should be 'server' or 'cluster'"),
    ("TUNESMITH_REDIS_TLS", "perhaps", "should be 'required' or 'optional'"),
    ("TUNESMITH_HTTPS", "perhaps", "should be 'required' or 'optional'"),
    ("TUNESMITH_LOG_FORMAT", "xml", "should be 'text' or 'json'"),
]
"""A setting, what somebody wrote, and what they are told of it; None where it looks wrong and is right."""


def test_every_setting_has_a_row_of_a_wrong_value() -> None:
    wrong = {name for name, _, words in VALUES if words is not None}
    assert {row.name for row in config.rows()} - wrong == set()


@pytest.mark.slow
def test_a_wrong_value_is_named_with_what_is_wrong() -> None:
    with table() as row:
        for name, value, words in VALUES:
            with row(name, value):
                if words is None:
                    config.load(GOOD | {name: value})
                    continue
                with pytest.raises(Misconfigured) as caught:
                    config.load(GOOD | {name: value})

                assert name in caught.value.message
                assert words in caught.value.message


def test_a_token_that_would_be_used_in_place_of_the_role_is_refused() -> None:
    role = {"TUNESMITH_ASSUME_ROLE": "arn:aws:iam::123456789012:role/tunesmith-bot"}
    token = {"AWS_BEARER_TOKEN_BEDROCK": "secret"}
    with pytest.raises(Misconfigured, match="AWS_BEARER_TOKEN_BEDROCK would be used") as caught:
        config.load(GOOD | role | token)
    assert "secret" not in caught.value.message
    assert config.load(GOOD | token).assume_role == ""


def test_everything_that_is_wrong_is_told_at_once_and_no_secret_is_shown() -> None:
    wrong = {
        "SLACK_BOT_TOKEN": "xapp-1-hidden",
        "SLACK_APP_TOKEN": "xoxb-hidden",
        "REDIS_URL": "http://user:hidden@host",
        "TUNESMITH_LOG_LEVEL": "WARNINGS",
        "TUNESMITH_TRAINERS": "@ada",
        "TUNESMITH_BUDGET": "all=5",
        "TUNESMITH_BUCKETS": "mars-1=tunes",
        "TUNESMITH_POLL_SECONDS": "often",
    }
    with pytest.raises(Misconfigured) as caught:
        config.load(GOOD | wrong)
    assert caught.value.message.startswith("8 settings are missing or wrong")
    assert all(name in caught.value.message for name in wrong)
    assert "hidden" not in f"{caught.value} {caught.value.detail} {caught.value.sentence}"


@pytest.mark.slow
def test_bytes_that_are_no_text_are_told_like_any_wrong_value() -> None:
    """Tried: each setting, as an environment has what is no UTF-8, and the names that say where a secret stands."""
    names = [(row.name, row.name) for row in config.rows()]
    names += [(form, name) for name in config.secret_names() for form in setting_secrets.forms(name)]
    with table() as row:
        for name, setting in names:
            with row(name):
                given = {key: text for key, text in GOOD.items() if key != setting}
                with pytest.raises(Misconfigured, match=r"^1 setting is") as caught:
                    config.load(given | {name: "U0\udcff"})
                assert f"{setting} is no text in UTF-8" in caught.value.message


@pytest.mark.slow
def test_quotes_that_were_not_taken_off_are_no_part_of_any_value() -> None:
    """As `kubectl create secret --from-env-file` and `docker run --env-file` hand over what a shell would unquote.

    A signing secret in quotes has every request refused, and an audit's key in quotes seals with another one.
    """
    names = [(row.name, row.name) for row in config.rows()]
    names += [(form, name) for name in config.secret_names() for form in setting_secrets.forms(name)]
    with table() as row:
        for quote in ("'", '"'):
            for name, setting in names:
                with row(quote, name):
                    given = {key: text for key, text in GOOD.items() if key != setting}
                    with pytest.raises(Misconfigured, match=r"^1 setting is") as caught:
                        config.load(given | {name: f"{quote}hidden{quote}"})
                    assert f"{setting} stands in quotes" in caught.value.message
                    assert "hidden" not in caught.value.message


def test_redis_elsewhere_is_reached_without_tls_only_where_that_is_said() -> None:
    plain = GOOD | {"REDIS_URL": "redis://valkey:6379/0"}
    with pytest.raises(Misconfigured, match="TUNESMITH_REDIS_TLS=optional"):
        config.load(plain)
    assert config.load(plain | {"TUNESMITH_REDIS_TLS": "optional"}).redis_tls == "optional"


@pytest.mark.parametrize(
    ("url", "why"),
    [("redis://localhost/2", "names the database 2"), ("unix:///run/redis.sock", "is a socket")],
)
def test_a_cluster_has_one_database_and_no_socket(url: str, why: str) -> None:
    with pytest.raises(Misconfigured, match=why):
        config.load(GOOD | {"REDIS_URL": url, "TUNESMITH_REDIS_FORM": "cluster"})
    cluster = {"REDIS_URL": "redis://localhost:6379/0", "TUNESMITH_REDIS_FORM": "cluster"}
    assert config.load(GOOD | cluster).redis_form == "cluster"


@pytest.mark.parametrize("base", ["https://slack.com/api", "http://127.0.0.1:9/api/"])
def test_the_address_of_the_web_api_ends_with_a_slash(base: str) -> None:
    assert config.load(GOOD | {"SLACK_API_URL": base}).slack_api_url == base.rstrip("/") + "/"


def test_prices_are_read_by_profile_and_kind() -> None:
    settings = config.load(GOOD | {"TUNESMITH_PRICES": "claude-3-haiku.model_unit_hour=22.50"})

    assert settings.prices == {("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal("22.50")}


def test_terms_are_none_unless_they_are_named() -> None:
    assert config.load(GOOD).commitment_terms == frozenset()
    for written in ("1-month,6-months", " 6 months , 1 month"):
        assert config.load(GOOD | {"TUNESMITH_COMMITMENT_TERMS": written}).commitment_terms == {*Term}


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
