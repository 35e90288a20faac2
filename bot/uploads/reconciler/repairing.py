"""Repairs, all or some, and rows left out: a corrected copy of a file, shared in the thread with what was changed.

The original stays as it is.
"""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from bot.controller.outbox.files import ThreadFiles
from bot.controller.outbox.replies import Replies
from bot.controller.retry_limits import at_last, is_worth_waiting, passes
from bot.datasets.model import Report, Verdict
from bot.datasets.repairs import RepairSummary, repair
from bot.datasets.repairs.by_hand import ByHand
from bot.datasets.repairs.changes import ChangeLog, ChangeSummary
from bot.datasets.repairs.fixing import PREREQUISITES
from bot.datasets.service import dataset_name
from bot.errors import Misconfigured, Refused, TunesmithError, Unavailable
from bot.profiles.model import Profile
from bot.uploads.cards import RepairedCard
from bot.uploads.context import UploadDependencies
from bot.uploads.model import UploadContext, UploadSpec
from bot.uploads.naming import copy_name

REPAIRED = "repaired"
"""The message that says what was changed, where the copy's verdict cannot."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected copy of a file: its name, where it lies while it is judged, and what was done.

    ``parent`` is the SHA-256 of the file that it was made from.
    """

    original: str
    name: str
    path: Path
    parent: str
    summary: RepairSummary
    changes: ChangeSummary
    diff: bytes


def correct(path: Path, name: str, profile: Profile, spec: UploadSpec) -> Correction:
    """Write the corrected copy beside the file.

    Raises:
        Refused: there is nothing that could be repaired, or nothing would be left, or the rows that were chosen are
            those of another file.
    """
    parent = _sha256(path)
    if (spec.drop or spec.edits) and parent != spec.judged:
        raise Refused(
            "The file is not the one any more that you looked at, so I left its rows alone.",
            hint="Send it again, and choose from the new report.",
        )
    target = path.with_name("corrected.jsonl")
    corrected_name = copy_name(name, spec)
    log = ChangeLog(name, corrected_name)
    by_hand = ByHand(frozenset(spec.drop), {each.position: each.text for each in spec.edits})
    # Whoever chose one repair meant these as well: without them there is no row to make it in.
    wanted = None if spec.repairs is None else {*spec.repairs, *PREREQUISITES}
    summary = repair(path, target, profile, wanted, by_hand=by_hand, watch=log.add)
    if not summary.changed:
        raise Refused(
            "There is nothing in this file that I can repair without a guess.",
            hint=" ".join(summary.notes) or "Send it again to see its report.",
        )
    if not summary.rows_written:
        raise Refused(
            "No row would be left of this file.", hint="Keep some of its rows, or send another file."
        )
    return Correction(name, corrected_name, target, parent, summary, log.summary(), log.diff())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class HandingBack:
    """Sends the corrected copy to Slack, shares it in the thread, and says what was changed.

    What is written down of it goes by the copy's digest: should another version of the bot repair otherwise after a
    crash, then its own copy is shared, and the verdict is always on the last one in the thread.
    """

    def __init__(self, dependencies: UploadDependencies) -> None:
        self._dependencies = dependencies
        self._files = ThreadFiles(dependencies.files, dependencies.outbox.direct_owner)
        self._posting = Replies(dependencies.outbox, dependencies.renderer)

    def send(self, context: UploadContext, correction: Correction, report: Report) -> str:
        """Send the copy, which nobody sees yet, and return its ID; empty when Slack does not take it.

        Raises:
            Throttled, Unavailable: it did not now, and the loop should try again.
        """
        try:
            return self._files.send(
                context,
                _slot(report),
                lambda: self._dependencies.files.upload(correction.name, correction.path),
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(context, trouble):
                raise
            _set_why_not(context, report, trouble)
            return ""

    def tell(self, context: UploadContext, correction: Correction, report: Report) -> RepairedCard | None:
        """Share the copy and return what was changed, for its verdict; None: that it is not shared is told, and why.

        Raises:
            NotReady: it is unclear yet whether it was shared.
            Throttled, Unavailable: it was not, and the loop should try again.
        """
        spec = context.spec
        why_not = self._share(context, correction, report)
        if why_not:
            context.status.failed = True  # so that another press tries again
        card = RepairedCard(
            correction.original,
            correction.name,
            correction.summary,
            why_not,
            spec.user,
            correction.changes,
            "" if why_not else self._attach_diff(context, correction, report),
            ready=report.verdict is Verdict.READY,
            again=context.key.id if why_not and spec.repairs is None else "",
            left=report,
        )
        if not why_not:
            return card
        self._posting.post(context, spec, REPAIRED, card)
        return None

    def tell_alone(self, context: UploadContext, correction: Correction, report: Report) -> None:
        """Share the copy and say what was changed, where no verdict follows at once. Raises as ``tell`` does."""
        if card := self.tell(context, correction, report):
            self._posting.post(context, context.spec, REPAIRED, card)

    def _attach_diff(self, context: UploadContext, correction: Correction, report: Report) -> str:
        """Attach every change when the card has not room for all; return the file's name, empty when there is none.

        That Slack does not take it is only logged: the copy itself is in the thread.
        """
        spec = context.spec
        if correction.changes.is_whole or not spec.thread_ts:
            return ""
        name = f"{dataset_name(correction.name)}-changes.diff"
        try:
            self._files.attach(
                context,
                f"changes:{report.sha256[:12]}",
                name=name,
                content=correction.diff,
                channel=spec.channel,
                thread_ts=spec.thread_ts,
                owner=spec.user,
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if is_worth_waiting(context, trouble):
                raise
            log.warning("%s: the changes were not attached: %s", context.key, trouble.sentence)
            return ""
        return name

    def _share(self, context: UploadContext, correction: Correction, report: Report) -> str:
        """Return why the copy is not shared, empty when it is. That is decided once: the card says it for ever."""
        spec = context.spec
        decided = context.status.unshared.get(_slot(report))
        if decided is not None:
            return decided
        try:
            self._files.share(
                context,
                _slot(report),
                name=correction.name,
                channel=spec.channel,
                thread_ts=spec.thread_ts,
                owner=spec.user,
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(context, trouble):
                raise
            log.warning("%s: the corrected file was not shared: %s", context.key, trouble.sentence)
            return _set_why_not(context, report, trouble)
        return ""


def _slot(report: Report) -> str:
    return f"corrected:{report.sha256[:12]}"


def _set_why_not(context: UploadContext, report: Report, trouble: TunesmithError) -> str:
    context.status.unshared[_slot(report)] = at_last(trouble)
    context.save()
    return at_last(trouble)
