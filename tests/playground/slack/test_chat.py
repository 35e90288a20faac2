"""Posting, changing and deleting messages."""

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.playground.slack import Person, SlackStandIn
from tests.playground.slack.support import answer_of, button, client_of, error_of, section

CHANNEL = "C0CLAIMSAI"


def test_posts_where_it_is_told_to(client: WebClient, trainer: Person) -> None:
    for channel in (CHANNEL, "claims-ai", "#claims-ai"):
        assert client.chat_postMessage(channel=channel, text=f"to {channel}")["channel"] == CHANNEL
    assert [m["text"] for m in trainer.sees("claims-ai")] == [
        f"to {c}" for c in (CHANNEL, "claims-ai", "#claims-ai")
    ]


def test_posts_to_a_person_in_their_direct_messages(client: WebClient, trainer: Person) -> None:
    answer = client.chat_postMessage(channel=trainer.id, text="psst")
    assert answer["channel"] == trainer.dm
    assert trainer.sees(trainer.dm)[0]["text"] == "psst"


def test_times_never_repeat_though_the_clock_stands_still(client: WebClient) -> None:
    times = [client.chat_postMessage(channel=CHANNEL, text="x")["ts"] for _ in range(3)]
    assert times == sorted(set(times))


@pytest.mark.parametrize(
    ("channel", "error"),
    [("nowhere", "channel_not_found"), ("C0SECRET01", "channel_not_found"), ("general", "not_in_channel")],
)
def test_posts_only_where_it_is_a_member(client: WebClient, channel: str, error: str) -> None:
    assert error_of(client.chat_postMessage, channel=channel, text="x") == error


def test_posts_in_any_public_channel_with_the_scope_for_it() -> None:
    with SlackStandIn(scopes=["chat:write", "chat:write.public"]) as slack:
        client = client_of(slack)
        assert client.chat_postMessage(channel="general", text="x")["ok"]
        assert error_of(client.chat_postMessage, channel="C0SECRET01", text="x") == "channel_not_found"


def test_posts_in_no_archived_channel(slack: SlackStandIn, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="x")["ts"]
    slack.archive("claims-ai")
    assert error_of(client.chat_postMessage, channel=CHANNEL, text="x") == "is_archived"
    assert error_of(client.chat_update, channel=CHANNEL, ts=ts, text="x") == "is_inactive"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"markdown_text": "y", "blocks": [section()]}, "markdown_text_conflict"),
        ({"markdown_text": "y" * 12_001}, "msg_too_long"),
        ({"text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": {"type": "section"}}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [section("y" * 2_900)] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "attachments": "{"}, "invalid_attachments"),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "x", "metadata": "{"}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "no spaces", "event_payload": {}}},
            "invalid_metadata_schema",
        ),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
        (
            {"text": "x", "metadata": {"event_type": "a", "event_payload": {"k": "v" * 9_000}}},
            "metadata_too_large",
        ),
        ({"text": "x", "thread_ts": "1700000000.000001"}, "cannot_reply_to_message"),
    ],
)
def test_refuses_content_that_slack_refuses(client: WebClient, content: dict[str, Any], error: str) -> None:
    assert error_of(client.api_call, "chat.postMessage", json={"channel": CHANNEL, **content}) == error


def test_points_at_what_is_wrong_in_blocks(client: WebClient) -> None:
    blocks = [section(), section("x" * 3_001)]
    answer = answer_of(client.chat_postMessage, channel=CHANNEL, text="x", blocks=blocks)
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    ]


def test_takes_at_most_fifty_blocks(client: WebClient) -> None:
    blocks = [{"type": "divider"}] * 51
    answer = answer_of(client.chat_postMessage, channel=CHANNEL, text="x", blocks=blocks)
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"
    ]


