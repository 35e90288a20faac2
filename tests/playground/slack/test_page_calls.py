"""The calls that the page makes, over HTTP, as page/PROTOCOL.md lists them."""

import json
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient

from bot.playground.slack import Person, SlackStandIn
from tests.playground.slack.support import (
    ManualClock,
    button,
    client_of,
    connected,
    modal,
    new_app,
    section,
    text_input,
)

CHANNEL = "C0CLAIMSAI"
Json = dict[str, Any]


class FakeBedrock:
    """What the page needs of the Bedrock stand-in, and no more."""

    def __init__(self) -> None:
        self.speed = 1

    def state(self) -> Json:
        return {"now": "2026-11-22T09:00:00Z", "speed": self.speed, "jobs": []}

    def control(self, order: Json) -> Json:
        if "speed" not in order:
            raise ValueError("only the speed can be changed")
        self.speed = order["speed"]
        return self.state()


@pytest.fixture
def bedrock() -> FakeBedrock:
    return FakeBedrock()


@pytest.fixture
def slack(clock: ManualClock, bedrock: FakeBedrock) -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=clock, rate_limits=False, bedrock=bedrock) as standin:
        yield standin


def get(slack: SlackStandIn, path: str, **query: str) -> Json:
    with urllib.request.urlopen(f"{slack.url}playground/{path}?{urlencode(query)}") as response:
        found = json.loads(response.read())
    assert isinstance(found, dict)
    return found


def post(slack: SlackStandIn, path: str, **body: Any) -> Json:
    request = urllib.request.Request(
        f"{slack.url}playground/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        found = json.loads(response.read())
    assert isinstance(found, dict)
    return found


def upload(slack: SlackStandIn, files: dict[str, bytes], **fields: str) -> Json:
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    for name, content in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    data = b"".join(parts) + f"--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    with urllib.request.urlopen(
        urllib.request.Request(f"{slack.url}playground/upload", data, headers)
    ) as response:
        found = json.loads(response.read())
    assert isinstance(found, dict)
    return found


def test_a_first_look(slack: SlackStandIn, trainer: Person) -> None:
    state = get(slack, "state")
    assert (state["ok"], state["me"], state["team"]["name"]) == (True, trainer.id, "Northwind Claims")
    assert [p["role"] for p in state["people"]] == ["trainer", "approver", "asker", None, None]
    assert state["people"][0]["initials"] == "TO"
    assert [c["name"] for c in state["channels"] if c["kind"] == "channel"] == [
        "claims-ai",
        "general",
        "finance-private",
    ]
    im = next(c for c in state["channels"] if c["kind"] == "im")
    assert (im["id"], im["person"], im["private"]) == (trainer.dm, slack.bot_user_id, True)
    assert state["commands"] == [{"command": "/play", "description": "Play", "usage_hint": ""}], (
        "all that Slack's client knows of a command is in the manifest (docs.slack.dev/reference/app-manifest, "
        "slash_commands): no sub-commands"
    )
    assert [s["callback_id"] for s in state["shortcuts"]] == ["look", "begin"]
    assert (state["bedrock"]["speed"], state["bot"]) == (1, {"connected": False})


def test_another_person_sees_other_channels(slack: SlackStandIn) -> None:
    state = get(slack, "state", **{"as": slack.person("asker").id})
    assert "finance-private" not in [c["name"] for c in state["channels"]]


