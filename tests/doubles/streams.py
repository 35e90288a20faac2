"""Messages that grow, in memory: they stand in the same channels as those of ``FakeSlackMessages``."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.clock import Clock
from bot.controller.model import Message
from bot.errors import NotFound, Unavailable
from bot.playground.slack.blocks.limits import BLOCKS_IN_MESSAGE
from bot.playground.slack.blocks.translation import blocks_of
from bot.questions.answerer import StreamClosed
from bot.questions.shown import message_of
from tests.doubles.messages import Failure, FakeSlackMessages, Posted

T = TypeVar("T")

LIFETIME = timedelta(minutes=5)
LIMIT = 12_000


class FakeStreams:
    """A ``Streams`` in memory: a stream lasts five minutes, holds 50 blocks, and has no marker until stopped.

    Attributes:
        calls: How often each method was called.
        frames: Every text that a message showed, in order, for tests that look at how it grew.
    """

    def __init__(self, slack: FakeSlackMessages, clock: Clock) -> None:
        self._slack = slack
        self._clock = clock
        self._open: dict[tuple[str, str], str] = {}
        self._orders: dict[str, deque[Failure]] = defaultdict(deque)
        self.calls: Counter[str] = Counter()
        self.frames: list[str] = []
        self.recipients: list[tuple[str, str]] = []
        self.went_on: list[bool] = []
        self.before: Callable[[str], None] = lambda _: None

    # What tests do to it

    def order(self, method: str, *failures: Failure) -> None:
        """Make the next calls of that method fail, in this order."""
        assert method in {"start", "append", "stop", "replace", "unmarked"}
        self._orders[method].extend(failures)

    def press_stop(self, channel: str, ts: str) -> None:
        """Press stop, as a person does."""
        self._open[channel, ts] = "stopped"

    # What tests look at

    def is_open(self, channel: str, ts: str) -> bool:
        """Return whether people see the message as still being written."""
        return self._open.get((channel, ts)) == "open"

    # What the port says

    def start(self, channel: str, thread_ts: str, *, user: str, team: str, text: str) -> str:
        def act() -> str:
            assert user, "outside of direct messages Slack wants to know for whom"
            assert team, "outside of direct messages Slack wants to know for whom"
            self.recipients.append((user, team))
            self._slack._writable(channel)
            if (channel, thread_ts) not in self._slack._messages:
                raise NotFound("Slack refused the message (thread_not_found).")
            ts = self._slack._next_ts()
            row = Posted(channel, ts, thread_ts, _said(text), "", self._clock.now())
            self._slack._messages[channel, ts] = row
            self._slack._log.append(row)
            self.frames.append(text)
            self._open[channel, ts] = "open"
            return ts

        return self._call("start", act)

    def append(self, channel: str, ts: str, text: str) -> None:
        def act() -> None:
            assert text.strip(), "Slack refuses an append without text"
            row = self._growing(channel, ts)
            if not _fits(row.message.text + text):
                raise StreamClosed("That message is full.", reason="full")
            self._set(channel, ts, row.message.text + text, marker="")

        self._call("append", act)

    def stop(
        self,
        channel: str,
        ts: str,
        *,
        marker: str,
        text: str = "",
        goes_on: bool = False,
        under: Message | None = None,
    ) -> None:
        def act() -> None:
            row = self._growing(channel, ts)
            del self._open[channel, ts]
            self.went_on.append(goes_on)
            assert _fits(row.message.text + text, under)
            self._set(channel, ts, row.message.text + text, marker=marker, under=under)

        self._call("stop", act)

    def replace(self, channel: str, ts: str, text: str, *, marker: str, under: Message | None = None) -> None:
        def act() -> None:
            self._slack._writable(channel)
            self._row(channel, ts)
            if self._state(channel, ts) == "open":
                raise Unavailable("An answer is still being written into that message.")
            assert _fits(text, under)
            self._set(channel, ts, text, marker=marker, under=under)

        self._call("replace", act)

    def unmarked(
        self, channel: str, thread_ts: str, *, since: datetime, or_with: str | None = None
    ) -> list[str]:
        def act() -> list[str]:
            return [
                each.ts
                for each in self._slack.visible(channel, thread_ts)
                if (not each.marker or each.marker == or_with)
                and each.at >= since - timedelta(seconds=5)
                and (self._clock.now() - each.at).total_seconds() >= self._slack.read_lag
            ]

        return self._call("unmarked", act)

    # How

    def _call(self, method: str, act: Callable[[], T]) -> T:
        self.before(method)
        self.calls[method] += 1
        failure = self._orders[method].popleft() if self._orders[method] else None
        if failure and not failure.took_effect:
            raise failure.error
        result = act()
        if failure:
            raise failure.error
        return result

    def _row(self, channel: str, ts: str) -> Posted:
        if (channel, ts) not in self._slack._messages:
            raise NotFound("Slack has no such message (message_not_found).")
        return self._slack._messages[channel, ts]

    def _state(self, channel: str, ts: str) -> str:
        state = self._open.get((channel, ts), "closed")
        expired = self._clock.now() - self._row(channel, ts).at >= LIFETIME
        return "expired" if state == "open" and expired else state

    def _growing(self, channel: str, ts: str) -> Posted:
        self._slack._writable(channel)
        row, state = self._row(channel, ts), self._state(channel, ts)
        if state == "stopped":
            raise StreamClosed("The answer was stopped.", reason="stopped")
        if state != "open":
            raise StreamClosed("That answer is closed already.", reason="expired")
        return row

    def _set(self, channel: str, ts: str, text: str, *, marker: str, under: Message | None = None) -> None:
        row = self._row(channel, ts)
        message = message_of(text, under) if under else _said(text)
        self._slack._messages[channel, ts] = replace(row, message=message, marker=marker)
        self.frames.append(text)


def _fits(text: str, under: Message | None = None) -> bool:
    blocks = blocks_of(text) + (len(under.blocks) if under else 0)
    return len(text) <= LIMIT and blocks <= BLOCKS_IN_MESSAGE


def _said(text: str) -> Message:
    return Message(text)
