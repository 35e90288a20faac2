"""A file of ours in a thread (a full report, a corrected copy, a picture), shared once."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from bot.controller.context import Context, NotReady
from bot.controller.crash_points import crash_point
from bot.controller.outbox.entries import Place
from bot.controller.outbox.fallbacks import why_here
from bot.controller.shared_files import SharedFiles, title_of
from bot.errors import Misconfigured, NotFound, Refused, Throttled, Unavailable, UnknownOutcome


@dataclass(slots=True)
class Attachment:
    """A file of ours in the thread: its ID in Slack, and when sharing it was last begun (store's time).

    ``elsewhere`` is the direct message that it goes to because its own place does not take it, ``refused`` says why.
    """

    file: str = ""
    at: float | None = None
    shared: bool = False
    elsewhere: str = ""
    refused: str = ""


log = logging.getLogger(__name__)


class FileDependencies(Protocol):
    """What is needed: Slack's files, and in seconds what one call may take and a shared file to show up."""

    @property
    def files(self) -> SharedFiles:
        """Slack's files."""

    @property
    def call(self) -> float:
        """Seconds that one call may take."""

    @property
    def grace(self) -> float:
        """Seconds until a shared file shows up."""


class ThreadFiles:
    """Sends and shares files; ``status[slot]`` is how far that is with one of them.

    A place that does not take a file (archived, closed to us) is no reason to lose it: with an ``owner`` it is shared
    with that person directly, and says why. It goes no further: what is in a file is nobody else's business.

    Args:
        parts: what is needed.
        direct: gives the channel by which a person is reached; None: files go nowhere else.
    """

    def __init__(self, parts: FileDependencies, direct: Callable[[str], str] | None = None) -> None:
        self._parts = parts
        self._direct = direct

    def attach(  # noqa: PLR0913 -- the parts of one file belong together
        self,
        step: Context,
        slot: str,
        *,
        name: str,
        content: bytes | Callable[[], bytes],
        channel: str,
        thread_ts: str | None,
        alt_text: str = "",
        owner: str = "",
        since: datetime | None = None,
    ) -> None:
        """Send a small file and share it in the thread, unless it is shared. ``alt_text`` describes a picture.

        ``content`` may be what makes it, so that it is made only when it is sent. With ``since`` the thread is read
        first: a file of that name that we shared from then on is this one, and a store that failed over, or was
        emptied, has forgotten it. So no other file of ours in the thread may have that name.

        Raises:
            NotReady: it may be shared, and Slack does not say so yet.
            Throttled, Unavailable, Refused, Misconfigured: it is not shared.
        """
        if since and thread_ts and self._is_there(step, slot, name, channel, thread_ts, since):
            return
        if not self.sent(step, slot):
            step.ensure_time(self._parts.call)
            made = content if isinstance(content, bytes) else content()
            self.note(step, slot, self._parts.files.upload(name, made, alt_text=alt_text))
        self.share(step, slot, name=name, channel=channel, thread_ts=thread_ts, owner=owner)

    def _is_there(
        self, step: Context, slot: str, name: str, channel: str, thread_ts: str, since: datetime
    ) -> bool:
        """Return whether it is shared already, as far as may be seen; then it is written down."""
        attachment = _load(step, slot)
        if attachment.shared or attachment.at is not None:
            return False  # what is known of it tells better
        try:
            is_there = title_of(name) in self._parts.files.ours_in(channel, thread_ts, since=since)
        except (Refused, Misconfigured) as refusal:
            log.info("%s: the thread cannot be read: %s", step.key, refusal.sentence)
            return False
        if is_there:
            attachment.shared = True
            _save(step, slot, attachment)
        return is_there

    def attach_together(
        self,
        step: Context,
        slot: str,
        *,
        file: "NamedFile",
        also: Sequence["NamedFile"],
        channel: str,
        thread_ts: str | None,
        owner: str = "",
    ) -> None:
        """Send small files and share them in one message, unless they are shared.

        Those in ``also`` are shown before the first; they stay away when Slack does not take them: a workspace may
        refuse files of some kinds.

        Raises:
            NotReady: they may be shared, and Slack does not say so yet.
            Throttled, Unavailable, Refused, Misconfigured: they are not shared.
        """
        if _load(step, slot).shared:
            return
        self._send(step, slot, file)
        names: dict[str, str] = {}
        for number, other in enumerate(also, start=1):
            try:
                sent = self._send(step, f"{slot}:{number}", other)
            except Refused as refusal:
                log.warning("%s: %s was not sent: %s", step.key, other.name, refusal.sentence)
            else:
                names[sent] = other.title
        place = Place(channel, thread_ts)
        try:
            # With others beside it a refusal may mean those: it is tried alone before it goes to its owner.
            self._share_once(step, slot, _Shown(file.title, names), place, "" if names else owner)
        except Refused as refusal:
            if not names:
                raise
            log.warning("%s: %s goes alone: %s", step.key, file.name, refusal.sentence)
            self._share_once(step, slot, _Shown(file.title, {}), place, owner)

    def _send(self, step: Context, slot: str, file: "NamedFile") -> str:
        if not self.sent(step, slot):
            step.ensure_time(self._parts.call)
            self.note(step, slot, self._parts.files.upload(file.name, file.content))
        return self.sent(step, slot)

    def sent(self, step: Context, slot: str) -> str:
        """Return the ID of the file that was sent, empty when none was."""
        return _load(step, slot).file

    def note(self, step: Context, slot: str, file: str) -> None:
        """Write down that the file was sent. Within a ``KeepAlive``, take ``mine`` first."""
        crash_point("after-upload")
        _save(step, slot, Attachment(file))

    def share(
        self,
        step: Context,
        slot: str,
        *,
        name: str,
        channel: str,
        thread_ts: str | None,
        owner: str = "",
    ) -> None:
        """Share a file that was sent in the thread, unless it is shared; with its owner directly if that is refused.

        Raises:
            NotReady: it may be shared, and Slack does not say so yet.
            Throttled, Unavailable, Refused, Misconfigured: it is not shared.
        """
        self._share_once(step, slot, _Shown(name, {}), Place(channel, thread_ts), owner)

    def _share_once(self, step: Context, slot: str, shown: "_Shown", place: Place, owner: str) -> None:
        attachment = _load(step, slot)
        if attachment.shared:
            return
        try:
            self._share_at(step, slot, attachment, shown, place)
        except Refused as refusal:
            if attachment.elsewhere or not owner or self._direct is None:
                raise
            self._move_on(step, slot, attachment, owner, place, refusal)
            self._share_at(step, slot, attachment, shown, place)
        attachment.shared = True
        _save(step, slot, attachment)

    def _move_on(
        self, step: Context, slot: str, attachment: Attachment, owner: str, place: Place, refusal: Refused
    ) -> None:
        """Point the file at its owner, for good.

        Raises:
            Refused: nobody can be reached there either: the first refusal says more.
        """
        assert self._direct is not None
        log.warning("%s: a file goes to %s: %s", step.key, owner, refusal.sentence)
        step.ensure_time(self._parts.call)
        try:
            attachment.elsewhere = self._direct(owner)
        except Refused:
            raise refusal from None
        attachment.refused = why_here("share", place.channel, [refusal.sentence])
        _save(step, slot, attachment)

    def _share_at(
        self, step: Context, slot: str, attachment: Attachment, shown: "_Shown", place: Place
    ) -> None:
        """Share it where it belongs, or where it goes instead."""
        if attachment.elsewhere:
            place = Place(attachment.elsewhere, None)
        if attachment.at is None or not self._is_shared(step, attachment, place.channel):
            self._share(step, slot, attachment, shown, place)

    def _is_shared(self, step: Context, attachment: Attachment, channel: str) -> bool:
        """Return whether an earlier attempt did it.

        Raises:
            NotReady: it is too early to say that it did not.
        """
        assert attachment.at is not None
        try:
            if channel in self._parts.files.info(attachment.file).channels:
                return True
        except NotFound:
            pass  # not shared, so not shown to us either
        age = step.now() - attachment.at
        if 0 <= age < self._parts.grace:
            raise NotReady(self._parts.grace - age)
        return False

    def _share(self, step: Context, slot: str, attachment: Attachment, shown: "_Shown", place: Place) -> None:
        # The intent is committed before the call: should nothing come back, `info` tells after the grace.
        attachment.at = step.now()
        _save(step, slot, attachment)
        step.ensure_time(self._parts.call)
        crash_point("before-share")
        try:
            self._parts.files.share(
                attachment.file,
                channel=place.channel,
                thread_ts=place.thread_ts,
                title=shown.title,
                also=shown.also,
                comment=attachment.refused,
            )
        except UnknownOutcome:
            raise
        except NotFound:
            pass  # the ticket was used: it is shared
        except (Refused, Throttled, Unavailable):
            attachment.at = None  # certainly not shared
            _save(step, slot, attachment)
            raise
        crash_point("after-share")


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A small file to send. Its name's ending tells Slack its type; ``title`` is what people read."""

    name: str
    title: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a message shows: a file by its title, and the titles of those before it, by ID."""

    title: str
    also: Mapping[str, str]


def _load(step: Context, slot: str) -> Attachment:
    return Attachment(**step.status.get(slot, {}))


def _save(step: Context, slot: str, attachment: Attachment) -> None:
    step.status[slot] = asdict(attachment)
    step.save()
