"""Keeping within what Slack takes, for all processes together: how much is allowed, and who asks before each call.

A call may count in several limits: a post in the workspace's and in its channel's. Edits are the dear ones: one live
message a job, edited each minute, would be over Slack's limit with fifty jobs. So they have a limit that all processes
share, and those who wait take turns. An edit that waits is not kept anywhere: the resource comes back when its turn is,
and puts there what is true by then. Posts have limits of their own, so that no edit delays one, and take their turn
before Slack is read for them, so that one that waits reads nothing; releases of throughput use none of this.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from bot.controller.model import Message
from bot.controller.ports import Messages, RateLimiter
from bot.errors import NotItsTurn, Throttled, Unavailable

T = TypeVar("T")

EDIT, POST = "chat.update", "chat.postMessage"
REFRESH = "chat.update for the time only"
"""Edits of live messages, which come every minute and mean little: no method of Slack's, but a share of ``EDIT``."""
REPLIES, HISTORY = "conversations.replies", "conversations.history"
START, APPEND, STOP = "chat.startStream", "chat.appendStream", "chat.stopStream"
SESSION = "agents.sessions.setStatus"
LIVE = "live answer"
"""Answers that are posted and edited while they grow: no method of Slack's, but what makes ``EDIT`` last."""
CHANNEL = "channel"


def last_look(method: str) -> str:
    """Return the line of those who read by that method, once, what has ended: no method of Slack's, but a share."""
    return f"{method} for the last time"


_A_MINUTE = "@"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most ``calls`` in any ``seconds`` of a row, of all processes together."""

    calls: int
    seconds: float
    behind: str = ""
    """The method whose callers go first: while one of them waits, nobody has a turn here."""
    line: int | None = None
    """How many may wait for their turn; None: any number. Of a share in a place, in each place."""
    further: int = 0
    """How many calls may go on with one turn, within ``GOES_ON``."""


GOES_ON: Final = 30.0
"""Seconds for which somebody who had a turn to read goes on reading, in whichever process: a step may need several
reads, one after the other. If each had to wait in line, whoever needs two would come to the second only after it had
lost what the first told, and read for ever while others read as well."""
FURTHER: Final = 5
"""Reads that go on with one turn, at most."""


RATE_LIMITS: Final[Mapping[str, RateLimit]] = {
    EDIT: RateLimit(9, 12.0),
    REFRESH: RateLimit(7, 12.0, behind=EDIT),
    POST: RateLimit(25, 5.0),
    f"{POST} {CHANNEL}": RateLimit(3, 3.4),
    REPLIES: RateLimit(12, 15.0, further=FURTHER),
    HISTORY: RateLimit(12, 15.0, further=FURTHER),
    last_look(REPLIES): RateLimit(7, 15.0, behind=REPLIES),
    last_look(HISTORY): RateLimit(7, 15.0, behind=HISTORY),
    START: RateLimit(18, 60.0, line=0),
    APPEND: RateLimit(8, 5.0, line=0),
    STOP: RateLimit(18, 60.0),
    LIVE: RateLimit(6, 60.0, line=0),
    SESSION: RateLimit(20, 60.0, line=0),
}
"""Never more than 45 edits a minute (chat.update is of tier 3: 50 and more a minute), and in small portions, so that
nobody waits for a minute because somebody else was quick; of these, ten a minute are kept for edits that somebody is
waiting for, and all of them while such an edit waits. Posts: "several hundred a minute" for a workspace
(docs.slack.dev/apis/web-api/rate-limits), and in one channel "1 per second", with bursts whose size is not told. Reads
are of tier 3, too, and those for which nobody waits leave room to the others, and let them go first; the start of a
stream and its end of tier 2 (20 a minute each), its appends of tier 4 (100 a minute): for a stream nobody waits, since
there are other ways: six a minute are posted and edited, so that their ends find room among the edits, and those after
them are posted whole. Of statuses of a session (tier 3) those that begin one are here: as many end one. Methods that
are not here are held when Slack asks for it."""


def in_channel(channel: str) -> tuple[str]:
    """Return where a call counts that is made in a channel."""
    return (f"{CHANNEL}:{channel}",)


def counted_in(
    limits: Mapping[str, RateLimit], method: str, within: Sequence[str]
) -> list[tuple[str, RateLimit]]:
    """Return the limits that a call counts in, each with the name that its line has: the method's own, then shares."""
    own = [(method, limits.get(method, RateLimit(0, 0)))]
    shares = [(f"{method} {each}", _share_of(limits, method, each)) for each in within]
    return own + [(name, limit) for name, limit in shares if limit is not None]