def test_cuts_a_very_long_text_and_warns(client: WebClient) -> None:
    answer = client.chat_postMessage(channel=CHANNEL, text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(answer["message"]["text"]) == 40_000


def test_shows_markdown_as_a_block(client: WebClient) -> None:
    message = client.chat_postMessage(channel=CHANNEL, markdown_text="**yes**")["message"]
    assert message["blocks"][0]["type"] == "markdown"
    assert message["text"] == "**yes**"


def test_names_blocks_and_elements_that_have_no_name(client: WebClient) -> None:
    nameless = {key: value for key, value in button().items() if key != "action_id"}
    blocks: list[dict[str, Any]] = [{"type": "actions", "elements": [nameless]}, {"type": "divider"}]
    sent = client.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks)["message"]["blocks"]
    assert len({sent[0]["block_id"], sent[1]["block_id"]}) == 2
    assert sent[0]["elements"][0]["action_id"]


def test_another_name_needs_a_scope_of_its_own(client: WebClient) -> None:
    answer = answer_of(client.chat_postMessage, channel=CHANNEL, text="x", username="Somebody")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write.customize")


def test_replies_in_a_thread(client: WebClient, trainer: Person) -> None:
    parent = trainer.says("claims-ai", "help")
    reply = client.chat_postMessage(channel=CHANNEL, text="here", thread_ts=parent["ts"])
    shown = trainer.sees("claims-ai")
    assert [(m["text"], m["reply_count"]) for m in shown] == [("help", 1)]
    assert [m["text"] for m in trainer.thread(parent)] == ["help", "here"]
    assert reply["message"]["parent_user_id"] == trainer.id
    assert (
        error_of(client.chat_postMessage, channel=CHANNEL, text="x", thread_ts=reply["ts"])
        == "cannot_reply_to_message"
    )


def test_broadcasts_a_reply(client: WebClient, trainer: Person) -> None:
    parent = trainer.says("claims-ai", "help")
    client.chat_postMessage(channel=CHANNEL, text="all", thread_ts=parent["ts"], reply_broadcast=True)
    assert [m["text"] for m in trainer.sees("claims-ai")] == ["help", "all"]


def test_updates_text_and_removes_blocks(client: WebClient, trainer: Person) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="one", blocks=[section()])["ts"]
    assert client.chat_update(channel=CHANNEL, ts=ts, text="two")["text"] == "two"
    message = trainer.sees("claims-ai")[0]
    assert "blocks" not in message
    assert message["edited"]["user"] == message["user"]


def test_updates_blocks_without_marking_it_edited(client: WebClient, trainer: Person) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="one")["ts"]
    client.chat_update(channel=CHANNEL, ts=ts, text="two", blocks=[section("new")])
    message = trainer.sees("claims-ai")[0]
    assert message["blocks"][0]["text"]["text"] == "new"
    assert "edited" not in message
    silent = {"channel": CHANNEL, "ts": ts, "text": "", "blocks": []}
    assert error_of(client.api_call, "chat.update", json=silent) == "no_text"


def test_update_keeps_metadata_unless_told(client: WebClient) -> None:
    metadata = {"event_type": "job", "event_payload": {"key": "1"}}
    ts = client.chat_postMessage(channel=CHANNEL, text="x", metadata=metadata)["ts"]
    assert client.chat_update(channel=CHANNEL, ts=ts, text="y")["message"]["metadata"] == metadata
    assert "metadata" not in client.chat_update(channel=CHANNEL, ts=ts, text="y", metadata={})["message"]


def test_update_refuses_what_slack_refuses(client: WebClient, trainer: Person) -> None:
    mine = client.chat_postMessage(channel=CHANNEL, text="x")["ts"]
    theirs = trainer.says("claims-ai", "mine")["ts"]
    assert error_of(client.chat_update, channel=CHANNEL, ts=mine, text="x" * 4_001) == "msg_too_long"
    assert error_of(client.chat_update, channel=CHANNEL, ts=theirs, text="x") == "cant_update_message"
    assert error_of(client.chat_update, channel=CHANNEL, ts="1.1", text="x") == "message_not_found"
    assert error_of(client.chat_update, channel="claims-ai", ts=mine, text="x") == "channel_not_found"
    assert error_of(client.api_call, "chat.update", json={"channel": CHANNEL, "ts": mine}) == "no_text"


