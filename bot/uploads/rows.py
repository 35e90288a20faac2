"""The rows of an upload that can be looked at, kept in its status: as long as it is remembered, they are there at once.

Kept at the verdict, because a modal must open within three seconds of the press, and fetching and judging the file
again may take longer.
"""

from dataclasses import replace
from typing import Any

from bot.controller.model import Document, Resource
from bot.controller.shared_files import SlackFile
from bot.datasets.inspecting import inspection
from bot.datasets.inspecting.inspection import Inspection
from bot.errors import NotFound, Refused
from bot.uploads.model import UploadSpec, load

_SLOT = "rows"


def keep(status: dict[str, Any], found: Inspection, readers: tuple[str, ...]) -> None:
    """Write the rows down, for these people; empty is everybody who sees the verdict."""
    status[_SLOT] = {"readers": list(readers), **inspection.dump(found)}


def readers_of(file: SlackFile, spec: UploadSpec) -> tuple[str, ...]:
    """Return who may see the file's rows where its verdict is shown: everybody there (empty), or these people."""
    if file.public_channels or spec.channel in file.channels:
        return ()
    return tuple(sorted({file.user, spec.user}))


def count(status: Document) -> int:
    """Return how many rows there are to look at."""
    return len(status.get(_SLOT, {}).get("rows", ()))


def find(upload: Resource | None, user: str) -> Inspection:
    """Return the rows of an upload, with what people have written of them since.

    Raises:
        NotFound: nobody remembers them.
        Refused: this person may not see the file.
    """
    if upload is None or _SLOT not in upload.status:
        raise NotFound(
            "I judged this file too long ago to know its rows still.",
            hint="Send it again, or use *Validate training file* in the menu of its message.",
        )
    document = dict(upload.status[_SLOT])
    readers = document.pop("readers")
    if readers and user not in readers:
        raise Refused(
            "I can see that file, and you cannot.",
            hint="Ask its owner to share it in this channel, then ask me again.",
        )
    found = inspection.load(document)
    written = {each.position: each.text for each in load(upload.spec).drafts}
    return replace(
        found, rows=tuple(replace(each, edited=written.get(each.position, "")) for each in found.rows)
    )
