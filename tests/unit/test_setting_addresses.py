"""No secret is sent to an address on another machine over a way that others can read."""

import pytest

from bot import config, setting_addresses
from bot.config import Outside
from bot.errors import Misconfigured
from bot.settings import Settings
from tests.tables import table
from tests.unit.test_config import GOOD

FAR = "http://far.example:8080"
KEY = {"OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%20hidden"}
ADDRESSES: list[tuple[str, dict[str, str]]] = [
    ("SLACK_API_URL", {}),
    ("AWS_ENDPOINT_URL", {}),
    ("AWS_ENDPOINT_URL_STS", {}),
    ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", {"AWS_ENDPOINT_URL": "https://aws.example"}),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", KEY),
    ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", KEY | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", {"OTEL_EXPORTER_OTLP_TRACES_HEADERS": "x-key=hidden"}),
]
"""Each name at which a secret is shown, with what stands beside it."""
OTHERWISE_HELD = {"REDIS_URL": "TUNESMITH_REDIS_TLS", "TUNESMITH_EVENT_QUEUES": "its own form"}
"""Settings that are addresses and are held by another rule."""

WAYS: list[tuple[str, str]] = [
    ("http://far.example/api/", "leads to `far.example` without TLS"),
    ("HTTP://far.example/api/", "leads to `far.example` without TLS"),
    ("http://localhost@far.example/", "leads to `far.example` without TLS"),
    ("http://localhost.far.example/", "leads to `localhost.far.example` without TLS"),
    ("http://127.0.0.1.far.example/", "leads to `127.0.0.1.far.example` without TLS"),
    ("http://10.0.0.5/", "leads to `10.0.0.5` without TLS"),
    ("https://far.example/api/", ""),
    ("http://localhost:8080/api/", ""),
    ("http://127.0.0.2/api/", ""),
    ("http://[::1]:8080/api/", ""),
]


def test_every_setting_that_is_an_address_is_held_to_a_safe_way() -> None:
    found = {
        str(each.validation_alias)
        for each in Settings.model_fields.values()
        if "://" in f"{each.default} {each.description}" and each.validation_alias != setting_addresses.HTTPS
    }
    assert found == {name for name, _ in ADDRESSES if name in found} | OTHERWISE_HELD.keys()


def test_a_secret_goes_to_another_machine_encrypted_or_where_that_is_said_to_be_private() -> None:
    with table() as row:
        for name, beside in ADDRESSES:
            with row(name):
                with pytest.raises(Misconfigured, match=r"^1 setting is") as caught:
                    config.load(GOOD | beside | {name: FAR})
                said = f"{name} leads to `far.example` without TLS: write `https://…`, or set TUNESMITH_HTTPS=optional"
                assert said in caught.value.message
                config.load(GOOD | beside | {name: FAR.replace("http:", "https:")})
                config.load(GOOD | beside | {name: "http://localhost:9"})
                config.load(GOOD | beside | {name: FAR, "TUNESMITH_HTTPS": "optional"})


def test_what_is_another_machine_is_told_by_the_host_alone() -> None:
    with table() as row:
        for url, words in WAYS:
            with row(url):
                if not words:
                    config.load(GOOD | {"SLACK_API_URL": url})
                    continue
                with pytest.raises(Misconfigured) as caught:
                    config.load(GOOD | {"SLACK_API_URL": url})
                assert f"SLACK_API_URL {words}" in caught.value.message


def test_spans_without_a_key_and_addresses_that_are_ignored_hold_no_secret() -> None:
    config.load(GOOD | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"})
    ignored = {"AWS_ENDPOINT_URL": FAR, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
    config.load(GOOD | ignored)


def test_nobody_is_asked_for_names_or_secrets_over_such_a_way() -> None:
    def asked(*_: str) -> str:
        raise AssertionError("the token was sent")

    named = GOOD | {"TUNESMITH_TRAINERS": "@ada", "SLACK_API_URL": FAR}
    kept = {name: value for name, value in GOOD.items() if name != "SLACK_BOT_TOKEN"}
    kept |= {"SLACK_BOT_TOKEN_SECRET": "slack", "AWS_ENDPOINT_URL_SECRETS_MANAGER": FAR}
    for given in (named, kept):
        with pytest.raises(Misconfigured, match=r"^1 setting is") as caught:
            config.load(given, outside=Outside(asked, asked))  # type: ignore[arg-type] # nobody is asked
        assert "without TLS" in caught.value.message
