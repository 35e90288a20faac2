from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.slack_clients import posting_client, reading_client
from bot.adapters.slack_messages import SlackMessages
from bot.controller.model import Message
from bot.errors import NotFound, Unavailable, UnknownOutcome
from tests.adapters.slack_server import Answer, Request, SlackServer, error

MARKER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
SINCE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer().running() as server:
        server.always["auth.test"] = Answer({"ok": True, "user_id": "UBOT"})
        server.always["chat.postMessage"] = Answer({"ok": True, "ts": "1.000001"})
        yield server


@pytest.fixture
def messages(slack: SlackServer) -> SlackMessages:
    return SlackMessages(posting_client("xoxb-1", slack.base_url), reading_client("xoxb-1", slack.base_url))


def ours(ts: str, marker: str = MARKER, **more: Any) -> dict[str, Any]:
    metadata = {"event_type": "tunesmith_notice", "event_payload": {"key": marker}}
    return {"ts": ts, "user": "UBOT", "text": "x", "metadata": metadata, **more}


def page(*found: dict[str, Any], cursor: str = "") -> Answer:
    return Answer({"ok": True, "messages": list(found), "response_metadata": {"next_cursor": cursor}})


def test_a_post_carries_its_marker_and_unfurls_nothing(slack: SlackServer, messages: SlackMessages) -> None:
    assert messages.post("C1", Message("hello", [SECTION]), marker=MARKER, thread_ts="0.5") == "1.000001"
    [sent] = slack.calls("chat.postMessage")
    assert sent == {
        "channel": "C1",
        "text": "hello",
        "blocks": [SECTION],
        "thread_ts": "0.5",
        "metadata": {"event_type": "tunesmith_notice", "event_payload": {"key": MARKER}},
        "client_msg_id": MARKER,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_a_dropped_connection_is_one_call_and_an_unknown_outcome(
    slack: SlackServer, messages: SlackMessages
) -> None:
    slack.line_up("chat.postMessage", Answer(drop=True))
    with pytest.raises(UnknownOutcome):
        messages.post("C1", Message("hello"), marker=MARKER)
    assert len(slack.calls("chat.postMessage")) == 1


def test_find_reads_the_thread_for_our_marker_only(slack: SlackServer, messages: SlackMessages) -> None:
    slack.line_up(
        "conversations.replies",
        page(
            ours("0.5"),
            ours("3.0", thread_ts="0.5"),
            ours("2.0", thread_ts="0.5", user="UOTHER"),
            ours("2.5", thread_ts="0.5", marker="other"),
            {"ts": "2.7", "thread_ts": "0.5", "user": "UBOT", "text": "no metadata"},
            cursor="next",
        ),
        page(ours("1.5", thread_ts="0.5")),
    )
    assert messages.find("C1", MARKER, since=SINCE, thread_ts="0.5") == ["1.5", "3.0"]
    first, second = slack.calls("conversations.replies")
    assert first["ts"] == "0.5"
    assert first["include_all_metadata"] == "1"
    assert float(first["oldest"]) == SINCE.timestamp() - 5
    assert second["cursor"] == "next"


def test_find_outside_of_threads_reads_the_channel(slack: SlackServer, messages: SlackMessages) -> None:
    slack.line_up(
        "conversations.history", page(ours("3.0"), ours("4.0", thread_ts="4.0"), ours("5.0", thread_ts="1.0"))
    )
    assert messages.find("C1", MARKER, since=SINCE) == ["3.0", "4.0"]


def test_a_thread_that_is_gone_holds_nothing(slack: SlackServer, messages: SlackMessages) -> None:
    slack.line_up("conversations.replies", error("thread_not_found"))
    assert messages.find("C1", MARKER, since=SINCE, thread_ts="0.5") == []


def test_reading_that_fails_says_so(slack: SlackServer, messages: SlackMessages) -> None:
    slack.line_up("conversations.history", error("internal_error"))
    with pytest.raises(Unavailable):
        messages.find("C1", MARKER, since=SINCE)


def test_an_update_replaces_blocks_even_by_none(slack: SlackServer, messages: SlackMessages) -> None:
    messages.update("C1", "1.0", Message("hello"))
    assert slack.calls("chat.update") == [{"channel": "C1", "ts": "1.0", "text": "hello", "blocks": []}]


def test_an_update_fits_into_4000_characters(slack: SlackServer, messages: SlackMessages) -> None:
    messages.update("C1", "1.0", Message("x" * 5000))
    [sent] = slack.calls("chat.update")
    assert len(sent["text"]) == 4000
    assert sent["text"].endswith("…")


def test_updating_a_message_that_is_gone(slack: SlackServer, messages: SlackMessages) -> None:
    slack.line_up("chat.update", error("message_not_found"))
    with pytest.raises(NotFound):
        messages.update("C1", "1.0", Message("hello"))


def test_deleting_twice_is_no_error(slack: SlackServer, messages: SlackMessages) -> None:
    slack.line_up("chat.delete", error("message_not_found"))
    messages.delete("C1", "1.0")
    assert slack.calls("chat.delete") == [{"channel": "C1", "ts": "1.0"}]


def test_a_whisper_goes_to_one_person(slack: SlackServer, messages: SlackMessages) -> None:
    messages.whisper("C1", "U1", Message("psst"), thread_ts="0.5")
    assert slack.calls("chat.postEphemeral") == [
        {"channel": "C1", "user": "U1", "text": "psst", "thread_ts": "0.5"}
    ]


def test_the_token_goes_into_the_header(slack: SlackServer, messages: SlackMessages) -> None:
    seen: list[Request] = slack.requests
    messages.post("C1", Message("hello"), marker=MARKER)
    assert seen[-1].headers["Authorization"] == "Bearer xoxb-1"
    assert b"xoxb" not in seen[-1].body
