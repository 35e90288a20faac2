"""Streamed answers, held to what Slack takes."""

from bot.controller.model import Message
from bot.controller.ports import RateLimiter
from bot.controller.rate_limits import APPEND, EDIT, START, STOP, paced
from bot.questions.ports import Streams


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
