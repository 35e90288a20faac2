"""A file of ours with errors in it, handed over to be judged as any file is: with its report and its repairs."""

from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.controller.context import Context, NotReady
from bot.controller.model import Registration
from bot.controller.outbox.entries import Place
from bot.controller.shared_files import SharedFiles
from bot.datasets.model import Role
from bot.errors import NotFound
from bot.uploads import model
from bot.uploads.model import UploadSpec

LOOKS, BETWEEN_LOOKS = 10, 3.0
"""How often, and after how many seconds, to look whether Slack shows a file that was just shared."""


class HandingIn(Protocol):
    """Whatever hands a file in."""

    looks: int
    """How often it was looked whether Slack shows the file."""


S = TypeVar("S", bound=HandingIn)


def wait_until_seen(context: Context[Any, S], files: SharedFiles, file_id: str) -> None:
    """Return when Slack shows the file, or has not for long: whoever judges it says so then.

    Raises:
        NotReady: it does not yet.
    """
    try:
        files.info(file_id)
    except NotFound:
        if context.status.looks < LOOKS:
            context.status.looks += 1
            context.save()
            raise NotReady(BETWEEN_LOOKS) from None


def judged_as_any(
    file_id: str, place: Place, *, user: str, asked_at: datetime, profile: str, role: Role, made_by: str
) -> Registration:
    """Return what has the file judged and told there. ``made_by`` says what made it, and for which resource."""
    spec = UploadSpec(
        file_id=file_id,
        channel=place.channel,
        thread_ts=place.thread_ts,
        user=user,
        profile=profile,
        role=role,
        asked_in=made_by,
        asked_at=asked_at,
    )
    return Registration(model.key_of(spec), model.dump(spec))
