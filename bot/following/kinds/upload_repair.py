"""*Repair all*: a corrected copy of a file, shared in the thread with what was changed. The original stays as it is."""

import logging
from dataclasses import dataclass
from pathlib import Path

from bot.datasets.cards import RepairedCard
from bot.datasets.model import Report
from bot.datasets.repairs import RepairSummary, repair
from bot.datasets.service import dataset_name
from bot.errors import Misconfigured, Refused, TunesmithError, Unavailable
from bot.following.kinds.holding import Hold
from bot.following.kinds.upload_files import ThreadFiles
from bot.following.kinds.upload_record import UploadSpec
from bot.following.kinds.upload_work import UploadParts, passes
from bot.following.step import Step
from bot.profiles.model import Profile

REPAIRED = "repaired"
"""The notice that says what was changed."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Correction:
    """A corrected copy of a file: its name, where it lies while it is judged, and what was done."""

    original: str
    name: str
    path: Path
    summary: RepairSummary


def correct(path: Path, name: str, profile: Profile) -> Correction:
    """Write the corrected copy beside the file.

    Raises:
        Refused: there is nothing that could be repaired, or nothing would be left.
    """
    target = path.with_name("corrected.jsonl")
    summary = repair(path, target, profile)
    if not summary.changed or not summary.rows_written:
        raise Refused(
            "There is nothing in this file that I can repair without a guess.",
            hint="Send it again to see its report.",
        )
    return Correction(name, f"{dataset_name(name)}.repaired.jsonl", target, summary)


class HandingBack:
    """Sends the corrected copy to Slack, shares it in the thread, and says what was changed.

    What is written down of it goes by the copy's digest: should another version of the bot repair otherwise after a
    crash, then its own copy is shared, and the verdict is always on the last one in the thread.
    """

    def __init__(self, parts: UploadParts) -> None:
        self._parts = parts
        self._files = ThreadFiles(parts)

    def send(self, step: Step, correction: Correction, report: Report, hold: Hold) -> str:
        """Send the copy, which nobody sees yet, and return its ID; empty when Slack does not take it.

        Raises:
            Throttled, Unavailable: it did not now, and the loop should try again.
        """
        slot = _slot(report)
        if not self._files.sent(step, slot):
            try:
                file = self._parts.files.upload(correction.name, correction.path)
            except (Refused, Misconfigured, Unavailable) as trouble:
                if passes(step, trouble):
                    raise
                with hold.mine:
                    _set_why_not(step, report, trouble)
                return ""
            with hold.mine:
                self._files.note(step, slot, file)
        return self._files.sent(step, slot)

    def tell(self, step: Step, spec: UploadSpec, correction: Correction, report: Report) -> None:
        """Share the copy and say what was changed, or that it could not be shared and why.

        Raises:
            Later: it is unclear yet whether it was shared.
            Throttled, Unavailable: it was not, and the loop should try again.
        """
        why_not = self._share(step, spec, correction, report)
        if why_not:
            step.status["failed"] = True  # so that another press tries again
        card = RepairedCard(correction.original, correction.name, correction.summary, why_not, spec.user)
        self._parts.notices.post_once(
            step,
            REPAIRED,
            self._parts.renderer.render(card),
            channel=spec.channel,
            thread_ts=spec.thread_ts,
            since=spec.asked_at,
        )

    def _share(self, step: Step, spec: UploadSpec, correction: Correction, report: Report) -> str:
        """Return why the copy is not shared, empty when it is. That is decided once: the card says it for ever."""
        decided = step.status.get("unshared", {}).get(_slot(report))
        if decided is not None:
            return str(decided)
        try:
            self._files.share(
                step,
                _slot(report),
                name=correction.name,
                channel=spec.channel,
                thread_ts=spec.thread_ts,
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(step, trouble):
                raise
            log.warning("%s: the corrected file was not shared: %s", step.key, trouble.sentence)
            return _set_why_not(step, report, trouble)
        return ""


def _slot(report: Report) -> str:
    return f"corrected:{report.sha256[:12]}"


def _set_why_not(step: Step, report: Report, trouble: TunesmithError) -> str:
    step.status.setdefault("unshared", {})[_slot(report)] = trouble.sentence
    step.save()
    return trouble.sentence
