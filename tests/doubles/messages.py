"""Slack's messages in memory: the twin of the adapter, strict, with failures to order."""

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from bot.clock import Clock
from bot.controller.model import Message
from bot.errors import NotFound, Refused, Throttled, TunesmithError, Unavailable, UnknownOutcome

T = TypeVar("T")


@dataclass(frozen=True)
class Failure:
    """One failure of one call: what is raised, and whether the call took effect before it."""

    error: TunesmithError
    took_effect: bool = False


def throttled(retry_after: float = 5.0) -> Failure:
    """429: nothing was done."""
    return Failure(Throttled("Slack asked to slow down.", retry_after=retry_after))


def lost_reply() -> Failure:
    """It was done, and the connection broke before the answer."""
    return Failure(UnknownOutcome("Slack did not answer."), took_effect=True)


def dropped() -> Failure:
    """It was not done, and nobody can tell: the connection broke on the way there."""
    return Failure(UnknownOutcome("Slack did not answer."))


def down() -> Failure:
    """Slack could not be reached: nothing was done."""
    return Failure(Unavailable("Slack could not be reached."))


def refused(reason: str = "is_archived") -> Failure:
    """Slack said no, and will say no again."""
    return Failure(Refused(f"Slack refused the message ({reason})."))


@dataclass(frozen=True)
class Posted:
    """One message as Slack keeps it."""

    channel: str
    ts: str
    thread_ts: str | None
    message: Message
    marker: str
    at: datetime
    edits: int = 0


@dataclass(frozen=True)
class Whispered:
    """One message that one person saw."""

    channel: str
    user: str
    message: Message
    thread_ts: str | None


class FakeSlackMessages:
    """A ``Messages`` in memory. Thread-safe.

    It knows the channels it was given (none given: any name that starts with C, D or G), refuses archived ones,
    wants text, at most 50 blocks, a marker that is a UUID and an existing thread, and orders timestamps strictly.

    Attributes:
        calls: How often each method was called.
        deactivated: People who are gone from the workspace.
        read_lag: Seconds for which a new message cannot be read back.
        before: Called with the method's name before each call, for tests that freeze or kill there.
    """

    def __init__(self, clock: Clock, channels: Iterable[str] = ()) -> None:
        self._clock = clock
        self._channels = set(channels)
        self._archived: set[str] = set()
        self._messages: dict[tuple[str, str], Posted] = {}
        self._log: list[Posted] = []
        self._orders: dict[str, deque[Failure]] = defaultdict(deque)
        self._lock = threading.RLock()
        self._last_ts = 0
        self.calls: Counter[str] = Counter()
        self.whispers: list[Whispered] = []
        self.pinned: list[tuple[str, str]] = []
        self.deactivated: set[str] = set()
        self.read_lag = 0.0
        self.before: Callable[[str], None] = lambda _: None

    # What tests do to it

    def order(self, method: str, *failures: Failure) -> None:
        """Make the next calls of a method fail, in order."""
        assert method in {"post", "find", "update", "delete", "whisper", "pin", "direct"}
        self._orders[method].extend(failures)

    def archive(self, channel: str) -> None:
        """Archive the channel: it can be read, not written to."""
        self._archived.add(channel)

    def remove(self, channel: str, ts: str) -> None:
        """Delete a message as a person does."""
        del self._messages[channel, ts]

    # What tests look at

    @property
    def everything_posted(self) -> list[Posted]:
        """Every message ever posted, first text, deleted ones included."""
        return list(self._log)

    def visible(self, channel: str | None = None, thread_ts: str | None = None) -> list[Posted]:
        """Return the messages that are there now, oldest first, of one channel or thread if one is given."""
        found = [each for each in self._messages.values() if channel in (None, each.channel)]
        if thread_ts is not None:
            found = [each for each in found if each.thread_ts == thread_ts]
        return sorted(found, key=lambda each: each.ts)

    # What the port says

    def post(self, channel: str, message: Message, *, marker: str, thread_ts: str | None = None) -> str:
        def act() -> str:
            self._writable(channel)
            _valid(message)
            if thread_ts is not None and (channel, thread_ts) not in self._messages:
                raise NotFound("Slack refused the message (thread_not_found).")
            posted = Posted(
                channel, self._next_ts(), thread_ts, message, str(UUID(marker)), self._clock.now()
            )
            self._messages[channel, posted.ts] = posted
            self._log.append(posted)
            return posted.ts

        return self._call("post", act)

    def find(self, channel: str, marker: str, *, since: datetime, thread_ts: str | None = None) -> list[str]:
        assert since.tzinfo is not None, "an aware time"

        def act() -> list[str]:
            self._known(channel)
            return [
                each.ts
                for each in self.visible(channel)
                if each.marker == str(UUID(marker))
                and each.thread_ts == thread_ts
                and (thread_ts is not None or each.at >= since)
                and (self._clock.now() - each.at).total_seconds() >= self.read_lag
            ]

        return self._call("find", act)

    def update(self, channel: str, ts: str, message: Message) -> None:
        def act() -> None:
            self._writable(channel)
            _valid(message)
            old = self._existing(channel, ts)
            self._messages[channel, ts] = replace(old, message=message, edits=old.edits + 1)

        self._call("update", act)

    def delete(self, channel: str, ts: str) -> None:
        def act() -> None:
            self._known(channel)
            self._messages.pop((channel, ts), None)

        self._call("delete", act)

    def whisper(self, channel: str, user: str, message: Message, *, thread_ts: str | None = None) -> None:
        def act() -> None:
            self._writable(channel)
            _valid(message)
            self.whispers.append(Whispered(channel, user, message, thread_ts))

        self._call("whisper", act)

    def direct(self, user: str) -> str:
        def act() -> str:
            if user in self.deactivated or user[:1] not in ("U", "W"):
                raise Refused("Slack refused it (user_disabled).")
            channel = f"D{user}"
            if self._channels:
                self._channels.add(channel)
            return channel

        return self._call("direct", act)

    def pin(self, channel: str, ts: str) -> None:
        def act() -> None:
            self._writable(channel)
            self._existing(channel, ts)
            if (channel, ts) not in self.pinned:
                self.pinned.append((channel, ts))

        self._call("pin", act)

    # How

    def _call(self, method: str, act: Callable[[], T]) -> T:
        self.before(method)
        with self._lock:
            self.calls[method] += 1
            failure = self._orders[method].popleft() if self._orders[method] else None
            if failure and not failure.took_effect:
                raise failure.error
            result = act()
            if failure:
                raise failure.error
            return result

    def _known(self, channel: str) -> None:
        if channel not in self._channels if self._channels else channel[:1] not in ("C", "D", "G"):
            raise Refused("Slack refused the message (channel_not_found).")

    def _writable(self, channel: str) -> None:
        self._known(channel)
        if channel in self._archived:
            raise Refused("Slack refused the message (is_archived).")

    def _existing(self, channel: str, ts: str) -> Posted:
        if (channel, ts) not in self._messages:
            raise NotFound("Slack has no such message (message_not_found).")
        return self._messages[channel, ts]

    def _next_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self._clock.now().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"


def _valid(message: Message) -> None:
    assert message.text.strip(), "a message needs text, for notifications and screen readers"
    assert len(message.text) <= 40_000, "Slack cuts text after 40,000 characters"
    assert len(message.blocks) <= 50, "Slack takes at most 50 blocks"
