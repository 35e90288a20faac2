"""Messages that grow."""

import pytest
from slack_sdk import WebClient

from bot.playground.slack import Person, SlackStandIn
from tests.playground.slack.support import ManualClock, error_of, section

CHANNEL = "C0CLAIMSAI"


@pytest.fixture
def question(trainer: Person) -> str:
    return str(trainer.says("claims-ai", "a question")["ts"])


def start(client: WebClient, slack: SlackStandIn, thread_ts: str, text: str | None = "a") -> str:
    answer = client.chat_startStream(
        channel=CHANNEL,
        thread_ts=thread_ts,
        recipient_team_id=slack.team_id,
        recipient_user_id="U0TRAINER1",
        markdown_text=text,
    )
    return str(answer["ts"])


def test_grows_and_ends(slack: SlackStandIn, client: WebClient, trainer: Person, question: str) -> None:
    ts = start(client, slack, question)
    client.chat_appendStream(channel=CHANNEL, ts=ts, markdown_text="b")
    thread = trainer.thread({"channel": CHANNEL, "ts": question})
    assert (thread[1]["text"], thread[1]["streaming"]) == ("ab", True)
    metadata = {"event_type": "answer", "event_payload": {"key": "1"}}
    done = client.chat_stopStream(
        channel=CHANNEL, ts=ts, markdown_text="c", blocks=[section()], metadata=metadata
    )
    assert done["message"]["text"] == "abc"
    assert [block["type"] for block in done["message"]["blocks"]] == ["markdown", "section"]
    assert done["message"]["metadata"] == metadata
    assert (
        error_of(client.chat_appendStream, channel=CHANNEL, ts=ts, markdown_text="d")
        == "message_not_in_streaming_state"
    )


def test_the_sdks_helper_streams(
    slack: SlackStandIn, client: WebClient, trainer: Person, question: str
) -> None:
    stream = client.chat_stream(
        channel=CHANNEL,
        thread_ts=question,
        recipient_team_id=slack.team_id,
        recipient_user_id=trainer.id,
        buffer_size=10,
    )
    for word in ("one ", "two ", "three ", "four "):
        stream.append(markdown_text=word)
    stream.stop()
    assert trainer.thread({"channel": CHANNEL, "ts": question})[1]["text"] == "one two three four "


def test_shows_tasks(slack: SlackStandIn, client: WebClient, trainer: Person, question: str) -> None:
    ts = start(client, slack, question, None)
    task = {"type": "task_update", "id": "t1", "title": "Look up", "status": "in_progress"}
    client.chat_appendStream(channel=CHANNEL, ts=ts, chunks=[task])
    client.chat_appendStream(channel=CHANNEL, ts=ts, chunks=[task | {"status": "complete"}])
    block = trainer.thread({"channel": CHANNEL, "ts": question})[1]["blocks"][0]
    assert (block["type"], block["status"]) == ("task_card", "complete")


def test_dies_five_minutes_after_its_start(
    slack: SlackStandIn, client: WebClient, clock: ManualClock, question: str
) -> None:
    ts = start(client, slack, question)
    clock.advance(299)
    client.chat_appendStream(channel=CHANNEL, ts=ts, markdown_text="b")
    assert error_of(client.chat_update, channel=CHANNEL, ts=ts, text="x") == "streaming_state_conflict"
    clock.advance(1)
    assert (
        error_of(client.chat_appendStream, channel=CHANNEL, ts=ts, markdown_text="c")
        == "message_not_in_streaming_state"
    )
    assert error_of(client.chat_stopStream, channel=CHANNEL, ts=ts) == "message_not_in_streaming_state"
    assert client.chat_update(channel=CHANNEL, ts=ts, text="the whole answer")["ok"]


def test_holds_twelve_thousand_characters(slack: SlackStandIn, client: WebClient, question: str) -> None:
    ts = start(client, slack, question, "x" * 11_990)
    assert (
        error_of(client.chat_appendStream, channel=CHANNEL, ts=ts, markdown_text="y" * 11) == "msg_too_long"
    )
    client.chat_appendStream(channel=CHANNEL, ts=ts, markdown_text="y" * 10)
    assert error_of(client.chat_stopStream, channel=CHANNEL, ts=ts, markdown_text="z") == "msg_too_long"


def test_needs_a_recipient_outside_direct_messages(
    slack: SlackStandIn, client: WebClient, trainer: Person, question: str
) -> None:
    where = {"channel": CHANNEL, "thread_ts": question}
    assert error_of(client.chat_startStream, **where) == "missing_recipient_team_id"
    team = {"recipient_team_id": slack.team_id}
    assert error_of(client.chat_startStream, **where, **team) == "missing_recipient_user_id"
    assert (
        error_of(client.chat_startStream, **where, **team, recipient_user_id="U0NOBODY") == "user_not_found"
    )
    own = trainer.says(trainer.dm, "hello")
    assert client.chat_startStream(channel=trainer.dm, thread_ts=own["ts"])["ok"]


def test_refuses_text_and_chunks_at_once(slack: SlackStandIn, client: WebClient, question: str) -> None:
    ts = start(client, slack, question)
    both = {"markdown_text": "x", "chunks": [{"type": "markdown_text", "text": "y"}]}
    assert (
        error_of(client.chat_appendStream, channel=CHANNEL, ts=ts, **both)
        == "cannot_provide_both_markdown_text_and_chunks"
    )
    bad = [{"type": "task_update", "id": "1", "title": "x", "status": "running"}]
    assert error_of(client.chat_appendStream, channel=CHANNEL, ts=ts, chunks=bad) == "invalid_chunks"
    assert error_of(client.chat_appendStream, channel=CHANNEL, ts=ts, chunks=[]) == "no_text"


def test_only_its_own_messages_grow(client: WebClient, question: str) -> None:
    assert (
        error_of(client.chat_appendStream, channel=CHANNEL, ts=question, markdown_text="x")
        == "message_not_owned_by_app"
    )


def test_a_person_may_stop_it(slack: SlackStandIn, client: WebClient, trainer: Person, question: str) -> None:
    ts = start(client, slack, question)
    trainer.stops(trainer.thread({"channel": CHANNEL, "ts": question})[1])
    assert error_of(client.chat_appendStream, channel=CHANNEL, ts=ts, markdown_text="x") == "stopped_by_user"
    slack.wait_until_delivered()
    sent = [entry.data["payload"]["event"] for entry in slack.log.of("delivery")]
    stopped = next(event for event in sent if event["type"] == "agent_session_stopped")
    assert (stopped["channel"], stopped["user"], stopped["streaming_message_ts"]) == (
        CHANNEL,
        trainer.id,
        [ts],
    )
