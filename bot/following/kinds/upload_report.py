"""The full report as a file in the verdict's thread, shared once."""

from dataclasses import asdict

from bot.errors import NotFound, Throttled, Unavailable, UnknownOutcome
from bot.following.crash_points import crash_point
from bot.following.kinds.upload_record import Attachment
from bot.following.kinds.upload_work import UploadParts
from bot.following.step import Later, Step


class ReportFile:
    """Sends and shares a report; ``status["report"]`` is how far that is."""

    def __init__(self, parts: UploadParts) -> None:
        self._parts = parts

    def attach(self, step: Step, *, name: str, content: bytes, channel: str, thread_ts: str) -> None:
        """Share the report in the thread unless it is shared.

        Raises:
            Later: it may be shared, and Slack does not say so yet.
            Throttled, Unavailable, Refused, Misconfigured: it is not shared.
        """
        attachment = Attachment(**step.status.get("report", {}))
        if attachment.shared:
            return
        if not attachment.file:
            step.ensure_time(self._parts.call)
            attachment.file = self._parts.files.upload(name, content)
            crash_point("after-upload")
            _save(step, attachment)
        if attachment.at is not None and self._is_shared(step, attachment, channel):
            attachment.shared = True
        else:
            self._share(step, attachment, name, channel, thread_ts)
        _save(step, attachment)

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

    def _share(self, step: Step, attachment: Attachment, name: str, channel: str, thread_ts: str) -> None:
        attachment.at = step.now()
        _save(step, attachment)
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
            _save(step, attachment)
            raise
        crash_point("after-share")
        attachment.shared = True


def _save(step: Step, attachment: Attachment) -> None:
    step.status["report"] = asdict(attachment)
    step.save()