def a_minute(kind: str, calls: int, place: str) -> str:
    """Return a place that has so many calls a minute, where nobody knows that before: it is the place's own to say."""
    return f"{kind}{_A_MINUTE}{calls}:{place}"


def _share_of(limits: Mapping[str, RateLimit], method: str, place: str) -> RateLimit | None:
    kind = place.partition(":")[0]
    _, said, calls = kind.partition(_A_MINUTE)
    return RateLimit(int(calls), 60.0) if said else limits.get(f"{method} {kind}")


class PacedMessages:
    """``Messages`` that asks the limiter before it calls Slack, and tells it when Slack asked to slow down.

    ``Throttled`` comes from the limiter as it would come from Slack: nothing was done, come back then.
    """

    def __init__(self, messages: Messages, rate_limiter: RateLimiter) -> None:
        self._messages = messages
        self._rate_limiter = rate_limiter

    def post(self, channel: str, message: Message, *, marker: str, thread_ts: str | None = None) -> str:
        """Post it: whoever posts has had its turn, by ``turns.take_post``, before it read what is there."""
        with held(self._rate_limiter, POST):
            return self._messages.post(channel, message, marker=marker, thread_ts=thread_ts)

    def find(self, channel: str, marker: str, *, since: datetime, thread_ts: str | None = None) -> list[str]:
        """Read Slack: ``PacedReads`` sees to the pace, since one read may serve many."""
        return self._messages.find(channel, marker, since=since, thread_ts=thread_ts)

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Edit it, when it is this message's turn."""
        self._paced(EDIT, f"{channel}:{ts}", lambda: self._messages.update(channel, ts, message))

    def delete(self, channel: str, ts: str) -> None:
        """Delete it, unless Slack asked us to wait."""
        self._paced("chat.delete", f"{channel}:{ts}", lambda: self._messages.delete(channel, ts))

    def whisper(self, channel: str, user: str, message: Message, *, thread_ts: str | None = None) -> None:
        """Show it to one person: nothing depends on it, so it waits for nothing."""
        self._messages.whisper(channel, user, message, thread_ts=thread_ts)

    def direct(self, user: str) -> str:
        """Open the direct message, unless Slack asked us to wait."""
        return self._paced("conversations.open", user, lambda: self._messages.direct(user))

    def _paced(self, method: str, who: str, call: Callable[[], T]) -> T:
        return paced(self._rate_limiter, method, who, call)


class PacedReads:
    """Asks before each page that is read of a channel or a thread."""

    def __init__(self, rate_limiter: RateLimiter) -> None:
        self._rate_limiter = rate_limiter

    def __call__(self, method: str, who: str, read: Callable[[], T]) -> T:
        """Read when it is ``who``'s turn.

        Raises:
            NotItsTurn: it is not.
            Throttled: Slack says so.
        """
        return paced(self._rate_limiter, method, who, read)


def paced(rate_limiter: RateLimiter, method: str, who: str, call: Callable[[], T]) -> T:
    """Make the call when it is its turn, and tell everybody when Slack asks for quiet.

    Raises:
        NotItsTurn: nothing was done.
    """
    wait = rate_limiter.ask(method, who)
    if wait > 0:
        raise NotItsTurn("Many messages are waiting for their turn.", retry_after=wait, detail=method)
    # The limiter is our guess at Slack's limits. Slack's own word counts, and for all processes: the limit is the
    # app's.
    with held(rate_limiter, method):
        return call()


@contextmanager
def held(rate_limiter: RateLimiter, method: str) -> Iterator[None]:
    """Tell everybody when Slack asks for quiet inside."""
    try:
        yield
    except Throttled as slow:
        with suppress(Unavailable):  # each process is then told by Slack itself
            rate_limiter.hold(method, slow.retry_after)
        raise
