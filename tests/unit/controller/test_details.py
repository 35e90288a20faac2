"""Details are there before the message that shows them, and belong to the place that it is in."""

import uuid

import pytest

from bot.controller.details import DetailedMessages, details_id, keep_details
from bot.controller.model import Message
from bot.errors import Unavailable
from tests.doubles.clock import FakeClock
from tests.doubles.details import InMemoryDetails
from tests.doubles.messages import FakeSlackMessages

BLOCKS = [{"type": "divider"}]
CARD = Message("A plan.", (), BLOCKS)
MARKER = str(uuid.UUID(int=1))


def made() -> tuple[DetailedMessages, FakeSlackMessages, InMemoryDetails]:
    slack, details = FakeSlackMessages(FakeClock()), InMemoryDetails()
    return DetailedMessages(slack, details), slack, details


def test_details_are_kept_for_the_channel_before_a_message_is_posted_and_when_it_changes() -> None:
    messages, slack, details = made()
    there: list[int] = []
    slack.before = lambda _method: there.append(len(details.kept))

    ts = messages.post("C1", CARD, marker=MARKER)
    messages.update("C1", ts, Message("Another.", (), [*BLOCKS, *BLOCKS]))

    assert there == [1, 2]
    assert set(details.kept) == {("C1", details_id(BLOCKS)), ("C1", details_id([*BLOCKS, *BLOCKS]))}
    assert details.brief == set()


def test_what_one_person_sees_is_kept_for_them_alone_and_briefly() -> None:
    messages, _, details = made()
    messages.whisper("C1", "U1", CARD)

    assert set(details.kept) == {("U1", details_id(BLOCKS))} == details.brief


def test_nothing_is_posted_whose_details_could_not_be_kept() -> None:
    messages, slack, details = made()
    details.away = Unavailable("The store is away.")

    with pytest.raises(Unavailable):
        messages.post("C1", CARD, marker=MARKER)
    assert slack.everything_posted == []


def test_a_message_that_holds_nothing_back_keeps_nothing() -> None:
    messages, slack, details = made()
    details.away = Unavailable("The store is away.")
    messages.post("C1", Message("Hello."), marker=MARKER)
    messages.delete("C1", messages.find("C1", MARKER, since=FakeClock().now())[0])

    assert slack.visible() == []
    assert messages.direct("U1") == "DU1"


def test_the_same_details_have_the_same_id_and_others_another() -> None:
    assert details_id([{"a": 1, "b": 2}]) == details_id([{"b": 2, "a": 1}]) != details_id([{"a": 1}])
    details = InMemoryDetails()
    keep_details(details, "C1", CARD)
    keep_details(details, "C1", CARD)
    assert len(details.kept) == 1
