"""Files that people shared in Slack: what is known of one, and what is needed to fetch it and to answer with one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from bot.wording import clip, one_line

READABLE_MODES = frozenset({"hosted", "snippet"})
"""Kinds of files that have bytes in Slack: others are canvases, lists, links to elsewhere, or gone."""


LONGEST_TITLE = 255
"""UTF-16 units of a file's name or title: what file systems take, and more than Slack shows."""


def title_of(name: str) -> str:
    """Return a file's name as it is given to Slack: on one line, without what hides or turns round a part of it."""
    return clip(one_line(name), LONGEST_TITLE) or "file"


@dataclass(frozen=True, slots=True)
class SlackFile:
    """A file as Slack's ``files.info`` tells of it: the only source that is trusted, never an event's copy.

    ``size`` is in bytes. ``public_channels`` and ``private_channels`` are where it is shared, as far as we see;
    the private ones include direct messages. ``url`` is where its bytes are, for our token.
    """

    id: str
    name: str
    size: int
    user: str
    mode: str
    is_external: bool
    url: str
    public_channels: tuple[str, ...] = ()
    private_channels: tuple[str, ...] = ()
    mimetype: str = ""
    """What Slack takes it for; empty while it has not looked at it yet."""

    @property
    def channels(self) -> tuple[str, ...]:
        """Every conversation that it is shared in, as far as we see."""
        return self.public_channels + self.private_channels

    @property
    def is_readable(self) -> bool:
        """Whether Slack has its bytes."""
        return not self.is_external and self.mode in READABLE_MODES and bool(self.url)


class SharedFiles(Protocol):
    """Slack's files. All raise ``Throttled``, ``Unavailable``, ``Misconfigured`` (a scope) or ``Refused``."""

    def info(self, file_id: str) -> SlackFile:
        """Return what Slack knows of the file.

        Raises:
            NotFound: it was deleted, or we may not see it.
        """

    def may_see(self, user: str, file: SlackFile) -> bool:
        """Return whether the person could open the file themselves: we can see more than they can."""

    def has_others(self, channel: str) -> bool:
        """Return whether people of other workspaces are in the channel, too (Slack Connect, organisations)."""

    def download(
        self, file: SlackFile, destination: Path, *, cap: int, progress: Callable[[], None] = lambda: None
    ) -> None:
        """Write the file's bytes to ``destination``, at most ``cap`` of them; call ``progress`` now and then.

        Raises:
            Refused: it has more bytes than ``cap``.
            NotFound: it is gone.
            Misconfigured: our token may not read files.
            Unavailable: what came is not the whole file.
        """

    def upload(self, name: str, content: bytes | Path, *, alt_text: str = "") -> str:
        """Send a file (its bytes, or where it lies) to Slack and return its ID; ``alt_text`` describes a picture.

        Nobody sees it before it is shared; repeating leaves no trace.
        """

    def share(
        self,
        file_id: str,
        *,
        channel: str,
        thread_ts: str | None,
        title: str,
        also: Mapping[str, str] = MappingProxyType({}),
        comment: str = "",
    ) -> None:
        """Show an uploaded file in a conversation, in one message with those in ``also`` (titles by ID), these first.

        All of them are shown, or none. ``comment`` is what the message says.

        Raises:
            UnknownOutcome: it may be shared: ``info`` says so after a while.
            NotFound: it was shared before (a ticket is good for once), or never uploaded.
        """

    def finish(self, file_id: str, title: str) -> None:
        """End the upload of a picture that messages of ours are to show; no conversation gets it by this.

        ``info`` tells its ``mimetype`` once Slack lets a message show it.

        Raises:
            NotFound: its upload was ended before, or it was never uploaded.
        """

    def ours_in(self, channel: str, thread_ts: str, *, since: datetime) -> frozenset[str]:
        """Return the titles of the files that we shared in the thread from ``since`` on; none, when it is gone."""


def may_be_told(files: SharedFiles, file: SlackFile, channel: str, user: str) -> bool:
    """Return whether what is in the file may be talked of in the channel, for that person, where all there read it.

    Where it is shared, in a direct message, and, if a public channel has it, anywhere but where people of other
    workspaces read along. Whoever sent it may have it talked of anywhere: that shows it there as sharing it would.

    Raises:
        Throttled, Unavailable, Misconfigured, Refused: Slack does not say who is there.
    """
    if user == file.user or channel.startswith("D") or channel in file.channels:
        return True
    return bool(file.public_channels) and not files.has_others(channel)
