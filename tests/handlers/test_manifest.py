"""The manifest: valid for Slack, and in step with what is registered, subscribed and called."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import handlers
from bot.playground.slack.manifest import refusals
from handlers import manifest
from handlers.commands import catalogue
from handlers.register import all_events, all_shortcuts

REPOSITORY = Path(str(handlers.__file__)).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared" / "data"
SCHEMA = SHARED / "manifest-schema" / "schemas" / "manifest.schema.2.0.0.json"
REFERENCE = SHARED / "slack-api-ref"
WITHOUT_A_PAGE = {"canvases.access.set", "canvases.create"}
"""Newer than that reference; their scope is read off Slack's own pages of them."""

BUILDS = [
    pytest.param(manifest.build("socket", None), id="socket"),
    pytest.param(manifest.build("http", "https://bot.example"), id="http"),
]


@pytest.mark.skipif(not SCHEMA.exists(), reason="Slack's manifest schema is not beside this checkout")
@pytest.mark.parametrize("built", BUILDS)
def test_slack_would_take_it(built: dict[str, object]) -> None:
    jsonschema.validate(built, json.loads(SCHEMA.read_text()))


def test_it_names_every_command_shortcut_and_event() -> None:
    built = manifest.build("socket", None)
    features = built["features"]

    assert {each["command"] for each in features["slash_commands"]} == {each.slash for each in catalogue()}
    assert {each["callback_id"] for each in features["shortcuts"]} == {
        each.callback_id for each in all_shortcuts()
    }
    bot_events = built["settings"]["event_subscriptions"]["bot_events"]
    assert {each.partition(".")[0] for each in bot_events} == {each.name for each in all_events()}
    assert "agent_view" in features
    assert "assistant_view" not in features
    assert features["app_home"]["messages_tab_read_only_enabled"] is False


@pytest.mark.parametrize("built", BUILDS)
def test_what_is_optional_is_asked_for_as_well(built: dict[str, Any]) -> None:
    scopes = built["oauth_config"]["scopes"]
    assert set(scopes["bot"]) == {*manifest.scopes(), *manifest.OPTIONAL}
    assert set(scopes["bot_optional"]) == manifest.OPTIONAL
    assert refusals(built) == []


def test_socket_mode_has_no_addresses() -> None:
    built = manifest.build("socket", None)

    assert built["settings"]["socket_mode_enabled"] is True
    assert "http" not in json.dumps(built)


@pytest.mark.parametrize(
    "url", ["https://bot.example", "https://bot.example/", "https://bot.example/slack/events"]
)
def test_http_has_one_address_everywhere(url: str) -> None:
    built = manifest.build("http", url)

    assert built["settings"]["socket_mode_enabled"] is False
    addresses = set(re.findall(r"https://[^\"]+", json.dumps(built)))
    assert addresses == {"https://bot.example/slack/events"}
    assert all("url" in each for each in built["features"]["slash_commands"])


def test_http_without_an_address_is_refused() -> None:
    with pytest.raises(ValueError, match="address"):
        manifest.build("http", None)


@pytest.mark.skipif(not REFERENCE.exists(), reason="Slack's API reference is not beside this checkout")
def test_the_scopes_cover_every_event() -> None:
    asked = set(manifest.scopes())
    for event in all_events():
        for name in event.subscriptions:
            known = json.loads((REFERENCE / "events" / f"{name}.json").read_text())
            needed = {scope.replace("app_mentions.read", "app_mentions:read") for scope in known["scopes"]}
            assert needed <= asked, name


@pytest.mark.skipif(not REFERENCE.exists(), reason="Slack's API reference is not beside this checkout")
@pytest.mark.parametrize("method", sorted({*manifest.METHOD_SCOPES} - WITHOUT_A_PAGE))
def test_the_scopes_cover_every_method(method: str) -> None:
    known = json.loads((REFERENCE / "docs.slack.dev" / "methods" / f"{method}.json").read_text())
    bot = set((known.get("scope") or {}).get("bot", []))

    assert not bot or bot & {*manifest.scopes(), *manifest.OPTIONAL}
    assert not bot or set(manifest.METHOD_SCOPES[method]) & bot


def test_every_method_that_the_code_calls_is_listed() -> None:
    called = set()
    for part in ("handlers", "bot/adapters"):
        for path in (REPOSITORY / part).rglob("*.py"):
            if path.name in ("manifest.py", "slack_error_words.py"):
                continue  # they name methods, and call none
            source = path.read_text()
            called |= set(
                re.findall(
                    r'"((?:auth|canvases|chat|views|files|conversations|assistant|users|usergroups|reactions|pins)\.[\w.]+)"',
                    source,
                )
            )
            called |= {
                _method(name)
                for name in re.findall(
                    r"client\.((?:auth|chat|views|files|conversations|users|reactions|pins)_\w+)\(", source
                )
            }

    assert called
    assert called == set(manifest.METHOD_SCOPES), "and no more: a scope that nothing needs is not asked for"


def _method(name: str) -> str:
    family, _, rest = name.partition("_")
    return f"{family}.{rest}"


SCOPES = json.loads((REPOSITORY / "tests" / "data" / "slack_scopes.json").read_text())
"""Slack's own account of which scopes a method or event needs (its source is in the file)."""


def test_what_is_called_is_what_is_asked_for() -> None:
    assert set(manifest.METHOD_SCOPES) <= set(SCOPES["methods"])
    for method, scopes in manifest.METHOD_SCOPES.items():
        assert set(scopes) <= set(SCOPES["methods"][method]), method
        assert bool(scopes) == bool(SCOPES["methods"][method]), method


def test_each_scope_is_needed_by_a_method_or_an_event_that_is_used() -> None:
    named = {scope for method in manifest.METHOD_SCOPES for scope in SCOPES["methods"][method]}
    named |= {
        scope for each in all_events() for name in each.subscriptions for scope in SCOPES["events"][name]
    }

    assert {*manifest.scopes(), *manifest.OPTIONAL} - {"commands"} <= named
    assert not set(manifest.scopes()) & manifest.OPTIONAL
    for event in all_events():
        for name in event.subscriptions:
            assert set(SCOPES["events"][name]) <= set(manifest.scopes()), name
