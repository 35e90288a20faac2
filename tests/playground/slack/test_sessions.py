"""Agent sessions and their Stop, as documented.

docs.slack.dev/ai/agent-sessions, /reference/methods/agents.sessions.setStatus and
/reference/events/agent_session_stopped: the button is there "while an agent session is in the processing status";
``streaming_message_ts`` "is an empty array when no stream was active, so the event still tells you to stop work that
isn't a stream"; "the session status does not update automatically when the user clicks stop"; an app that is not
subscribed to the event gets a warning, and its people no button.
"""

import copy
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.playground.slack import Person, SeenByPerson, SlackStandIn
from bot.playground.slack.manifest import DEFAULT
from tests.playground.slack.support import ManualClock, client_of, error_of

CHANNEL = "C0CLAIMSAI"
Json = dict[str, Any]


@pytest.fixture
def root(trainer: Person) -> Json:
    return trainer.says("claims-ai", "What now?")


def set_status(client: WebClient, root: Json, status: str, **more: Any) -> Json:
    where = {"channel_id": CHANNEL, "thread_ts": root["ts"], "status": status}
    answer = client.api_call("agents.sessions.setStatus", json=where | more).data
    assert isinstance(answer, dict)
    return answer


def stopped(slack: SlackStandIn) -> list[Json]:
    slack.wait_until_delivered()
    sent = [entry.data["payload"]["event"] for entry in slack.log.of("delivery")]
    found = [event for event in sent if event["type"] == "agent_session_stopped"]
    return list({event["event_ts"]: event for event in found}.values())  # nobody acknowledges them here


def stream(client: WebClient, slack: SlackStandIn, root: Json) -> str:
    said = client.chat_startStream(
        channel=CHANNEL,
        thread_ts=root["ts"],
        markdown_text="a",
        recipient_user_id="U0ASKER001",
        recipient_team_id=slack.team_id,
    )
    return str(said["ts"])


def test_stop_without_a_stream_tells_of_an_empty_list(
    slack: SlackStandIn, client: WebClient, trainer: Person, root: Json
) -> None:
    assert not trainer.can_stop(root)
    with pytest.raises(SeenByPerson):
        trainer.stops(root)
    answer = set_status(client, root, "processing", title="What now?", initiator_user_id=trainer.id)
    told = {"status": "processing", "agent_status": "processing", "title": "What now?"}
    assert answer.items() >= told.items()
    assert "warning" not in answer
    assert trainer.can_stop(root)
    trainer.stops(root)
    [event] = stopped(slack)
    assert (
        event.items()
        >= {
            "channel": CHANNEL,
            "thread_ts": root["ts"],
            "user": trainer.id,
            "streaming_message_ts": [],
        }.items()
    )


def test_stop_ends_every_stream_of_the_thread_and_leaves_the_status_to_the_app(
    slack: SlackStandIn, client: WebClient, trainer: Person, root: Json
) -> None:
    streams = [stream(client, slack, root), stream(client, slack, root)]
    trainer.stops(root)
    assert stopped(slack)[0]["streaming_message_ts"] == streams
    assert trainer.can_stop(root), "the app has to move it"
    trainer.stops(root)
    assert [event["streaming_message_ts"] for event in stopped(slack)] == [streams, []]
    where = {"channel": CHANNEL, "ts": streams[0]}
    assert error_of(client.chat_appendStream, **where, markdown_text="b") == "stopped_by_user"
    assert error_of(client.chat_stopStream, **where) == "message_not_in_streaming_state"
    assert set_status(client, root, "active")["status"] == "active"
    assert not trainer.can_stop(root)


@pytest.mark.parametrize("status", [None, "active", "processing", "suspended", "closed"])
def test_the_end_of_a_stream_moves_the_session(
    slack: SlackStandIn, client: WebClient, trainer: Person, root: Json, status: str | None
) -> None:
    """``session_status`` of chat.stopStream, "defaults to active" (github.com/slackapi/python-slack-sdk/pull/1945)."""
    ts = stream(client, slack, root)
    assert trainer.can_stop(root), "a stream begins a session by itself"
    more = {"session_status": status} if status else {}
    client.api_call("chat.stopStream", json={"channel": CHANNEL, "ts": ts, **more})
    assert trainer.can_stop(root) is (status == "processing")


def test_an_hour_ends_what_nobody_ends(
    slack: SlackStandIn, clock: ManualClock, client: WebClient, trainer: Person, root: Json
) -> None:
    set_status(client, root, "processing")
    clock.advance(3599)
    slack.tick()
    assert trainer.can_stop(root)
    clock.advance(2)
    slack.tick()
    assert not trainer.can_stop(root)


def test_refuses_what_the_reference_refuses(client: WebClient, root: Json) -> None:
    call = client.api_call
    right = {"channel_id": CHANNEL, "thread_ts": root["ts"], "status": "active"}
    rows: list[tuple[Json, str]] = [
        ({"status": "busy"}, "invalid_status"),
        ({"channel_id": "C0NOBODY"}, "channel_not_found"),
        ({"thread_ts": ""}, "thread_ts_required"),
        ({"initiator_user_id": "U0NOBODY"}, "user_not_found"),
        ({"title": "x" * 201}, "invalid_arguments"),
    ]
    for change, error in rows:
        assert error_of(call, "agents.sessions.setStatus", json=right | change) == error


def test_an_app_that_would_not_hear_of_it_has_no_button(clock: ManualClock) -> None:
    manifest = copy.deepcopy(DEFAULT)
    manifest["settings"]["event_subscriptions"]["bot_events"].remove("agent_session_stopped")
    with SlackStandIn(manifest, clock=clock) as slack:
        person = slack.person("trainer")
        root = person.says("claims-ai", "What now?")
        answer = set_status(client_of(slack), root, "processing")
        assert answer["warning"] == "missing_agent_session_stopped_event_subscription"
        assert not person.can_stop(root)
        with pytest.raises(SeenByPerson, match="cannot be stopped"):
            person.stops(root)


def test_an_app_that_is_no_agent_has_no_sessions(clock: ManualClock) -> None:
    manifest = copy.deepcopy(DEFAULT)
    del manifest["features"]["agent_view"]
    with SlackStandIn(manifest, clock=clock) as slack:
        root = slack.person("trainer").says("claims-ai", "What now?")
        right = {"channel_id": CHANNEL, "thread_ts": root["ts"], "status": "active"}
        client = client_of(slack)
        assert error_of(client.api_call, "agents.sessions.setStatus", json=right) == "not_authorized"
