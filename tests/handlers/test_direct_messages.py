"""A direct message has no button that its one reader may not press: every card in every state, for every reader."""

import uuid
from dataclasses import replace
from typing import Any

import pytest

from bot.access import Access
from bot.controller.details import DetailedMessages
from bot.controller.model import Message
from bot.discovery import collect
from bot.errors import Unavailable
from bot.memberships import Membership
from bot.questions.ports import Streams
from bot.wiring.base import Base
from bot.wiring.ports import ports_of
from handlers.core import Who
from handlers.direct_messages import OfferedMessages, OfferedStreams, Offering, Readers
from handlers.register import whose_buttons
from handlers.ui.blocks import actions, button, section
from handlers.ui.render import render
from tests.attacks.settings import SETTINGS
from tests.doubles.clock import FakeClock
from tests.doubles.details import InMemoryDetails
from tests.doubles.memberships import FakeMemberships
from tests.doubles.messages import FakeSlackMessages
from tests.handlers.door import buttons
from tests.tables import table

ACCESS = Access(
    trainers=frozenset({"UTRAIN", "UGUEST"}),
    approvers=frozenset({"UAPPROVE"}),
    people=FakeMemberships(UGUEST=Membership.GUEST),
    operator="UOPERATE",
)
EVERYBODY = {Who.ANYONE, Who.ASKER, Who.OWNER, Who.ENDER}
"""Of the last two the service alone knows whose the thing is."""
MAY = {
    "UASK": EVERYBODY,
    "UTRAIN": EVERYBODY | {Who.CONTRIBUTOR, Who.TRAINER, Who.OVERSEER},
    "UGUEST": EVERYBODY,
    "UAPPROVE": EVERYBODY | {Who.APPROVER, Who.OVERSEER},
    "UOPERATE": EVERYBODY | {Who.OPERATOR, Who.RAISER, Who.OVERSEER},
}
WHOSE = whose_buttons()
CARDS: dict[str, Message] = {
    f"{type(card).__name__}: {state}": card if isinstance(card, Message) else render(card)
    for each in collect("handlers.ui.examples", "EXAMPLES")
    for state, card in each.items()
}


class Slack:
    """The direct messages of some people, as the loop posts them."""

    def __init__(self, access: Access = ACCESS) -> None:
        self.asked: list[str] = []
        self.down = False
        self.slack, self.details = FakeSlackMessages(FakeClock()), InMemoryDetails()
        self.offering = Offering(access, WHOSE, Readers(self.reader))
        self.messages = OfferedMessages(DetailedMessages(self.slack, self.details), self.offering)

    def reader(self, channel: str) -> str:
        self.asked.append(channel)
        if self.down:
            raise Unavailable("Slack could not be reached.")
        return channel.replace("D", "U", 1)

    def posted(self, channel: str, message: Message) -> list[str]:
        """Return the actions of the buttons that it has there, and behind *Details*."""
        self.details.kept.clear()
        self.messages.post(channel, message, marker=str(uuid.uuid4()))
        shown = self.slack.visible(channel)[-1].message
        held_back = [each for blocks in self.details.kept.values() for each in blocks]
        return pressable([*shown.blocks, *held_back])


def pressable(blocks: Any) -> list[str]:
    return [action for action, _ in buttons({"blocks": list(blocks)})]


@pytest.mark.slow
def test_no_card_in_a_direct_message_has_a_button_that_its_reader_may_not_press() -> None:
    slack, taken, kinds = Slack(), 0, set()
    channels = {user: slack.messages.direct(user) for user in MAY}
    with table() as row:
        for name, message in CARDS.items():
            there = pressable([*message.blocks, *message.details])
            for user, may in MAY.items():
                with row(f"{name}, read by {user}"):
                    left = [each for each in there if WHOSE.get(each, Who.ANYONE) in may]
                    assert slack.posted(channels[user], message) == left
                    taken += len(there) - len(left)
            with row(f"{name}, in a channel"):
                assert slack.posted("C1", message) == there
            kinds |= {WHOSE[each] for each in there if each in WHOSE}
    assert taken > 100, "the cards have buttons that are not for everybody"
    assert {Who.TRAINER, Who.APPROVER, Who.RAISER, Who.CONTRIBUTOR, Who.OVERSEER} <= kinds
    assert slack.asked == [], "whose a direct message is, is known from opening it"


APPROVE = Message("Approve?", [section("Approve?"), *actions(button("Approve", "plan.approve", "job:1@1"))])


def test_whose_a_direct_message_is_that_was_opened_before_is_asked_once_and_only_where_it_matters() -> None:
    slack = Slack()
    slack.posted("DASK", Message("Done.", [section("Done.")]))
    assert slack.asked == []
    assert [slack.posted("DASK", APPROVE) for _ in range(2)] == [[], []]
    assert slack.posted("DAPPROVE", APPROVE) == ["plan.approve"]
    assert slack.asked == ["DASK", "DAPPROVE"]


def test_what_slack_does_not_say_takes_no_button_away() -> None:
    slack = Slack()
    slack.down = True
    assert slack.posted("DASK", APPROVE) == ["plan.approve"]
    people = FakeMemberships()
    people.down = True
    slack = Slack(replace(ACCESS, people=people))
    assert slack.posted("DAPPROVE", APPROVE) == ["plan.approve"]
    assert slack.posted("DASK", APPROVE) == []


@pytest.mark.parametrize(("channels", "there"), [((), ["plan.start"]), (("C1",), [])])
def test_nothing_is_offered_where_nothing_may_be_spent(channels: tuple[str, ...], there: list[str]) -> None:
    start = Message("A plan.", actions(button("Start", "plan.start", "job:1@1")))
    assert Slack(replace(ACCESS, channels=frozenset(channels))).posted("DTRAIN", start) == there


def test_what_stands_under_an_answer_is_held_to_the_same() -> None:
    said: list[list[str]] = []

    class Recording:
        start = append = unmarked = None

        def stop(self, *_: Any, under: Message, **__: Any) -> None:
            said.append(pressable(under.blocks))

        replace = stop

    recording: Any = Recording()
    streams: Streams = OfferedStreams(recording, Slack().offering)
    for channel in ("DASK", "DAPPROVE", "C1"):
        streams.stop(channel, "1.0", marker="m", under=APPROVE)
        streams.replace(channel, "1.0", "text", marker="m", under=APPROVE)
    assert said == [[], [], ["plan.approve"], ["plan.approve"], ["plan.approve"], ["plan.approve"]]


def test_the_bot_has_no_other_way_to_post() -> None:
    ports = ports_of(Base(SETTINGS, FakeClock()))
    assert isinstance(ports.messages, OfferedMessages)
    assert isinstance(ports.streams, OfferedStreams)
    assert ports.outbox._messages is ports.messages


def test_an_edit_and_what_one_person_sees_in_a_channel_are_held_to_the_same() -> None:
    slack = Slack()
    ts = slack.messages.post("DASK", Message("Soon."), marker=str(uuid.uuid4()))
    slack.messages.update("DASK", ts, APPROVE)
    slack.messages.whisper("C1", "UASK", APPROVE)
    slack.messages.whisper("C1", "UAPPROVE", APPROVE)
    assert pressable(slack.slack.visible("DASK")[-1].message.blocks) == []
    assert [pressable(each.message.blocks) for each in slack.slack.whispers] == [[], ["plan.approve"]]
