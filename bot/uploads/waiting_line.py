"""The line before the places for files: whoever waits in it is told which they are."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.controller.context import AnyContext, NotReady
from bot.controller.outbox.replies import Request
from bot.controller.slots import Busy, ordinal
from bot.uploads.cards import WaitsInLine
from bot.uploads.context import UploadDependencies

LINE = "line"
"""The message of who waits where no thread shows it."""


@contextmanager
def in_line(
    dependencies: UploadDependencies, context: AnyContext, request: Request, size: int
) -> Iterator[None]:
    """Have a place for work on so many bytes, and tell who waits for one which it is in line.

    In a thread its status says so, as it is now; elsewhere one message does, when it begins to wait.

    Raises:
        NotReady: all places are taken.
        Refused: there is no room on the disk.
    """
    if dependencies.places is None:
        yield
        return
    try:
        with dependencies.places.taken(str(context.key), size):
            yield
    except Busy as busy:
        _tell(dependencies, context, request, busy.place)
        raise NotReady(busy.seconds) from busy


def _tell(dependencies: UploadDependencies, context: AnyContext, request: Request, place: int) -> None:
    if request.thread_ts:
        if dependencies.thinking:
            words = f"is busy with other files: yours is {ordinal(place)} in line…"
            dependencies.thinking.show(request.channel, request.thread_ts, words)
        return
    card = dependencies.renderer.render(WaitsInLine(place))
    dependencies.outbox.post_once(
        context, LINE, card, channel=request.channel, since=request.asked_at, owner=request.user
    )
