"""Messages that grow: one contract, held against the twin and against the adapter on the Slack stand-in."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from bot.adapters.slack_clients import posting_client, reading_client
from bot.adapters.slack_messages import SlackMessages
from bot.adapters.slack_streams import SlackStreams
from bot.controller.model import Message
from bot.controller.ports import Messages
from bot.errors import NotFound, Throttled, Unavailable, UnknownOutcome
from bot.playground.slack import SlackStandIn
from bot.questions.answerer import StreamClosed
from bot.questions.ports import Streams
from tests.doubles.clock import FakeClock
from tests.doubles.messages import FakeSlackMessages, lost_reply, throttled
from tests.doubles.streams import FakeStreams

CHANNEL = "C0CLAIMSAI"
USER, TEAM = "U0ASKER001", "T0NORTHWND"


@dataclass
class Bench:
    """A ``Streams`` in a thread, with the means to look behind it and to make it fail."""

    streams: Streams
    messages: Messages
    clock: FakeClock
    root: str
    twin: tuple[FakeSlackMessages, FakeStreams] | None = None
    slack: SlackStandIn | None = None

    def start(self, text: str = "Once") -> str:
        return self.streams.start(CHANNEL, self.root, user=USER, team=TEAM, text=text)

    def unmarked(self) -> list[str]:
        return self.streams.unmarked(CHANNEL, self.root, since=self.clock.now())

    def texts(self) -> list[str]:
        if self.twin:
            return [each.message.text for each in self.twin[0].visible(CHANNEL, self.root)]
        assert self.slack
        root = {"channel": CHANNEL, "ts": self.root}
        return [each["text"] for each in self.slack.person("asker").thread(root)[1:]]

    def lines(self) -> list[str]:
        """What stands under the texts."""
        if self.twin:
            blocks = [each.message.blocks for each in self.twin[0].visible(CHANNEL, self.root)]
        else:
            assert self.slack
            root = {"channel": CHANNEL, "ts": self.root}
            blocks = [each["blocks"] for each in self.slack.person("asker").thread(root)[1:]]
        last = [each[-1] for each in blocks if each]
        return [str(each["elements"][0]["text"]) for each in last]

    def press_stop(self, ts: str) -> None:
        if self.twin:
            self.twin[1].press_stop(CHANNEL, ts)
        if self.slack:
            self.slack.person("asker").stops({"channel": CHANNEL, "ts": ts, "thread_ts": self.root})

    def throttle(self, method: str) -> None:
        if self.twin:
            self.twin[1].order(method, throttled(7))
        if self.slack:
            self.slack.faults.rate_limit(f"chat.{method}Stream", retry_after=7)

    def lose_reply(self, method: str) -> None:
        if self.twin:
            self.twin[1].order(method, lost_reply())
        if self.slack:
            self.slack.faults.drop_after(f"chat.{method}Stream")


@pytest.fixture(params=["twin", "stand-in"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    clock = FakeClock()
    if request.param == "twin":
        twin = FakeSlackMessages(clock, [CHANNEL])
        streams = FakeStreams(twin, clock)
        root = twin.post(CHANNEL, Message("a question"), marker=mark())
        yield Bench(streams, twin, clock, root, twin=(twin, streams))
        return
    with SlackStandIn(clock=clock) as slack:
        clients = (
            posting_client(slack.bot_token, slack.api_url),
            reading_client(slack.bot_token, slack.api_url),
        )
        root = slack.person("asker").says("claims-ai", "a question")["ts"]
        yield Bench(SlackStreams(*clients), SlackMessages(*clients), clock, root, slack=slack)


def mark() -> str:
    return str(uuid.uuid4())


def test_a_stream_grows_and_can_be_found_once_it_is_stopped(bench: Bench) -> None:
    marker, since = mark(), bench.clock.now()
    ts = bench.start()
    bench.streams.append(CHANNEL, ts, " upon")
    bench.streams.append(CHANNEL, ts, " a time")
    assert bench.texts() == ["Once upon a time"]
    assert bench.messages.find(CHANNEL, marker, since=since, thread_ts=bench.root) == []
    assert bench.unmarked() == [ts]
    bench.streams.stop(CHANNEL, ts, marker=marker)
    assert bench.messages.find(CHANNEL, marker, since=since, thread_ts=bench.root) == [ts]
    assert bench.unmarked() == []
    assert bench.streams.unmarked(CHANNEL, bench.root, since=since, or_with=marker) == [ts]
    assert bench.streams.unmarked(CHANNEL, bench.root, since=since, or_with=mark()) == []
    assert bench.texts() == ["Once upon a time"]


def test_a_last_piece_goes_with_the_end(bench: Bench) -> None:
    ts = bench.start()
    bench.streams.stop(CHANNEL, ts, marker=mark(), text=" upon a time")
    assert bench.texts() == ["Once upon a time"]
    with pytest.raises(StreamClosed):
        bench.streams.stop(CHANNEL, ts, marker=mark(), text=" and again")
    assert bench.texts() == ["Once upon a time"]


def test_two_streams_in_a_thread_are_told_apart(bench: Bench) -> None:
    first, second = bench.start("one"), bench.start("two")
    assert bench.unmarked() == [first, second]
    bench.streams.stop(CHANNEL, first, marker=mark())
    assert bench.unmarked() == [second]


def test_other_messages_of_ours_are_marked(bench: Bench) -> None:
    bench.messages.post(CHANNEL, Message("a reply"), marker=mark(), thread_ts=bench.root)
    assert bench.unmarked() == []


def test_what_is_closed_takes_no_more(bench: Bench) -> None:
    ts = bench.start()
    bench.streams.stop(CHANNEL, ts, marker=mark())
    for _ in range(2):
        with pytest.raises(StreamClosed):
            bench.streams.append(CHANNEL, ts, "more")
        with pytest.raises(StreamClosed):
            bench.streams.stop(CHANNEL, ts, marker=mark())


def test_a_stream_that_expired_is_mended_by_replacing(bench: Bench) -> None:
    marker, since = mark(), bench.clock.now()
    ts = bench.start()
    bench.clock.advance(301)
    with pytest.raises(StreamClosed) as caught:
        bench.streams.append(CHANNEL, ts, "more")
    assert caught.value.reason == "expired"
    with pytest.raises(StreamClosed):
        bench.streams.stop(CHANNEL, ts, marker=marker)
    for _ in range(2):
        bench.streams.replace(CHANNEL, ts, "All of it", marker=marker)
    assert bench.texts() == ["All of it"]
    assert bench.messages.find(CHANNEL, marker, since=since, thread_ts=bench.root) == [ts]


UNDER = Message("0.4 s", ({"type": "context", "elements": [{"type": "mrkdwn", "text": "0.4 s"}]},))


def test_what_stands_under_a_text_is_there_when_it_is_closed_and_when_it_is_replaced(bench: Bench) -> None:
    closed, replaced = bench.start("one"), bench.start("two")
    bench.streams.stop(CHANNEL, closed, marker=mark(), under=UNDER)
    bench.clock.advance(301)
    bench.streams.replace(CHANNEL, replaced, "Two", marker=mark(), under=UNDER)
    assert bench.texts() == ["one", "Two"]
    assert bench.lines() == ["0.4 s", "0.4 s"]


def test_an_open_stream_is_not_replaced(bench: Bench) -> None:
    ts = bench.start()
    with pytest.raises(Unavailable):
        bench.streams.replace(CHANNEL, ts, "All of it", marker=mark())
    assert bench.texts() == ["Once"]


def test_a_person_presses_stop(bench: Bench) -> None:
    ts = bench.start()
    bench.press_stop(ts)
    with pytest.raises(StreamClosed) as caught:
        bench.streams.append(CHANNEL, ts, "more")
    assert caught.value.reason == "stopped"
    with pytest.raises(StreamClosed):
        bench.streams.stop(CHANNEL, ts, marker=mark())
    assert bench.texts() == ["Once"]


@pytest.mark.parametrize(
    ("begins", "more"), [("x" * 11_000, "y" * 2_000), ("# A\nb\n" * 24, "# A\nb\n# A\nb\n# A\nb\n")]
)
def test_a_message_is_full_some_day(bench: Bench, begins: str, more: str) -> None:
    ts = bench.start(begins)
    with pytest.raises(StreamClosed) as caught:
        bench.streams.append(CHANNEL, ts, more)
    assert caught.value.reason == "full"


def test_a_message_that_is_deleted(bench: Bench) -> None:
    ts = bench.start()
    bench.streams.stop(CHANNEL, ts, marker=mark())
    bench.messages.delete(CHANNEL, ts)
    with pytest.raises(NotFound):
        bench.streams.append(CHANNEL, ts, "more")
    with pytest.raises(NotFound):
        bench.streams.replace(CHANNEL, ts, "All of it", marker=mark())


@pytest.mark.parametrize("method", ["start", "append", "stop"])
def test_throttled_means_that_nothing_was_done(bench: Bench, method: str) -> None:
    ts = bench.start() if method != "start" else ""
    bench.throttle(method)
    calls: dict[str, Callable[[], object]] = {
        "start": bench.start,
        "append": lambda: bench.streams.append(CHANNEL, ts, " more"),
        "stop": lambda: bench.streams.stop(CHANNEL, ts, marker=mark()),
    }
    with pytest.raises(Throttled) as caught:
        calls[method]()
    assert caught.value.retry_after == 7
    assert bench.texts() == (["Once"] if ts else [])
    assert bench.unmarked() == ([ts] if ts else [])


def test_a_start_whose_reply_is_lost_is_found(bench: Bench) -> None:
    bench.lose_reply("start")
    with pytest.raises(UnknownOutcome):
        bench.start()
    assert len(bench.unmarked()) == 1


def test_an_append_whose_reply_is_lost_was_done(bench: Bench) -> None:
    ts = bench.start()
    bench.lose_reply("append")
    with pytest.raises(UnknownOutcome):
        bench.streams.append(CHANNEL, ts, " more")
    assert bench.texts() == ["Once more"]
