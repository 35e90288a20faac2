"""Messages: one contract, held against the twin and against the adapter on the Slack stand-in."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.adapters.slack_clients import posting_client, reading_client
from bot.adapters.slack_messages import SlackMessages
from bot.controller.model import Message
from bot.controller.ports import Messages
from bot.errors import NotFound, Refused, Throttled, UnknownOutcome
from bot.playground.slack import SlackStandIn
from tests.doubles.clock import FakeClock
from tests.doubles.messages import FakeSlackMessages, dropped, lost_reply, throttled

CHANNEL = "C0CLAIMSAI"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}


@dataclass
class Bench:
    """A ``Messages`` with the means to look behind it and to make it fail."""

    messages: Messages
    clock: FakeClock
    twin: FakeSlackMessages | None = None
    slack: SlackStandIn | None = None
    person: str = "U0TRAINER1"
    _seen: list[str] = field(default_factory=list)

    def texts(self) -> list[str]:
        """What people see in the channel, outside of threads."""
        if self.twin:
            return [each.message.text for each in self.twin.visible(CHANNEL) if each.thread_ts is None]
        assert self.slack
        return [
            each["text"] for each in self.slack.person("trainer").sees("claims-ai") if not each["ephemeral"]
        ]

    def throttle(self) -> None:
        if self.twin:
            self.twin.order("post", throttled(7))
        if self.slack:
            self.slack.faults.rate_limit("chat.postMessage", retry_after=7)

    def lose_reply(self) -> None:
        if self.twin:
            self.twin.order("post", lost_reply())
        if self.slack:
            self.slack.faults.drop_after("chat.postMessage")

    def drop(self) -> None:
        if self.twin:
            self.twin.order("post", dropped())
        if self.slack:
            self.slack.faults.drop_before("chat.postMessage")


@pytest.fixture(params=["twin", "stand-in"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    clock = FakeClock()
    if request.param == "twin":
        twin = FakeSlackMessages(clock, [CHANNEL])
        yield Bench(twin, clock, twin=twin)
        return
    with SlackStandIn(clock=clock) as slack:
        posting = posting_client(slack.bot_token, slack.api_url)
        reading = reading_client(slack.bot_token, slack.api_url)
        yield Bench(SlackMessages(posting, reading), clock, slack=slack)


def mark() -> str:
    return str(uuid.uuid4())


def test_a_message_is_found_by_its_marker_alone(bench: Bench) -> None:
    marker, since = mark(), bench.clock.now()
    ts = bench.messages.post(CHANNEL, Message("hello", [SECTION]), marker=marker)
    bench.messages.post(CHANNEL, Message("other"), marker=mark())
    assert bench.messages.find(CHANNEL, marker, since=since) == [ts]
    assert bench.messages.find(CHANNEL, mark(), since=since) == []
    assert bench.texts() == ["hello", "other"]


def test_copies_are_found_oldest_first(bench: Bench) -> None:
    marker, since = mark(), bench.clock.now()
    first = bench.messages.post(CHANNEL, Message("hello"), marker=marker)
    bench.clock.advance(60)
    second = bench.messages.post(CHANNEL, Message("hello"), marker=marker)
    assert bench.messages.find(CHANNEL, marker, since=since) == [first, second]


def test_what_is_older_is_not_looked_at(bench: Bench) -> None:
    marker = mark()
    bench.messages.post(CHANNEL, Message("hello"), marker=marker)
    since = bench.clock.now() + timedelta(minutes=5)
    bench.clock.advance(600)
    assert bench.messages.find(CHANNEL, marker, since=since) == []


def test_a_reply_is_found_in_its_thread_and_nowhere_else(bench: Bench) -> None:
    root_marker, marker, since = mark(), mark(), bench.clock.now()
    root = bench.messages.post(CHANNEL, Message("root"), marker=root_marker)
    reply = bench.messages.post(CHANNEL, Message("reply"), marker=marker, thread_ts=root)
    assert bench.messages.find(CHANNEL, marker, since=since, thread_ts=root) == [reply]
    assert bench.messages.find(CHANNEL, marker, since=since) == []
    assert bench.messages.find(CHANNEL, root_marker, since=since, thread_ts=root) == []
    assert bench.messages.find(CHANNEL, root_marker, since=since) == [root]


@pytest.mark.slow
def test_many_messages_are_read_page_by_page(bench: Bench) -> None:
    marker, since = mark(), bench.clock.now()
    root = bench.messages.post(CHANNEL, Message("root"), marker=mark())
    replies = []
    for number in range(205):
        bench.clock.advance(2)  # a message a second is what a channel takes
        kind = marker if number in (0, 204) else mark()
        replies.append(bench.messages.post(CHANNEL, Message("reply"), marker=kind, thread_ts=root))
    assert bench.messages.find(CHANNEL, marker, since=since, thread_ts=root) == [replies[0], replies[-1]]


def test_an_update_keeps_place_and_marker(bench: Bench) -> None:
    marker, since = mark(), bench.clock.now()
    ts = bench.messages.post(CHANNEL, Message("hello", [SECTION]), marker=marker)
    for _ in range(2):
        bench.messages.update(CHANNEL, ts, Message("goodbye"))
    assert bench.texts() == ["goodbye"]
    assert bench.messages.find(CHANNEL, marker, since=since) == [ts]


def test_what_is_deleted_is_gone(bench: Bench) -> None:
    marker, since = mark(), bench.clock.now()
    ts = bench.messages.post(CHANNEL, Message("hello"), marker=marker)
    for _ in range(2):
        bench.messages.delete(CHANNEL, ts)
    assert bench.texts() == []
    assert bench.messages.find(CHANNEL, marker, since=since) == []
    with pytest.raises(NotFound):
        bench.messages.update(CHANNEL, ts, Message("goodbye"))


def test_a_whisper_is_read_by_nobody_else(bench: Bench) -> None:
    bench.messages.whisper(CHANNEL, bench.person, Message("psst"))
    assert bench.texts() == []


def test_a_channel_that_is_not_there(bench: Bench) -> None:
    with pytest.raises(Refused):
        bench.messages.post("C0NOWHERE1", Message("hello"), marker=mark())


def test_a_thread_that_is_not_there(bench: Bench) -> None:
    with pytest.raises(Refused):
        bench.messages.post(CHANNEL, Message("hello"), marker=mark(), thread_ts="1000000000.000001")
    assert bench.messages.find(CHANNEL, mark(), since=bench.clock.now(), thread_ts="1000000000.000001") == []


def test_throttled_means_that_nothing_was_done(bench: Bench) -> None:
    bench.throttle()
    marker, since = mark(), bench.clock.now()
    with pytest.raises(Throttled) as caught:
        bench.messages.post(CHANNEL, Message("hello"), marker=marker)
    assert caught.value.retry_after == 7
    assert bench.messages.find(CHANNEL, marker, since=since) == []


def test_a_lost_reply_is_unknown_and_reading_tells_that_it_was_done_once(bench: Bench) -> None:
    bench.lose_reply()
    marker, since = mark(), bench.clock.now()
    with pytest.raises(UnknownOutcome):
        bench.messages.post(CHANNEL, Message("hello"), marker=marker)
    assert len(bench.messages.find(CHANNEL, marker, since=since)) == 1


def test_a_dropped_call_is_unknown_and_reading_tells_that_it_was_not_done(bench: Bench) -> None:
    bench.drop()
    marker, since = mark(), bench.clock.now()
    with pytest.raises(UnknownOutcome):
        bench.messages.post(CHANNEL, Message("hello"), marker=marker)
    assert bench.messages.find(CHANNEL, marker, since=since) == []


def test_an_archived_channel_takes_nothing(bench: Bench) -> None:
    marker, since = mark(), bench.clock.now()
    ts = bench.messages.post(CHANNEL, Message("hello"), marker=marker)
    if bench.twin:
        bench.twin.archive(CHANNEL)
    if bench.slack:
        bench.slack.archive("claims-ai")
    with pytest.raises(Refused):
        bench.messages.post(CHANNEL, Message("more"), marker=mark())
    with pytest.raises(Refused):
        bench.messages.update(CHANNEL, ts, Message("goodbye"))
    assert bench.messages.find(CHANNEL, marker, since=since) == [ts], "it can still be read"


def test_a_persons_direct_message_is_a_channel_as_any_other(bench: Bench) -> None:
    marker, since = mark(), bench.clock.now()
    direct = bench.messages.direct(bench.person)
    assert direct == bench.messages.direct(bench.person)
    ts = bench.messages.post(direct, Message("hello"), marker=marker)
    assert bench.messages.find(direct, marker, since=since) == [ts]
    bench.messages.update(direct, ts, Message("goodbye"))


def test_somebody_who_is_not_there_has_no_direct_message(bench: Bench) -> None:
    if bench.twin:
        bench.twin.deactivated.add("U0NOBODY")
    with pytest.raises(Refused):
        bench.messages.direct("U0NOBODY")