def test_writes_and_reads(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    sent = post(slack, "message", **{"as": trainer.id}, channel=CHANNEL, text="hello")
    parent = sent["message"]
    client.chat_postMessage(channel=CHANNEL, text="hi", thread_ts=parent["ts"])
    client.chat_postMessage(channel=CHANNEL, text="new")
    asker = slack.person("asker")
    unread = {c["name"]: c["unread"] for c in get(slack, "state", **{"as": asker.id})["channels"]}
    assert unread["claims-ai"] == 2
    history = get(slack, "history", **{"as": asker.id}, channel=CHANNEL)["messages"]
    assert [(m["text"], m["reply_count"], m["ephemeral"]) for m in history] == [
        ("hello", 1, False),
        ("new", 0, False),
    ]
    replies = get(slack, "replies", **{"as": asker.id}, channel=CHANNEL, ts=parent["ts"])["messages"]
    assert [m["text"] for m in replies] == ["hello", "hi"]
    unread = {c["name"]: c["unread"] for c in get(slack, "state", **{"as": asker.id})["channels"]}
    assert unread["claims-ai"] == 0


def test_a_slash_makes_a_command(slack: SlackStandIn, trainer: Person) -> None:
    app, seen = new_app(slack), []

    @app.command("/play")
    def play(ack: Ack, command: Json) -> None:
        seen.append(command["text"])
        ack()

    who = {"as": trainer.id}
    with connected(slack, app):
        assert post(slack, "message", **who, channel=CHANNEL, text="/play chess")["ok"] is True
    unknown = post(slack, "message", **who, channel=CHANNEL, text="/nope")
    assert (unknown["ok"], "/nope is not a valid command" in unknown["error"]) == (False, True)
    parent = trainer.says("claims-ai", "x")
    threaded = post(slack, "message", **who, channel=CHANNEL, text="/play x", thread_ts=parent["ts"])
    assert threaded["error"] == "/play is not supported in threads. Sorry!"
    assert seen == ["chess"]


def test_uploads_and_shows_files(slack: SlackStandIn, trainer: Person) -> None:
    answer = upload(
        slack,
        {"a.jsonl": b"{}\n", "b.png": b"\x89PNG"},
        **{"as": trainer.id},
        channel=CHANNEL,
        text="two files",
    )
    assert [f["name"] for f in answer["files"]] == ["a.jsonl", "b.png"]
    url = f"{slack.url}playground/file/{answer['files'][0]['id']}?as={slack.person('asker').id}"
    with urllib.request.urlopen(url) as response:
        assert (response.read(), response.headers["Content-Type"]) == (b"{}\n", "text/plain; charset=utf-8")
    private = upload(slack, {"c": b"1"}, **{"as": trainer.id})["files"][0]
    with pytest.raises(HTTPError) as refusal:
        urllib.request.urlopen(f"{slack.url}playground/file/{private['id']}?as={slack.person('asker').id}")
    with refusal.value as response:
        assert response.code == 404


def test_presses_and_submits(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    app, seen = new_app(slack), []

    @app.action("press")
    def press(ack: Ack, body: Json, client: WebClient) -> None:
        seen.append(body["actions"][0]["value"])
        client.views_open(trigger_id=body["trigger_id"], view=modal(text_input()))
        ack()

    @app.view("form")
    def form(ack: Ack, view: Json) -> None:
        seen.append(view["state"]["values"]["name_block"]["name"]["value"])
        ack()

    client.chat_postMessage(channel=CHANNEL, text="x", blocks=[section(accessory=button())])
    message = trainer.sees("claims-ai")[0]
    who = {"as": trainer.id}
    with connected(slack, app):
        action = {
            "type": "button",
            "action_id": "press",
            "block_id": message["blocks"][0]["block_id"],
            "value": "lie",
        }
        assert post(slack, "action", **who, channel=CHANNEL, message_ts=message["ts"], action=action)["ok"]
        view = trainer.wait_for(trainer.view)
        empty = post(slack, "view/submit", **who, view_id=view["id"], state={"values": {}})
        assert empty["errors"] == {"name_block": "Please complete this required field."}
        values = {"name_block": {"name": {"type": "plain_text_input", "value": "bob"}}}
        done = post(slack, "view/submit", **who, view_id=view["id"], state={"values": values})
        assert (done["ok"], done["response_action"]) == (True, None)
    assert seen == ["v", "bob"]


def test_what_is_impossible_is_said_in_words(slack: SlackStandIn, trainer: Person) -> None:
    who = {"as": trainer.id}
    assert post(slack, "view/close", **who, view_id="V1")["error"] == "That form was closed."
    assert post(slack, "shortcut", **who, callback_id="nope")["error"] == "That shortcut does not exist."
    assert "makes no sense" in post(slack, "message", **who)["error"]
    assert post(slack, "message", **{"as": "U0NOBODY"}, channel=CHANNEL, text="x")["ok"] is False


def test_home_dm_prompts_and_reactions(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    who = {"as": trainer.id}
    assert post(slack, "home", **who)["view"] is None
    client.views_publish(user_id=trainer.id, view={"type": "home", "blocks": [section("hi")]})
    assert post(slack, "home", **who)["view"]["blocks"][0]["text"]["text"] == "hi"
    channel = post(slack, "dm", **who, **{"with": slack.person("asker").id})["channel"]
    assert (channel["kind"], channel["name"]) == ("im", "Inês Duarte")
    assert post(slack, "prompt", **who, channel=trainer.dm, message="How do I start?")["ok"]
    message = trainer.sees(trainer.dm)[0]
    assert message["text"] == "How do I start?"
    assert post(slack, "react", **who, channel=trainer.dm, ts=message["ts"], name="eyes")["ok"]


def test_a_person_stops_a_stream(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    root = trainer.says(trainer.dm, "hello")
    client.chat_startStream(channel=trainer.dm, thread_ts=root["ts"], markdown_text="a")
    where = {"as": trainer.id, "channel": trainer.dm, "thread_ts": root["ts"]}
    shown = {"channel": trainer.dm, "thread_ts": root["ts"], "processing": True, "stoppable": True}
    assert get(slack, "state")["sessions"] == [shown]
    assert post(slack, "stop_session", **where)["ok"]
    assert not trainer.thread(root)[1]["streaming"]
    client.api_call(
        "agents.sessions.setStatus",
        json={"channel_id": trainer.dm, "thread_ts": root["ts"], "status": "active"},
    )
    again = post(slack, "stop_session", **where)
    assert again["error"] == "That answer is already complete."


def test_bedrock_is_moved_from_the_page(slack: SlackStandIn, bedrock: FakeBedrock) -> None:
    assert get(slack, "bedrock")["bedrock"]["speed"] == 1
    assert post(slack, "bedrock", speed=120)["bedrock"]["speed"] == 120
    assert bedrock.speed == 120
    assert "only the speed" in post(slack, "bedrock", warp=9)["error"]


class Events:
    """The page's stream of events, read line by line."""

    def __init__(self, slack: SlackStandIn, user_id: str, since: int) -> None:
        query = urlencode({"as": user_id, "since": since})
        self.response = urllib.request.urlopen(f"{slack.url}playground/events?{query}", timeout=10)

    def next(self) -> Json:
        while True:
            line = self.response.readline().decode()
            assert line, "the stream ended"
            if line.startswith("data: "):
                found = json.loads(line[6:])
                assert isinstance(found, dict)
                return found


def test_tells_the_page_as_it_happens(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    since = get(slack, "state")["seq"]
    events = Events(slack, trainer.id, since)
    with events.response:
        ts = client.chat_postMessage(channel=CHANNEL, text="one")["ts"]
        client.chat_update(channel=CHANNEL, ts=ts, text="two")
        client.chat_postEphemeral(channel=CHANNEL, user="U0ASKER001", text="not for her")
        client.chat_postMessage(channel="C0FINANCE1", text="private")
        client.chat_postMessage(channel=CHANNEL, text="reply", thread_ts=ts)
        client.assistant_threads_setStatus(channel_id=CHANNEL, thread_ts=ts, status="is thinking...")
        client.reactions_add(channel=CHANNEL, timestamp=ts, name="eyes")
        client.chat_delete(channel=CHANNEL, ts=ts)
        found = [events.next() for _ in range(8)]
    assert [e["type"] for e in found] == [
        "message",
        "message_changed",
        "message",
        "message",
        "message_changed",
        "status",
        "reaction",
        "message_deleted",
    ]
    assert found[4]["message"]["reply_count"] == 1
    assert [e["seq"] for e in found] == sorted(e["seq"] for e in found)


def test_tells_each_person_only_what_is_theirs(slack: SlackStandIn, client: WebClient) -> None:
    asker = slack.person("asker")
    events = Events(slack, asker.id, get(slack, "state")["seq"])
    with events.response:
        client.chat_postMessage(channel="C0FINANCE1", text="not for her")
        client.chat_postEphemeral(channel=CHANNEL, user="U0TRAINER1", text="not for her")
        client.chat_postEphemeral(channel=CHANNEL, user=asker.id, text="for her")
        found = events.next()
    assert (found["type"], found["message"]["text"]) == ("ephemeral", "for her")


def test_tells_of_channels_as_the_person_sees_them(slack: SlackStandIn, trainer: Person) -> None:
    asker = slack.person("asker")
    events = Events(slack, asker.id, get(slack, "state")["seq"])
    with events.response:
        trainer.invites_app("general")
        found = events.next()
    assert (found["type"], found["channel"]["name"], found["channel"]["bot_is_member"]) == (
        "channel",
        "general",
        True,
    )


def test_tells_that_a_stream_died(
    slack: SlackStandIn, client: WebClient, trainer: Person, clock: ManualClock
) -> None:
    root = trainer.says(trainer.dm, "hello")
    client.chat_startStream(channel=trainer.dm, thread_ts=root["ts"], markdown_text="a")
    events = Events(slack, trainer.id, get(slack, "state")["seq"])
    with events.response:
        clock.advance(300)
        slack.tick()
        found = events.next()
    assert (found["type"], found["message"]["streaming"]) == ("message_changed", False)


def test_a_page_that_fell_behind_is_told_to_look_anew(slack: SlackStandIn, trainer: Person) -> None:
    events = Events(slack, trainer.id, 5)
    with events.response:
        assert events.next()["type"] == "reload"


def test_a_stream_of_events_ends_with_the_stand_in(clock: ManualClock) -> None:
    with SlackStandIn(clock=clock) as slack:
        events = Events(slack, "U0TRAINER1", get(slack, "state")["seq"])
    with events.response:
        assert events.response.read() is not None


def test_a_permalink_leads_to_the_page(slack: SlackStandIn) -> None:
    ts = client_of(slack).chat_postMessage(channel=CHANNEL, text="x")["ts"]
    link = client_of(slack).chat_getPermalink(channel=CHANNEL, message_ts=ts)["permalink"]
    assert link.startswith(f"{slack.url}archives/")
