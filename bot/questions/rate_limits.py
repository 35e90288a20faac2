"""Streamed answers, held to what Slack takes."""

from contextlib import suppress

from bot.controller.model import Message
from bot.controller.ports import RateLimiter
from bot.controller.rate_limits import APPEND, EDIT, SESSION, START, STOP, paced
from bot.errors import Unavailable
from bot.lately import Lately
from bot.questions.ports import Sessions, Streams


class PacedStreams:
    """``Streams`` that asks before it opens one or adds to it, and whose edits count with all others.

    An answer that cannot be opened as a stream is posted, and what cannot be added now is added later; as many
    are closed a minute as are opened, and one whose turn is later is closed then.
    """

    def __init__(self, streams: Streams, rate_limiter: RateLimiter) -> None:
        self._streams = streams
        self._rate_limiter = rate_limiter
        self.unmarked = streams.unmarked

    def start(self, channel: str, thread_ts: str, *, user: str, team: str, text: str) -> str:
        """Open it, when streams may be opened."""
        return paced(
            self._rate_limiter,
            START,
            f"{channel}:{thread_ts}",
            lambda: self._streams.start(channel, thread_ts, user=user, team=team, text=text),
        )

    def append(self, channel: str, ts: str, text: str) -> None:
        """Add the piece, when it may be added."""
        paced(self._rate_limiter, APPEND, f"{channel}:{ts}", lambda: self._streams.append(channel, ts, text))

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
        """Close it, when streams may be closed."""
        paced(
            self._rate_limiter,
            STOP,
            f"{channel}:{ts}",
            lambda: self._streams.stop(channel, ts, marker=marker, text=text, goes_on=goes_on, under=under),
        )

    def replace(self, channel: str, ts: str, text: str, *, marker: str, under: Message | None = None) -> None:
        """Put the text in place of the message's, when it is this message's turn."""
        paced(
            self._rate_limiter,
            EDIT,
            f"{channel}:{ts}",
            lambda: self._streams.replace(channel, ts, text, marker=marker, under=under),
        )


SESSIONS = 1_000
"""Answers under way in one process of which it is remembered that their session was not begun: there are fewer."""


class PacedSessions:
    """``Sessions`` that begins as many a minute as Slack takes, with their ends.

    What is begun beyond that would be refused, and so would the ends of others: their threads would go on saying that
    something is at work. An answer whose session was not begun is shown all the same, without a button that stops it.
    """

    def __init__(self, sessions: Sessions, rate_limiter: RateLimiter) -> None:
        self._sessions = sessions
        self._rate_limiter = rate_limiter
        self._not_begun: Lately[tuple[str, str], bool] = Lately(SESSIONS)

    def working(self, channel: str, thread_ts: str, *, title: str) -> None:
        """Say that something is at work, while there is room for it and its end."""
        if self._has_room(channel, thread_ts):
            self._not_begun.forget((channel, thread_ts))
            self._sessions.working(channel, thread_ts, title=title)
        else:
            self._not_begun.put((channel, thread_ts), True)

    def idle(self, channel: str, thread_ts: str) -> None:
        """Say that nothing is, unless it is known that nobody said something was."""
        if (channel, thread_ts) in self._not_begun:
            self._not_begun.forget((channel, thread_ts))
        else:
            self._sessions.idle(channel, thread_ts)

    def _has_room(self, channel: str, thread_ts: str) -> bool:
        with suppress(Unavailable):
            return self._rate_limiter.ask(SESSION, f"{channel}:{thread_ts}") == 0
        return False
