import json
import socket
import ssl
from collections.abc import Iterator
from http.client import RemoteDisconnected
from pathlib import Path
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackRequestError

from bot.adapters.slack_clients import posting_client
from bot.adapters.slack_error_words import MEANINGS, ErrorKind
from bot.adapters.slack_errors import slack_call
from bot.errors import (
    Misconfigured,
    NotFound,
    Refused,
    Throttled,
    TunesmithError,
    Unavailable,
    UnknownOutcome,
)
from bot.questions.answerer import StreamClosed
from handlers.manifest import METHOD_SCOPES
from tests.adapters.slack_server import Answer, SlackServer, error

REFERENCE = Path(__file__).parents[3] / "shared/data/slack-api-ref"
BY_HANDLERS = {"chat.getPermalink", "views.open", "views.publish", "views.update"}
"""Methods that handlers call by themselves, who put every failure into the log, or their own words."""
NOT_IN_THE_COPY = {"canvases.access.set", "canvases.create"}
USED = sorted(
    {*METHOD_SCOPES, "agents.sessions.setStatus", "apps.connections.open"} - BY_HANDLERS - NOT_IN_THE_COPY
)
"""Every method that the adapters call: what is called is what the manifest is made from."""


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer().running() as server:
        yield server


def raised(
    slack: SlackServer, answer: Answer, *, method: str = "chat.postMessage", writes: bool = True
) -> TunesmithError:
    """What the adapter makes of that answer, through the real client."""
    slack.line_up(method, answer)
    client = posting_client("xoxb-1", slack.base_url)
    with pytest.raises(TunesmithError) as caught, slack_call(method, writes=writes):
        client.api_call(method, params={"channel": "C1"})
    return caught.value


@pytest.mark.parametrize("method", USED)
def test_every_documented_error_is_mapped_on_purpose(method: str) -> None:
    path = REFERENCE / f"docs.slack.dev/methods/{method}.json"
    if not path.exists():
        pytest.skip(f"Slack's method reference is not at {REFERENCE}: the mapping of errors is NOT checked")
    documented = set(json.loads(path.read_text())["errors"])
    common = set(json.loads((REFERENCE / "methods/_errors/common.json").read_text())["errors"])
    assert documented | common <= MEANINGS.keys()


def test_every_meaning_has_words() -> None:
    for name, (_, message, _) in MEANINGS.items():
        assert message.endswith("."), name


def test_429_says_when_to_come_back(slack: SlackServer) -> None:
    caught = raised(slack, Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "17"}))
    assert isinstance(caught, Throttled)
    assert caught.retry_after == 17


@pytest.mark.parametrize("value", ["soon", ""])
def test_429_without_a_usable_figure_waits_a_while(slack: SlackServer, value: str) -> None:
    caught = raised(slack, Answer(b"slow down", 429, {"Retry-After": value}))
    assert isinstance(caught, Throttled)
    assert caught.retry_after == 30


@pytest.mark.parametrize(
    "answer",
    [
        Answer(drop=True),
        error("fatal_error"),
        error("internal_error"),
        error("service_unavailable"),
        error("request_timeout"),
        error("duplicate_message_not_found"),
        Answer(b"<html><body>502 Bad Gateway</body></html>", 502, {"Content-Type": "text/html"}),
        Answer(b"<html>maintenance</html>", 200, {"Content-Type": "text/html"}),
        Answer({"ok": False, "error": "anything"}, 503),
    ],
    ids=str,
)
def test_an_unclear_write_is_an_unknown_outcome_and_an_unclear_read_is_not(
    slack: SlackServer, answer: Answer
) -> None:
    assert isinstance(raised(slack, answer, writes=True), UnknownOutcome)
    read = raised(slack, answer, writes=False)
    assert isinstance(read, Unavailable)
    assert not isinstance(read, UnknownOutcome)


def test_a_refused_connection_changed_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        client = posting_client("xoxb-1", f"http://127.0.0.1:{taken.getsockname()[1]}/api/")
        with pytest.raises(Unavailable) as caught, slack_call("chat.postMessage", writes=True):
            client.api_call("chat.postMessage")
    assert not isinstance(caught.value, UnknownOutcome)


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (URLError(socket.gaierror(-2, "Name or service not known")), Unavailable),
        (URLError(ConnectionRefusedError(111, "refused")), Unavailable),
        (URLError(ConnectionResetError(104, "reset")), UnknownOutcome),
        (URLError(TimeoutError("timed out")), UnknownOutcome),
        (TimeoutError("timed out"), UnknownOutcome),
        (RemoteDisconnected("closed"), UnknownOutcome),
        (URLError(ssl.SSLCertVerificationError("self-signed")), Misconfigured),
        (SlackRequestError("Invalid URL detected"), Misconfigured),
    ],
    ids=repr,
)
def test_what_a_failure_of_the_network_means_for_a_write(
    cause: Exception, expected: type[TunesmithError]
) -> None:
    with pytest.raises(TunesmithError) as caught, slack_call("chat.postMessage", writes=True):
        raise cause
    assert type(caught.value) is expected
    assert caught.value.detail.startswith("chat.postMessage: ")


def test_a_missing_scope_is_named(slack: SlackServer) -> None:
    caught = raised(slack, error("missing_scope", needed="files:read", provided="chat:write"))
    assert isinstance(caught, Misconfigured)
    assert "`files:read`" in caught.message
    assert "`files:read`" in caught.hint


@pytest.mark.parametrize("name", ["invalid_auth", "token_revoked", "not_authed"])
def test_a_dead_token_names_the_setting(slack: SlackServer, name: str) -> None:
    caught = raised(slack, error(name))
    assert isinstance(caught, Misconfigured)
    assert "SLACK_BOT_TOKEN" in caught.hint


@pytest.mark.parametrize(
    ("name", "words"),
    [("not_in_channel", "/invite"), ("is_archived", "archive"), ("channel_not_found", "/invite")],
)
def test_a_definite_refusal_says_what_to_do(slack: SlackServer, name: str, words: str) -> None:
    caught = raised(slack, error(name))
    assert isinstance(caught, Refused)
    assert words in caught.hint


def test_a_gone_message_is_not_found(slack: SlackServer) -> None:
    assert isinstance(raised(slack, error("message_not_found"), method="chat.update"), NotFound)


def test_an_error_that_nobody_knows_is_named(slack: SlackServer) -> None:
    caught = raised(slack, error("brand_new_error"))
    assert isinstance(caught, Refused)
    assert "`brand_new_error`" in caught.message


def test_what_slack_says_about_blocks_is_kept_for_the_log(slack: SlackServer) -> None:
    caught = raised(slack, error("invalid_blocks", response_metadata={"messages": ["[ERROR] too long"]}))
    assert "too long" in caught.detail
    assert "too long" not in caught.sentence


@pytest.mark.parametrize(
    ("name", "reason"),
    [("message_not_in_streaming_state", "expired"), ("stopped_by_user", "stopped"), ("msg_too_long", "full")],
)
def test_why_a_stream_is_closed(slack: SlackServer, name: str, reason: str) -> None:
    caught = raised(slack, error(name), method="chat.appendStream")
    assert isinstance(caught, StreamClosed)
    assert caught.reason == reason


def test_too_long_is_a_defect_where_nothing_grows(slack: SlackServer) -> None:
    caught = raised(slack, error("msg_too_long"), method="chat.update")
    assert not isinstance(caught, StreamClosed)
    assert MEANINGS["msg_too_long"].kind is ErrorKind.OURS
    assert "operator" in caught.hint
