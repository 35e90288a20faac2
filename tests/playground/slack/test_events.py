"""What the app is told of, in which shape, and when not."""

import copy
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.playground.slack import Person, SlackStandIn, Unconfirmed
from bot.playground.slack.manifest import DEFAULT
from tests.playground.slack.support import ManualClock, client_of, connected, new_app, section

CHANNEL = "C0CLAIMSAI"
Json = dict[str, Any]


def sent(slack: SlackStandIn) -> list[Json]:
    """Return the events sent so far, first deliveries only."""
    slack.wait_until_delivered()
    return [
        entry.data["payload"]["event"] for entry in slack.log.of("delivery", type="events_api", attempt=0)
    ]


def names(slack: SlackStandIn) -> list[str]:
    return [event["type"] + (f".{event['subtype']}" if "subtype" in event else "") for event in sent(slack)]


def test_wraps_an_event_as_slack_does(slack: SlackStandIn, trainer: Person) -> None:
    trainer.says("claims-ai", "hello")
    slack.wait_until_delivered()
    body = slack.log.of("delivery")[0].data["payload"]
    assert (body["type"], body["team_id"], body["api_app_id"]) == (
        "event_callback",
        slack.team_id,
        slack.app_id,
    )
    assert body["event_id"].startswith("Ev")
    assert body["authorizations"] == [
        {
            "enterprise_id": None,
            "team_id": slack.team_id,
            "user_id": slack.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
    ]
    assert {"event_time", "event_context", "is_ext_shared_channel"} <= body.keys()


@pytest.mark.parametrize(
    ("where", "channel_type"), [("claims-ai", "channel"), ("finance-private", "group"), ("dm", "im")]
)
def test_a_message_says_where_it_was(
    slack: SlackStandIn, trainer: Person, where: str, channel_type: str
) -> None:
    trainer.says(trainer.dm if where == "dm" else where, "a < b & c")
    event = sent(slack)[0]
    assert (event["type"], event["channel_type"], event["user"]) == ("message", channel_type, trainer.id)
    assert event["text"] == "a &lt; b &amp; c"
    assert event["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "a < b & c"}]
    assert {"client_msg_id", "ts", "event_ts", "team", "channel"} <= event.keys()
    assert "bot_id" not in event


def test_a_mention_comes_in_addition_to_the_message(slack: SlackStandIn, trainer: Person) -> None:
    trainer.says("claims-ai", "hey @playground")
    message, mention = sent(slack)
    assert (message["type"], mention["type"]) == ("message", "app_mention")
    assert message["ts"] == mention["ts"]
    assert f"<@{slack.bot_user_id}>" in mention["text"]
    trainer.says(trainer.dm, "hey @playground")
    assert names(slack) == ["message", "app_mention", "message"]


def test_nothing_from_channels_that_the_app_is_not_in(slack: SlackStandIn, trainer: Person) -> None:
    trainer.says("general", "hey @playground")
    trainer.uploads("general", "a.txt", b"1")
    assert sent(slack) == []
    trainer.invites_app("general")
    trainer.says("general", "and now?")
    assert names(slack) == ["message"]


def test_who_comes_and_who_leaves_is_told_where_the_app_is(clock: ManualClock) -> None:
    manifest = copy.deepcopy(DEFAULT)
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]
    subscribed += ["member_joined_channel", "member_left_channel"]
    with SlackStandIn(clock=clock, manifest=manifest) as slack:
        trainer = slack.person("trainer")
        trainer.leaves("general")
        trainer.leaves("claims-ai")
        slack.person("asker").invites_app("general")
        left, joined = sent(slack)
    assert (left["type"], left["user"], left["channel"]) == ("member_left_channel", trainer.id, CHANNEL)
    assert left["channel_type"] == "C"
    assert (joined["type"], joined["user"]) == ("member_joined_channel", slack.bot_user_id)


def test_a_file_is_told_of_twice(slack: SlackStandIn, trainer: Person) -> None:
    file = trainer.uploads("claims-ai", "rows.jsonl", b"{}", "look @playground")
    message, mention, shared = sent(slack)
    assert (message["subtype"], message["files"][0]["id"]) == ("file_share", file["id"])
    assert message["files"][0]["url_private_download"].endswith("/rows.jsonl")
    assert mention["files"][0]["id"] == file["id"]
    assert (shared["type"], shared["file_id"], shared["channel_id"]) == ("file_shared", file["id"], CHANNEL)
    assert shared["user_id"] == trainer.id


def test_a_mention_with_a_file_may_be_withheld(clock: ManualClock) -> None:
    with SlackStandIn(clock=clock, limits=Unconfirmed(mention_with_file=False)) as slack:
        slack.person("trainer").uploads("claims-ai", "rows.jsonl", b"{}", "look @playground")
        assert names(slack) == ["message.file_share", "file_shared"]


def test_a_reply_names_its_thread(slack: SlackStandIn, trainer: Person) -> None:
    parent = trainer.says("claims-ai", "question")
    slack.person("asker").says("claims-ai", "answer", parent["ts"])
    event = sent(slack)[1]
    assert (event["thread_ts"], event["parent_user_id"]) == (parent["ts"], trainer.id)
    assert "reply_count" not in event


def test_the_apps_own_messages_come_back(slack: SlackStandIn, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="one")["ts"]
    client.chat_update(channel=CHANNEL, ts=ts, text="two")
    client.chat_delete(channel=CHANNEL, ts=ts)
    client.chat_postEphemeral(channel=CHANNEL, user="U0TRAINER1", text="not this one")
    posted, changed, deleted = sent(slack)
    assert (posted["bot_id"], posted["user"]) == ("B0TUNESMTH", slack.bot_user_id)
    assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "two")
    assert changed["previous_message"]["text"] == "one"
    assert (deleted["subtype"], deleted["deleted_ts"], deleted["hidden"]) == ("message_deleted", ts, True)


