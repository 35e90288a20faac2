"""A file of ours in the verdict's thread (the full report, a corrected copy), shared once."""

from dataclasses import asdict

from bot.errors import NotFound, Throttled, Unavailable, UnknownOutcome
from bot.following.crash_points import crash_point
from bot.following.kinds.upload_record import Attachment
from bot.following.kinds.upload_work import UploadParts
from bot.following.step import Later, Step


class ThreadFiles:
    """Sends and shares files; ``status[slot]`` is how far that is with one of them."""

    def __init__(self, parts: UploadParts) -> None:
        self._parts = parts

    def attach(
        self, step: Step, slot: str, *, name: str, content: bytes, channel: str, thread_ts: str
    ) -> None:
        """Send a small file and share it in the thread, unless it is shared.

        Raises:
            Later: it may be shared, and Slack does not say so yet.
            Throttled, Unavailable, Refused, Misconfigured: it is not shared.
        """
        if not self.sent(step, slot):
            step.ensure_time(self._parts.call)
            self.note(step, slot, self._parts.files.upload(name, content))
        self.share(step, slot, name=name, channel=channel, thread_ts=thread_ts)

    def sent(self, step: Step, slot: str) -> str:
        """Return the ID of the file that was sent, empty when none was."""
        return _load(step, slot).file

    def note(self, step: Step, slot: str, file: str) -> None:
        """Write down that the file was sent. Within a ``Hold``, take ``mine`` first."""
        crash_point("after-upload")
        _save(step, slot, Attachment(file))

    def share(self, step: Step, slot: str, *, name: str, channel: str, thread_ts: str | None) -> None:
        """Share a file that was sent in the thread, unless it is shared.

        Raises:
            Later: it may be shared, and Slack does not say so yet.
            Throttled, Unavailable, Refused, Misconfigured: it is not shared.
        """
        attachment = _load(step, slot)
        if attachment.shared:
            return
        if attachment.at is None or not self._is_shared(step, attachment, channel):
            self._share(step, slot, attachment, name, channel, thread_ts)
        attachment.shared = True
        _save(step, slot, attachment)

    def _is_shared(self, step: Step, attachment: Attachment, channel: str) -> bool:
        """Return whether an earlier attempt did it.

        Raises:
            Later: it is too early to say that it did not.
        """
        assert attachment.at is not None
        try:
            if channel in self._parts.files.info(attachment.file).channels:
                return True
        except NotFound:
            pass  # not shared, so not shown to us either
        age = step.now() - attachment.at
        if 0 <= age < self._parts.grace:
            raise Later(self._parts.grace - age)
        return False

    def _share(
        self, step: Step, slot: str, attachment: Attachment, name: str, channel: str, thread_ts: str | None
    ) -> None:
        attachment.at = step.now()
        _save(step, slot, attachment)
        step.ensure_time(self._parts.call)
        crash_point("before-share")
        try:
            self._parts.files.share(attachment.file, channel=channel, thread_ts=thread_ts, title=name)
        except UnknownOutcome:
            raise
        except NotFound:
            pass  # the ticket was used: it is shared
        except (Throttled, Unavailable):
            attachment.at = None  # certainly not shared
            _save(step, slot, attachment)
            raise
        crash_point("after-share")


def _load(step: Step, slot: str) -> Attachment:
    return Attachment(**step.status.get(slot, {}))


def _save(step: Step, slot: str, attachment: Attachment) -> None:
    step.status[slot] = asdict(attachment)
    step.save()
