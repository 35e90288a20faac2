"""Slack tells that a channel has another ID: it is written down, and what comes from there is read as before."""

import json
from typing import Any

import pytest

from bot.errors import Unavailable
from handlers.core import Invocation, say
from handlers.delivery import ReplySender
from tests.doubles.clock import FakeClock
from tests.doubles.details import InMemoryDetails
from tests.doubles.moves import moves_in
from tests.doubles.visibility import FakeChannelMemberships
from tests.handlers.door import BOT, CHANNEL, DIRECT, Door, Json, RecordingClient, make_door
from tests.handlers.test_events import mention
from tests.tables import table

LATER = "C0LATER"


def told(former: Any = CHANNEL, later: Any = LATER) -> dict[str, Any]:
    return {
        "type": "channel_id_changed",
        "old_channel_id": former,
        "new_channel_id": later,
        "event_ts": "1.0",
    }


@pytest.fixture
def places() -> FakeChannelMemberships:
    places = FakeChannelMemberships()
    places.gone(CHANNEL)
    places.private(LATER, "UTRAIN")
    return places


@pytest.fixture
def door(places: FakeChannelMemberships) -> Door:
    return make_door(memberships=places)


def asked_in(door: Door) -> list[str]:
    return [each.channel for each in door.questions.asked]


def test_what_comes_from_there_is_of_the_channel_that_is_known(
    door: Door, places: FakeChannelMemberships
) -> None:
    assert door.event(told(), "Ev1").status == 200
    assert (CHANNEL, "") in places.heard, "who is in there is asked anew"
    door.event(mention(f"<@{BOT}> is it down?", channel=LATER))
    door.command("is it down?", slash="/ask", channel_id=LATER)
    assert asked_in(door) == [CHANNEL, CHANNEL]
    door.event(told(), "Ev1")
    door.event(told(), "Ev2")
    door.command("is it up?", slash="/ask", channel_id=LATER)
    assert asked_in(door) == [CHANNEL] * 3


def test_a_chain_of_them_is_told_in_the_ids_that_slack_means(
    door: Door, places: FakeChannelMemberships
) -> None:
    door.event(told())
    door.command("is it down?", slash="/ask", channel_id=LATER)
    places.gone(LATER)
    places.private("C0LAST", "UTRAIN")
    door.event(told(LATER, "C0LAST"))
    door.command("is it down?", slash="/ask", channel_id="C0LAST")
    assert asked_in(door) == [CHANNEL, CHANNEL]


def test_what_is_no_change_changes_nothing(door: Door) -> None:
    odd: list[dict[str, Any]] = [
        told(None),
        told(CHANNEL, None),
        told([CHANNEL], {"id": LATER}),
        told("", ""),
        told(DIRECT, LATER),
        told(CHANNEL, "U0LATER"),
        {"type": "channel_id_changed"},
    ]
    with table() as row:
        for number, event in enumerate(odd):
            with row(json.dumps(event)):
                assert door.event(event, f"EvOdd{number}").status == 200
                door.command("is it down?", slash="/ask", channel_id=LATER)
                assert asked_in(door)[-1] == LATER


def test_one_that_cannot_be_written_down_is_delivered_again(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Unavailable("Redis is away.")

    def fails(*_: object) -> None:
        raise away

    with monkeypatch.context() as patched:
        patched.setattr("tests.doubles.moves.InMemoryMoves.keep", fails)
        assert door.event(told(), "Ev1").status == 500
    assert door.event(told(), "Ev1").status == 200
    door.command("is it down?", slash="/ask", channel_id=LATER)
    assert asked_in(door) == [CHANNEL]


def test_what_is_answered_past_the_client_names_the_channel_as_slack_does(
    places: FakeChannelMemberships,
) -> None:
    moves, sent = moves_in(places, FakeClock()), list[Json]()
    moves.changed(CHANNEL, LATER)
    replies = ReplySender(
        RecordingClient(), InMemoryDetails(), lambda _url, body: sent.append(dict(body)), moves.outward
    )
    asked = Invocation("r", "UTRAIN", channel=CHANNEL, response_url="https://hooks.slack.example/1")
    replies.deliver(asked, say(f"it is served in <#{CHANNEL}>"))
    assert "<#C0LATER>" in json.dumps(sent)
    assert f"<#{CHANNEL}>" not in json.dumps(sent)
    places.away = Unavailable("Slack is away.")
    moves.changed(LATER, "C0LAST")
    replies.deliver(asked, say(f"it is served in <#{CHANNEL}>"))
    assert len(sent) == 2, "it is said all the same"
