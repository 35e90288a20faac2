"""Streamed answers of which what stands under them passes somebody before it is there to be pressed."""

from collections.abc import Callable

from bot.controller.details import keep_details
from bot.controller.model import Message
from bot.controller.ports import Details
from bot.questions.ports import Streams


class PassedStreams:
    """``Streams`` of which what stands under an answer is what ``passed`` makes of it, by channel."""

    def __init__(self, streams: Streams, passed: Callable[[str, Message], Message]) -> None:
        self._streams = streams
        self._passed = passed
        self.start = streams.start
        self.append = streams.append
        self.unmarked = streams.unmarked

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
        """Pass it, then close the answer."""
        under = under and self._passed(channel, under)
        self._streams.stop(channel, ts, marker=marker, text=text, goes_on=goes_on, under=under)

    def replace(self, channel: str, ts: str, text: str, *, marker: str, under: Message | None = None) -> None:
        """Pass it, then put the text there."""
        under = under and self._passed(channel, under)
        self._streams.replace(channel, ts, text, marker=marker, under=under)


class DetailedStreams(PassedStreams):
    """Keeps what stands behind *Details* first, as ``DetailedMessages`` does for all other messages."""

    def __init__(self, streams: Streams, details: Details) -> None:
        self._details = details
        super().__init__(streams, self._kept)

    def _kept(self, channel: str, under: Message) -> Message:
        keep_details(self._details, channel, under)
        return under
