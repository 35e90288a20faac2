"""A file of ours in a thread (a full report, a corrected copy, a picture), shared once."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.controller.context import AnyContext
from bot.controller.effects import DONE, Effect, Proof
from bot.controller.outbox.entries import Place
from bot.controller.outbox.fallbacks import why_here
from bot.controller.shared_files import SharedFiles, title_of
from bot.errors import Misconfigured, NotFound, Refused

CALL = 6.0
"""Seconds that one call to Slack may take."""

SEND = Effect(
    "upload",
    "sending a file to Slack, unshared",
    "a file that nobody sees; another is sent",
    longest=CALL,
)
SHARE = Effect(
    "share",
    "sharing it in the thread, or with its owner",
    "a file that may be shared: Slack is asked where it is, and after the grace it is shared where it is nowhere",
    Proof.LOOK,
    longest=CALL,
    grace=30.0,
)
FINISH = Effect(
    "finish-upload",
    "ending the upload of a picture that a message is to show",
    "a picture whose upload is over already: ending it again is refused, and changes nothing",
    longest=CALL,
)
FILES = (SEND, SHARE)
"""The effects of whatever shares files, each by the file's slot.

In the ledger of ``SHARE``, ``detail`` has the direct message that it goes to (``elsewhere``) when its own place does
not take it, and why it does not (``refused``).
"""

log = logging.getLogger(__name__)


class ThreadFiles:
    """Sends and shares files, each by a slot of its own within the resource.

    A place that does not take a file (archived, closed to us) is no reason to lose it: with an ``owner`` it is shared
    with that person directly, and says why. It goes no further: what is in a file is nobody else's business, and not
    that of an owner either who cannot see that place any more.

    Args:
        files: Slack's files.
        direct: gives the channel by which an owner is reached with what a place does not take; None: files go nowhere
            else.
    """

    def __init__(self, files: SharedFiles, direct: Callable[[str, str], str] | None = None) -> None:
        self._files = files
        self._direct = direct

    def attach(  # noqa: PLR0913 -- the parts of one file belong together
        self,
        context: AnyContext,
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
        if since and thread_ts and self._is_there(context, slot, name, channel, thread_ts, since):
            return

        def send() -> str:
            made = content if isinstance(content, bytes) else content()
            return self._files.upload(name, made, alt_text=alt_text)

        self.send(context, slot, send)
        self.share(context, slot, name=name, channel=channel, thread_ts=thread_ts, owner=owner)

    def prepare(
        self, context: AnyContext, slot: str, *, name: str, content: Callable[[], bytes], alt_text: str
    ) -> str:
        """Send a picture that a message is to show; return its ID once Slack lets messages show it, else nothing.

        Raises:
            Throttled, Unavailable, Refused, Misconfigured: it is not sent, or nobody knows yet.
        """
        file = self.send(context, slot, lambda: self._files.upload(name, content(), alt_text=alt_text))

        def finish() -> bool:
            with suppress(NotFound):
                self._files.finish(file, name)
            return True

        context.once(FINISH, finish, item=slot)
        try:
            # Slack looks at a file after its upload is over, and until then tells no type
            # (python-slack-sdk#1575). A message that shows it before is refused.
            return file if self._files.info(file).mimetype else ""
        except NotFound:
            return ""

    def _is_there(
        self, context: AnyContext, slot: str, name: str, channel: str, thread_ts: str, since: datetime
    ) -> bool:
        """Return whether it is shared already, as far as may be seen; then it is written down."""
        shared = context.record(SHARE, slot)
        if shared.state == DONE or shared.at is not None:
            return False  # what is known of it tells better
        try:
            is_there = title_of(name) in self._files.ours_in(channel, thread_ts, since=since)
        except (Refused, Misconfigured) as refusal:
            log.info("%s: the thread cannot be read: %s", context.key, refusal.sentence)
            return False
        if is_there:
            shared.state = DONE
            context.save()
        return is_there

    def attach_together(
        self,
        context: AnyContext,
        slot: str,
        *,
        file: "NamedFile",
        also: Sequence["NamedFile"],
        channel: str,
        thread_ts: str | None,
        owner: str = "",
        comment: str = "",
    ) -> None:
        """Send small files and share them in one message, unless they are shared; ``comment`` is what that says.

        Those in ``also`` are shown before the first; they stay away when Slack does not take them: a workspace may
        refuse files of some kinds.

        Raises:
            NotReady: they may be shared, and Slack does not say so yet.
            Throttled, Unavailable, Refused, Misconfigured: they are not shared.
        """
        if context.record(SHARE, slot).state == DONE:
            return
        self.send(context, slot, file.sent_by(self._files))
        names: dict[str, str] = {}
        for number, other in enumerate(also, start=1):
            try:
                sent = self.send(context, f"{slot}:{number}", other.sent_by(self._files))
            except Refused as refusal:
                log.warning("%s: %s was not sent: %s", context.key, other.name, refusal.sentence)
            else:
                names[sent] = other.title
        place = Place(channel, thread_ts)
        try:
            # With others beside it a refusal may mean those: it is tried alone before it goes to its owner.
            self._share_once(context, slot, _Shown(file.title, names, comment), place, "" if names else owner)
        except Refused as refusal:
            if not names:
                raise
            log.warning("%s: %s goes alone: %s", context.key, file.name, refusal.sentence)
            self._share_once(context, slot, _Shown(file.title, {}, comment), place, owner)

    def send(self, context: AnyContext, slot: str, upload: Callable[[], str]) -> str:
        """Send a file by ``upload``, which nobody sees before it is shared, unless it was sent; return its ID.

        Raises:
            Throttled, Unavailable, Refused, Misconfigured: it is not sent.
        """
        is_new = not self.sent(context, slot)
        file = context.once(SEND, upload, item=slot)
        if is_new:
            context.save()  # large ones are not sent again for whatever comes after
        return file

    def sent(self, context: AnyContext, slot: str) -> str:
        """Return the ID of the file that was sent, empty when none was."""
        return str(context.record(SEND, slot).result or "")

    def share(
        self,
        context: AnyContext,
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
        self._share_once(context, slot, _Shown(name, {}), Place(channel, thread_ts), owner)

    def _share_once(self, context: AnyContext, slot: str, shown: "_Shown", place: Place, owner: str) -> None:
        try:
            self._share_at(context, slot, shown, place)
        except Refused as refusal:
            if context.record(SHARE, slot).detail or not owner or self._direct is None:
                raise
            self._move_on(context, slot, owner, place, refusal)
            self._share_at(context, slot, shown, place)

    def _move_on(self, context: AnyContext, slot: str, owner: str, place: Place, refusal: Refused) -> None:
        """Point the file at its owner, for good.

        Raises:
            Refused: nobody can be reached there either: the first refusal says more.
        """
        assert self._direct is not None
        log.warning("%s: a file goes to %s: %s", context.key, owner, refusal.sentence)
        context.ensure_time(CALL)
        try:
            elsewhere = self._direct(owner, place.channel)
        except Refused:
            raise refusal from None
        why = why_here("share", place.channel, [refusal.sentence])
        context.record(SHARE, slot).detail = {"elsewhere": elsewhere, "refused": why}
        context.save()

    def _share_at(self, context: AnyContext, slot: str, shown: "_Shown", place: Place) -> None:
        """Share it where it belongs, or where it goes instead."""
        shared, file = context.record(SHARE, slot), self.sent(context, slot)
        if elsewhere := shared.detail.get("elsewhere"):
            place = Place(elsewhere, None)

        def share() -> bool:
            # A ticket that was used is not found any more: it is shared.
            with suppress(NotFound):
                self._files.share(
                    file,
                    channel=place.channel,
                    thread_ts=place.thread_ts,
                    title=shown.title,
                    also=shown.also,
                    comment="\n".join(filter(None, (shared.detail.get("refused", ""), shown.comment))),
                )
            return True

        def look() -> bool | None:
            if shared.at is None:  # nothing was tried
                return None
            with suppress(NotFound):  # not shared, so not shown to us either
                return True if place.channel in self._files.info(file).channels else None
            return None

        context.once(SHARE, share, item=slot, look=look)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A small file to send. Its name's ending tells Slack its type; ``title`` is what people read."""

    name: str
    title: str
    content: bytes

    def sent_by(self, files: SharedFiles) -> Callable[[], str]:
        """Return what sends it."""
        return lambda: files.upload(self.name, self.content)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a message shows: a file by its title, the titles of those before it, by ID, and what it says."""

    title: str
    also: Mapping[str, str]
    comment: str = ""
