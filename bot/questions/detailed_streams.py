"""Streamed answers that keep what stands behind *Details* before the button is there to be pressed."""

from bot.controller.details import keep_details
from bot.controller.model import Message
from bot.controller.ports import Details
from bot.questions.ports import Streams


class DetailedStreams:
    """``Streams`` that does for what stands under an answer what ``DetailedMessages`` does for all other messages."""

    def __init__(self, streams: Streams, details: Details) -> None:
        self._streams = streams
        self._details = details
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
        """Keep the details, then close it."""
        self._keep(channel, under)
        self._streams.stop(channel, ts, marker=marker, text=text, goes_on=goes_on, under=under)

    def replace(self, channel: str, ts: str, text: str, *, marker: str, under: Message | None = None) -> None:
        """Keep the details, then put the text there."""
        self._keep(channel, under)
        self._streams.replace(channel, ts, text, marker=marker, under=under)

    def _keep(self, channel: str, under: Message | None) -> None:
        if under is not None:
            keep_details(self._details, channel, under)
