"""Tokens, arguments, scopes: what is the same for every method."""

import json
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.playground.slack import SlackStandIn
from tests.playground.slack.support import answer_of, client_of, error_of


def raw(slack: SlackStandIn, method: str, body: bytes, **headers: str) -> dict[str, Any]:
    request = urllib.request.Request(slack.api_url + method, body, headers)
    with urllib.request.urlopen(request) as response:
        answer = json.loads(response.read())
    assert isinstance(answer, dict)
    return answer


def test_says_who_the_token_is(slack: SlackStandIn, client: WebClient) -> None:
    answer = client.auth_test()
    assert answer["user_id"] == slack.bot_user_id
    assert answer["team_id"] == slack.team_id
    assert answer["url"] == slack.url
    assert "chat:write" in answer.headers["X-OAuth-Scopes"]


def test_echoes_in_api_test(client: WebClient) -> None:
    assert client.api_test().data == {"ok": True, "args": {}}
    assert error_of(client.api_test, error="my_error") == "my_error"


def test_knows_no_other_methods(client: WebClient) -> None:
    assert error_of(client.api_call, "chat.shout") == "unknown_method"


def test_wants_a_token(slack: SlackStandIn) -> None:
    anonymous = WebClient(base_url=slack.api_url, retry_handlers=[])
    assert error_of(anonymous.auth_test) == "not_authed"
    assert error_of(client_of(slack, "xoxb-of-somebody-else").auth_test) == "invalid_auth"


def test_wants_the_right_kind_of_token(slack: SlackStandIn, client: WebClient) -> None:
    assert error_of(client.apps_connections_open, app_token=slack.bot_token) == "not_allowed_token_type"
    assert error_of(client_of(slack, slack.app_token).auth_test) == "not_allowed_token_type"


def test_takes_a_token_in_the_body(slack: SlackStandIn) -> None:
    assert raw(slack, "auth.test", f"token={slack.bot_token}".encode())["ok"] is True


def test_names_each_missing_argument(client: WebClient) -> None:
    answer = answer_of(client.api_call, "chat.update", json={"text": "x"})
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] missing required field: channel",
        "[ERROR] missing required field: ts",
    ]


def test_refuses_an_argument_of_the_wrong_type(client: WebClient) -> None:
    answer = answer_of(
        client.api_call, "conversations.history", params={"channel": "C0CLAIMSAI", "limit": "many"}
    )
    assert answer["error"] == "invalid_arguments"
    assert "/limit" in answer["response_metadata"]["messages"][0]


def test_refuses_broken_json(slack: SlackStandIn) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {slack.bot_token}"}
    assert raw(slack, "chat.postMessage", b"{", **headers)["error"] == "invalid_json"
    assert raw(slack, "chat.postMessage", b"[]", **headers)["error"] == "json_not_object"


def test_records_arguments_that_slack_would_ignore(slack: SlackStandIn, client: WebClient) -> None:
    client.api_call("chat.postMessage", json={"channel": "C0CLAIMSAI", "text": "x", "txet": "typo"})
    assert slack.log.calls("chat.postMessage")[0]["unknown_args"] == ["txet"]


def test_refuses_aloud_what_it_cannot_honour(client: WebClient) -> None:
    call = {"channel": "C0CLAIMSAI", "ts": "1", "text": "x", "file_ids": ["F1"]}
    assert error_of(client.api_call, "chat.update", json=call) == "invalid_arg_name"


@pytest.mark.parametrize(
    ("method", "arguments", "needed"),
    [
        ("chat.postMessage", {"channel": "C0CLAIMSAI", "text": "x"}, "chat:write"),
        ("files.info", {"file": "F1"}, "files:read"),
        ("users.info", {"user": "U0TRAINER1"}, "users:read"),
        ("pins.add", {"channel": "C0CLAIMSAI", "timestamp": "1"}, "pins:write"),
        ("reactions.add", {"channel": "C0CLAIMSAI", "timestamp": "1", "name": "x"}, "reactions:write"),
    ],
)
def test_wants_the_scope_of_a_method(method: str, arguments: dict[str, str], needed: str) -> None:
    with SlackStandIn(scopes=["commands"]) as slack:
        answer = answer_of(client_of(slack).api_call, method, json=arguments)
    assert answer["error"] == "missing_scope"
    assert (answer["needed"], answer["provided"]) == (needed, "commands")


def test_wants_the_history_scope_of_the_channels_type() -> None:
    with SlackStandIn(scopes=["channels:history"]) as slack:
        client = client_of(slack)
        assert client.conversations_history(channel="C0CLAIMSAI")["messages"] == []
        answer = answer_of(client.conversations_history, channel="C0FINANCE1")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:history")
