"""The same delivery again and again, as Slack sends it when an answer is late: what it asks for is done once."""

import hashlib
import hmac
import io
import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

import pytest

from bot.cli.http import EVENTS_PATH, WebApp
from bot.errors import Unavailable
from bot.process import Bot
from tests.attacks.two_channels import BOSS, INSIDER, PRIVATE, PUBLIC, TwoChannels
from tests.handlers.door import RESPONSE_URL, TEAM

Json = dict[str, Any]
FORM = "application/x-www-form-urlencoded"


class Post:
    """A bot behind HTTP, without a socket."""

    def __init__(self, later: Callable[[Callable[[], object]], object] = lambda work: work()) -> None:
        self.bot = TwoChannels()
        app = self.bot.door.app
        bot = SimpleNamespace(app=app, signing_secret="s", problems=list, later=later)
        self.application = WebApp(cast("Bot", bot))

    def __call__(self, body: bytes, kind: str, again: int) -> str:
        """Deliver it as the ``again``-th repetition and return the status."""
        now = str(int(time.time()))
        digest = hmac.new(b"s", f"v0:{now}:".encode() + body, hashlib.sha256).hexdigest()
        environ: Json = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": EVENTS_PATH,
            "QUERY_STRING": "",
            "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_X_SLACK_REQUEST_TIMESTAMP": now,
            "HTTP_X_SLACK_SIGNATURE": f"v0={digest}",
            "wsgi.input": io.BytesIO(body),
        }
        if again:
            environ |= {"HTTP_X_SLACK_RETRY_NUM": str(again), "HTTP_X_SLACK_RETRY_REASON": "http_timeout"}
        status: list[str] = []
        list(self.application(environ, lambda line, _headers, *_: status.append(line)))  # type: ignore[arg-type]
        return status[0]


def event(event_id: str, **fields: object) -> bytes:
    body = {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": event_id,
        "event": {"user": INSIDER, "channel": PUBLIC, "ts": "9.0", **fields},
        "authorizations": [{"team_id": TEAM, "user_id": "UBOT", "is_bot": True}],
    }
    return json.dumps(body).encode()


def command(slash: str, text: str) -> bytes:
    fields = {
        "command": slash,
        "text": text,
        "user_id": INSIDER,
        "team_id": TEAM,
        "channel_id": PUBLIC,
        "trigger_id": "the same",
        "response_url": RESPONSE_URL,
    }
    return urlencode(fields).encode()


def press(action_id: str, value: str) -> bytes:
    body = {
        "type": "block_actions",
        "user": {"id": BOSS, "team_id": TEAM},
        "team": {"id": TEAM},
        "channel": {"id": PRIVATE},
        "container": {"type": "message", "message_ts": "5.0", "channel_id": PRIVATE},
        "message": {"ts": "5.0"},
        "trigger_id": "the same",
        "response_url": RESPONSE_URL,
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value}],
    }
    return urlencode({"payload": json.dumps(body)}).encode()


FILE = {"id": "F0NEW0001", "name": "claims.jsonl", "mode": "hosted"}
ONCE: dict[str, tuple[bytes, str, str]] = {
    "a question": (event("Ev1", type="app_mention", text="<@UBOT> Why?"), "application/json", "question"),
    "a direct question": (
        event("Ev2", type="message", channel="D1", channel_type="im", text="Why?"),
        "application/json",
        "question",
    ),
    "a file": (
        event("Ev3", type="message", channel_type="channel", subtype="file_share", files=[FILE]),
        "application/json",
        "upload",
    ),
    "/ask": (command("/ask", "claims-router Why?"), FORM, "question"),
    "/tune serve": (command("/tune", "serve claims-router for 1h"), FORM, "lease"),
    "/tune sweep": (command("/tune", "sweep claims epochCount=1,2"), FORM, "sweep"),
    "/tune validate": (command("/tune", "validate F0NEW0001"), FORM, "upload"),
}
"""What is delivered, and the kind of thing that it makes one of."""


