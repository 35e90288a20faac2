from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.adapters.slack_clients import posting_client, reading_client
from bot.adapters.slack_status import SlackStatus
from bot.adapters.slack_streams import SlackStreams
from bot.errors import Throttled, Unavailable
from bot.questions.answerer import StreamClosed
from bot.questions.sanitising import JOINER
from tests.adapters.slack_server import Answer, SlackServer, error

MARKER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
METADATA = {"event_type": "tunesmith_notice", "event_payload": {"key": MARKER}}
SINCE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer().running() as server:
        server.always["auth.test"] = Answer({"ok": True, "user_id": "UBOT"})
        server.always["chat.startStream"] = Answer({"ok": True, "ts": "1.000001"})
        yield server


@pytest.fixture
def streams(slack: SlackServer) -> SlackStreams:
    return SlackStreams(posting_client("xoxb-1", slack.base_url), reading_client("xoxb-1", slack.base_url))


def test_a_stream_in_a_channel_names_its_reader(slack: SlackServer, streams: SlackStreams) -> None:
    assert streams.start("C1", "0.5", user="U1", team="T1", text="Once") == "1.000001"
    assert slack.calls("chat.startStream") == [
        {
            "channel": "C1",
            "thread_ts": "0.5",
            "markdown_text": "Once",
            "recipient_user_id": "U1",
            "recipient_team_id": "T1",
        }
    ]


def test_a_stream_in_a_direct_message_does_not(slack: SlackServer, streams: SlackStreams) -> None:
    streams.start("D1", "0.5", user="U1", team="T1", text="Once")
    assert slack.calls("chat.startStream") == [{"channel": "D1", "thread_ts": "0.5", "markdown_text": "Once"}]


def test_append_and_stop(slack: SlackServer, streams: SlackStreams) -> None:
    streams.append("C1", "1.0", " upon")
    streams.stop("C1", "1.0", marker=MARKER)
    assert slack.calls("chat.appendStream") == [{"channel": "C1", "ts": "1.0", "markdown_text": " upon"}]
    assert slack.calls("chat.stopStream") == [{"channel": "C1", "ts": "1.0", "metadata": METADATA}]


def test_a_stream_that_the_person_stopped(slack: SlackServer, streams: SlackStreams) -> None:
    slack.line_up("chat.appendStream", error("stopped_by_user"))
    with pytest.raises(StreamClosed) as caught:
        streams.append("C1", "1.0", "more")
    assert caught.value.reason == "stopped"


def test_an_expired_stream_cannot_be_stopped(slack: SlackServer, streams: SlackStreams) -> None:
    slack.line_up("chat.stopStream", error("message_not_in_streaming_state"))
    with pytest.raises(StreamClosed):
        streams.stop("C1", "1.0", marker=MARKER)


def test_too_many_streams_a_minute(slack: SlackServer, streams: SlackStreams) -> None:
    slack.line_up(
        "chat.startStream", Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "3"})
    )
    with pytest.raises(Throttled):
        streams.start("C1", "0.5", user="U1", team="T1", text="Once")


def test_replacing_gives_the_marker_too(slack: SlackServer, streams: SlackStreams) -> None:
    streams.replace("C1", "1.0", "All of it", marker=MARKER)
    assert slack.calls("chat.update") == [
        {"channel": "C1", "ts": "1.0", "markdown_text": "All of it", "metadata": METADATA}
    ]


def test_replacing_while_the_stream_is_open_passes_by_itself(
    slack: SlackServer, streams: SlackStreams
) -> None:
    slack.line_up("chat.update", error("streaming_state_conflict"))
    with pytest.raises(Unavailable):
        streams.replace("C1", "1.0", "All of it", marker=MARKER)


def test_unmarked_are_our_streams_that_were_never_stopped(slack: SlackServer, streams: SlackStreams) -> None:
    def said(ts: str, user: str = "UBOT", **more: object) -> dict[str, object]:
        return {"ts": ts, "thread_ts": "0.5", "user": user, "text": "x", **more}

    slack.line_up(
        "conversations.replies",
        Answer(
            {
                "ok": True,
                "messages": [
                    said("1.0"),
                    said("2.0", metadata=METADATA),
                    said("3.0", user="U1"),
                    said("4.0", files=[{"id": "F1"}]),
                ],
            }
        ),
    )
    assert streams.unmarked("C1", "0.5", since=SINCE) == ["1.0"]


def test_the_status_never_raises(slack: SlackServer) -> None:
    slack.line_up("assistant.threads.setStatus", error("internal_error"))
    SlackStatus(posting_client("xoxb-1", slack.base_url)).show("C1", "0.5", "is thinking…")
    [sent] = slack.calls("assistant.threads.setStatus")
    assert sent == {"channel_id": "C1", "thread_ts": "0.5", "status": "is thinking…"}


@pytest.mark.parametrize(
    "refusal", [None, "feature_disabled", "not_authorized", "ratelimited", "internal_error"]
)
def test_a_session_is_told_of_and_nothing_depends_on_it(slack: SlackServer, refusal: str | None) -> None:
    """docs.slack.dev/reference/methods/agents.sessions.setStatus: ``feature_disabled`` is possible everywhere."""
    if refusal:
        slack.line_up("agents.sessions.setStatus", error(refusal), error(refusal))
    status = SlackStatus(posting_client("xoxb-1", slack.base_url))
    status.working("C1", "0.5", title=f"Where does it go?\n{'x' * 300}")
    status.idle("C1", "0.5")
    begun, ended = slack.calls("agents.sessions.setStatus")
    assert begun.pop("title") == f"Where does it go? {'x' * 300}"[:200]
    assert begun == {"channel_id": "C1", "thread_ts": "0.5", "status": "processing"}
    assert ended == {"channel_id": "C1", "thread_ts": "0.5", "status": "active"}


def test_the_title_of_a_session_is_text(slack: SlackServer) -> None:
    """It is the question, as somebody typed it."""
    status = SlackStatus(posting_client("xoxb-1", slack.base_url))
    status.working("C1", "0.5", title="<!channel> see\u202e https://evil.example")
    [begun] = slack.calls("agents.sessions.setStatus")
    assert begun["title"] == f"<{JOINER}!channel> see https:{JOINER}//evil.{JOINER}example"


@pytest.mark.parametrize("goes_on", [False, True])
def test_the_end_of_a_stream_says_whether_more_comes(
    slack: SlackServer, streams: SlackStreams, goes_on: bool
) -> None:
    streams.stop("C1", "1.0", marker=MARKER, goes_on=goes_on)
    [sent] = slack.calls("chat.stopStream")
    assert sent.get("session_status") == ("processing" if goes_on else None)
