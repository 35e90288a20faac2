"""The rows of an upload that can be looked at, kept in its status: as long as it is remembered, they are there at once.

Kept at the verdict, because a modal must open within three seconds of the press, and fetching and judging the file
again may take longer.
"""

from dataclasses import replace

from bot.controller.model import Resource
from bot.controller.shared_files import SlackFile
from bot.datasets.inspecting.inspection import Inspection
from bot.errors import NotFound, Refused
from bot.uploads.model import SCHEMA, UploadSpec, UploadStatus


def readers_of(file: SlackFile, spec: UploadSpec) -> tuple[str, ...]:
    """Return who may see the file's rows where its verdict is shown: everybody there (empty), or these people."""
    if file.public_channels or spec.channel in file.channels:
        return ()
    return tuple(sorted({file.user, spec.user}))


def count(status: UploadStatus) -> int:
    """Return how many rows there are to look at."""
    return len(status.rows.found.rows) if status.rows else 0


def find(upload: Resource | None, user: str) -> Inspection:
    """Return the rows of an upload, with what people have written of them since.

    Raises:
        NotFound: nobody remembers them.
        Refused: this person may not see the file.
    """
    rows = SCHEMA.status_of(upload).rows if upload else None
    if upload is None or rows is None:
        raise NotFound(
            "I judged this file too long ago to know its rows still.",
            hint="Send it again, or use *Validate training file* in the menu of its message.",
        )
    if rows.readers and user not in rows.readers:
        raise Refused(
            "I can see that file, and you cannot.",
            hint="Ask its owner to share it in this channel, then ask me again.",
        )
    found = rows.found
    written = {each.position: each.text for each in SCHEMA.spec_of(upload).drafts}
    return replace(
        found, rows=tuple(replace(each, edited=written.get(each.position, "")) for each in found.rows)
    )