@pytest.mark.slow
@pytest.mark.parametrize(("body", "kind", "made"), ONCE.values(), ids=ONCE)
def test_what_is_delivered_five_times_is_done_once(body: bytes, kind: str, made: str) -> None:
    """Tried: one signed delivery, sent five times over."""
    post = Post()
    before = post.bot.wished()
    for again in range(5):
        assert post(body, kind, again) == "200 OK"
    assert [each.kind for each in post.bot.wished() - before] == [made]


@pytest.mark.parametrize("again", [1, 3])
def test_a_repetition_that_comes_first_is_done_all_the_same(again: int) -> None:
    """The first delivery may have died with its process: that it is a repetition says nothing."""
    post = Post()
    before = post.bot.wished()
    body, kind, made = ONCE["a question"]
    assert post(body, kind, again) == "200 OK"
    assert [each.kind for each in post.bot.wished() - before] == [made]


def test_a_press_that_is_delivered_four_times_extends_once() -> None:
    post = Post()
    lease = post.bot.ids["lease"]
    for again in range(4):
        assert post(press("lease.extend", f"{lease} 60"), FORM, again) == "200 OK"
    assert post.bot.inside().leases.running(lease).minutes == 120


def test_a_press_on_approve_that_is_delivered_four_times_is_answered_once() -> None:
    post = Post()
    for again in range(4):
        assert post(press("plan.approve", f"job:{post.bot.ids['job']}@1"), FORM, again) == "200 OK"
    [refusal] = post.bot.door.webhooks
    assert "Nobody has asked for this yet" in str(refusal)


def shortcut() -> bytes:
    body = {
        "type": "shortcut",
        "callback_id": "none",
        "user": {"id": BOSS},
        "team": {"id": TEAM},
        "trigger_id": "s",
    }
    return urlencode({"payload": json.dumps(body)}).encode()


def form() -> bytes:
    view = {"id": "V1", "type": "modal", "callback_id": "none", "blocks": [], "state": {"values": {}}}
    body = {"type": "view_submission", "user": {"id": BOSS}, "team": {"id": TEAM}, "view": view}
    return urlencode({"payload": json.dumps(body)}).encode()


def test_with_too_much_in_hand_nothing_is_acknowledged_before_its_listener_has_seen_it() -> None:
    def refuse(_: Callable[[], object]) -> None:
        raise Unavailable("Too much.")

    post = Post(refuse)
    for again in range(2):  # from the second on, the door knows who we are
        assert post(command("/tune", "help").replace(b"the+same", str(again).encode()), FORM, 0) == "200 OK"
        assert len(post.bot.door.webhooks) == again + 1


def test_what_a_200_alone_answers_is_acknowledged_before_it_is_looked_at_once_we_know_who_we_are() -> None:
    put_off: list[Callable[[], object]] = []
    post = Post(put_off.append)
    extension = press("lease.extend", f"{post.bot.ids['lease']} 60")
    now_or_later = {
        "the first": (command("/tune", "help"), FORM, 0),
        "a command": (command("/tune", "jobs"), FORM, 1),
        "a press": (extension.replace(b"the+same", b"another"), FORM, 1),
        "a shortcut": (shortcut(), FORM, 1),
        "a form, which is answered in the body": (form(), FORM, 0),
        "an event, which is written down first": (*ONCE["a question"][:2], 0),
        "a look at the certificate": (b"ssl_check=1&command=%2Ftune&token=x", FORM, 0),
    }
    wrong = []
    for name, (body, kind, later) in now_or_later.items():
        before = len(put_off)
        if post(body, kind, 0) != "200 OK" or len(put_off) - before != later:
            wrong.append(name)
    assert wrong == []
    for work in put_off:
        work()
    assert post.bot.inside().leases.running(post.bot.ids["lease"]).minutes == 120


def test_what_goes_wrong_after_the_acknowledgement_is_told_by_us(monkeypatch: pytest.MonkeyPatch) -> None:
    post = Post()
    assert post(command("/tune", "help"), FORM, 0) == "200 OK"
    told = len(post.bot.door.webhooks)

    def fails(*_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("handlers.workspace.Gate.refusal", fails)
    assert post(command("/tune", "jobs"), FORM, 0) == "200 OK"
    [words] = [str(each) for each in post.bot.door.webhooks[told:]]
    assert "Something broke on my side" in words
    assert "secret" not in words
