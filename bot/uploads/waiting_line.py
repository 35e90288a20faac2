"""The line before the places for files: whoever waits in it is told which they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from bot.controller.context import AnyContext, NotReady
from bot.controller.slots import Busy, ordinal
from bot.uploads.cards import WaitsInLine
from bot.uploads.context import UploadDependencies

LINE = "line"
"""The message of who waits where no thread shows it."""


class Asked(Protocol):
    """Where something was asked for, by whom, and when."""

    @property
    def channel(self) -> str:
        """The channel."""

    @property
    def thread_ts(self) -> str | None:
        """The thread in it."""

    @property
    def user(self) -> str:
        """Who asked."""

    @property
    def asked_at(self) -> datetime:
        """When."""


@contextmanager
def in_line(parts: UploadDependencies, step: AnyContext, asked: Asked, size: int) -> Iterator[None]:
    """Have a place for work on so many bytes, and tell who waits for one which it is in line.

    In a thread its status says so, as it is now; elsewhere one message does, when it begins to wait.

    Raises:
        NotReady: all places are taken.
        Refused: there is no room on the disk.
    """
    if parts.places is None:
        yield
        return
    try:
        with parts.places.taken(str(step.key), size):
            yield
    except Busy as busy:
        _tell(parts, step, asked, busy.place)
        raise NotReady(busy.seconds) from busy


def _tell(parts: UploadDependencies, step: AnyContext, asked: Asked, place: int) -> None:
    if asked.thread_ts:
        if parts.thinking:
            words = f"is busy with other files: yours is {ordinal(place)} in line…"
            parts.thinking.show(asked.channel, asked.thread_ts, words)
        return
    card = parts.renderer.render(WaitsInLine(place))
    parts.outbox.post_once(step, LINE, card, channel=asked.channel, since=asked.asked_at, owner=asked.user)