def test_people_edit_and_delete(slack: SlackStandIn, trainer: Person) -> None:
    message = trainer.says("claims-ai", "one")
    trainer.edits(message, "two")
    trainer.deletes(message)
    assert names(slack) == ["message", "message.message_changed", "message.message_deleted"]
    assert sent(slack)[1]["message"]["edited"]["user"] == trainer.id


def test_a_mention_is_told_of_anew_with_every_edit_of_its_message(
    slack: SlackStandIn, trainer: Person
) -> None:
    message = trainer.says("claims-ai", "one")
    trainer.edits(message, "@playground two")
    trainer.edits(message, "three")
    assert names(slack) == [
        "message", "message.message_changed", "app_mention", "message.message_changed",
    ]  # fmt: skip
    mention = sent(slack)[2]
    assert (mention["ts"], mention["user"]) == (message["ts"], trainer.id)
    assert float(mention["edited"]["ts"]) > float(mention["ts"])


def test_in_a_shared_channel_events_tell_no_more_of_a_file_than_its_id(
    slack: SlackStandIn, client: WebClient, trainer: Person
) -> None:
    slack.joins("pat", "partner", "claims-ai")
    file = trainer.uploads("claims-ai", "rows.jsonl", b"{}", "look @playground")
    message, mention, _ = sent(slack)
    bare = {
        "id": file["id"],
        "created": 0,
        "timestamp": 0,
        "mode": "file_access",
        "file_access": "check_file_info",
        "user": "",
    }
    assert message["files"] == mention["files"] == [bare]
    assert client.files_info(file=file["id"])["file"]["name"] == "rows.jsonl"
    assert client.conversations_info(channel=CHANNEL)["channel"]["is_ext_shared"] is True
    delivered = slack.log.of("delivery")
    assert {entry.data["payload"]["is_ext_shared_channel"] for entry in delivered} == {True}


def test_reactions_need_a_subscription(slack: SlackStandIn, trainer: Person) -> None:
    message = trainer.says("claims-ai", "one")
    trainer.reacts(message, "eyes")
    assert names(slack) == ["message"]
    assert trainer.sees("claims-ai")[0]["reactions"] == [{"name": "eyes", "users": [trainer.id], "count": 1}]


def test_an_event_needs_its_scope(clock: ManualClock) -> None:
    with SlackStandIn(clock=clock, scopes=["app_mentions:read"]) as slack:
        slack.person("trainer").says("claims-ai", "hey @playground")
        assert names(slack) == ["app_mention"]


def test_home_tells_the_tab(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    trainer.opens_home("messages")
    client.views_publish(user_id=trainer.id, view={"type": "home", "blocks": [section()]})
    trainer.opens_home("home")
    first, second = sent(slack)
    assert (first["type"], first["tab"], first["channel"]) == ("app_home_opened", "messages", trainer.dm)
    assert "view" not in first
    assert second["view"]["blocks"][0]["text"]["text"] == "hello"


def test_the_messages_tab_may_be_closed(clock: ManualClock) -> None:
    features = DEFAULT["features"] | {"app_home": {"home_tab_enabled": False, "messages_tab_enabled": False}}
    with SlackStandIn(DEFAULT | {"features": features}, clock=clock) as slack:
        trainer = slack.person("trainer")
        with pytest.raises(Exception, match="turned off"):
            trainer.says(trainer.dm, "hello")
        with pytest.raises(Exception, match="no Home tab"):
            trainer.opens_home()


def test_bolt_takes_all_of_them(slack: SlackStandIn, trainer: Person) -> None:
    app = new_app(slack)
    seen: list[str] = []

    @app.event("message")
    def on_message(event: Json) -> None:
        seen.append(event.get("subtype", "message"))

    @app.event("app_mention")
    def on_mention(event: Json) -> None:
        seen.append(event["type"])

    @app.event("file_shared")
    def on_file(event: Json) -> None:
        seen.append(event["type"])

    with connected(slack, app):
        trainer.says("claims-ai", "hey @playground")
        trainer.uploads("claims-ai", "a.txt", b"1")
        slack.wait_until_delivered()
    acks = slack.log.of("ack", type="events_api")
    assert [entry.data["acked"] for entry in acks] == [True] * 4
    assert sorted(seen) == ["app_mention", "file_share", "file_shared", "message"]


def test_text_of_a_model_cannot_be_told_from_a_mention(slack: SlackStandIn, trainer: Person) -> None:
    client_of(slack).chat_postMessage(channel=CHANNEL, text=f"<@{trainer.id}> &amp; <!channel>")
    assert trainer.sees("claims-ai")[0]["text"] == f"<@{trainer.id}> &amp; <!channel>"