def test_deletes_its_own_messages_only(client: WebClient, trainer: Person) -> None:
    mine = client.chat_postMessage(channel=CHANNEL, text="x")["ts"]
    theirs = trainer.says("claims-ai", "mine")["ts"]
    client.chat_delete(channel=CHANNEL, ts=mine)
    assert error_of(client.chat_delete, channel=CHANNEL, ts=mine) == "message_not_found"
    assert error_of(client.chat_delete, channel=CHANNEL, ts=theirs) == "cant_delete_message"
    assert [m["text"] for m in trainer.sees("claims-ai")] == ["mine"]


def test_a_deleted_parent_leaves_a_tombstone(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="parent")["ts"]
    client.chat_postMessage(channel=CHANNEL, text="child", thread_ts=ts)
    client.chat_delete(channel=CHANNEL, ts=ts)
    found = client.conversations_replies(channel=CHANNEL, ts=ts)["messages"]
    assert [m.get("subtype") for m in found] == ["tombstone", None]


def test_an_ephemeral_message_is_for_one_person(
    slack: SlackStandIn, client: WebClient, trainer: Person
) -> None:
    ts = client.chat_postEphemeral(channel=CHANNEL, user=trainer.id, text="only you")["message_ts"]
    assert [m["ephemeral"] for m in trainer.sees("claims-ai")] == [True]
    assert slack.person("asker").sees("claims-ai") == []
    assert client.conversations_history(channel=CHANNEL)["messages"] == []
    assert error_of(client.chat_update, channel=CHANNEL, ts=ts, text="x") == "message_not_found"
    assert (
        error_of(client.chat_postEphemeral, channel="C0FINANCE1", user="U0ASKER001", text="x")
        == "user_not_in_channel"
    )


def test_links_to_a_message(slack: SlackStandIn, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="x")["ts"]
    reply = client.chat_postMessage(channel=CHANNEL, text="y", thread_ts=ts)["ts"]
    link = client.chat_getPermalink(channel=CHANNEL, message_ts=ts)["permalink"]
    assert link == f"{slack.url}archives/{CHANNEL}/p{ts.replace('.', '')}"
    assert f"thread_ts={ts}" in client.chat_getPermalink(channel=CHANNEL, message_ts=reply)["permalink"]
    assert error_of(client.chat_getPermalink, channel=CHANNEL, message_ts="1.1") == "message_not_found"


def test_reacts_once(client: WebClient, trainer: Person) -> None:
    ts = trainer.says("claims-ai", "x")["ts"]
    client.reactions_add(channel=CHANNEL, timestamp=ts, name="eyes")
    assert error_of(client.reactions_add, channel=CHANNEL, timestamp=ts, name="eyes") == "already_reacted"
    assert trainer.sees("claims-ai")[0]["reactions"][0]["name"] == "eyes"
    assert error_of(client.reactions_add, channel=CHANNEL, timestamp=ts, name="Not!") == "invalid_name"


def test_pins_once(client: WebClient, trainer: Person) -> None:
    ts = trainer.says("claims-ai", "x")["ts"]
    client.pins_add(channel=CHANNEL, timestamp=ts)
    assert error_of(client.pins_add, channel=CHANNEL, timestamp=ts) == "already_pinned"
    assert client.conversations_history(channel=CHANNEL)["messages"][0]["pinned_to"] == [CHANNEL]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE1", "timestamp": "1.1"}, "channel_not_found"),
        ({"channel": CHANNEL}, "no_item_specified"),
        ({"channel": CHANNEL, "timestamp": "now"}, "bad_timestamp"),
        ({"channel": CHANNEL, "timestamp": "1.1"}, "message_not_found"),
    ],
)
def test_pins_nothing_else(client: WebClient, arguments: dict[str, str], error: str) -> None:
    assert error_of(client.api_call, "pins.add", json=arguments) == error


def test_pins_a_hundred_at_most(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    slack.rates.enabled = False
    messages = [trainer.says("claims-ai", f"{number}")["ts"] for number in range(101)]
    for ts in messages[:100]:
        client.pins_add(channel=CHANNEL, timestamp=ts)
    assert error_of(client.pins_add, channel=CHANNEL, timestamp=messages[100]) == "too_many_pins"
