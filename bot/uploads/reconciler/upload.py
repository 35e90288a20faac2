"""One file, from being shared to its verdict.

What it does on the outside, and what settles each of it, is in docs/effects.md. All else may end with its process: a
place in line and a temporary folder do, what was downloaded and judged is so again, with the same rows to look at, and
a dataset is kept again, the same, since its name is its digest.

Which base model a file is judged for when nobody said: the operator's default. The format is not guessed from the
content: a file in another format gets a verdict that says so, with the hint which base model takes it.

With ``repair`` in its spec, an upload is what *Repair all* asks for, or a single repair, or the row inspector: the
file is fetched again and repaired, the corrected copy is shared in the thread, and that copy is judged and kept as any
file is: its verdict says what was changed, too. What can be repaired of the copy in turn is repaired in a copy of the
copy.
"""

import json
import logging
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from bot.controller.effects import DONE
from bot.controller.keep_alive import KeepAlive
from bot.controller.model import Outcome
from bot.controller.outbox.canvases import ThreadCanvases
from bot.controller.outbox.entries import ABSENT, Place, entry_of
from bot.controller.outbox.files import SHARE, NamedFile, ThreadFiles
from bot.controller.outbox.replies import Replies
from bot.controller.retry_limits import (
    at_last,
    count_beginning,
    in_words,
    is_worth_waiting,
    kept,
    passes,
)
from bot.controller.shared_files import SlackFile, may_be_told
from bot.datasets.inspecting.inspection import inspect
from bot.datasets.model import Dataset, Parent, Report, Source, Verdict
from bot.datasets.reports.html import as_html
from bot.datasets.reports.markdown import as_markdown
from bot.datasets.reports.text import as_json
from bot.datasets.service import dataset_name
from bot.errors import HeldUp, Misconfigured, Refused, TunesmithError, Unavailable
from bot.profiles import registry
from bot.profiles.model import Profile
from bot.uploads import rows as upload_rows
from bot.uploads import sample
from bot.uploads.cards import UploadProblem, VerdictCard
from bot.uploads.context import UploadDependencies
from bot.uploads.model import KIND, SAMPLE, KeptRows, UploadContext, UploadSpec
from bot.uploads.reconciler.repairing import REPAIRED, Correction, HandingBack, correct
from bot.uploads.waiting_line import in_line

__all__ = ["KIND", "UploadReconciler"]

log = logging.getLogger(__name__)

VERDICT, PROBLEM = "verdict", "problem"
"""The messages of an upload."""
REPORT = "report"
"""What is attached to its verdict, and the page that is made of it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A file's report, the dataset it was kept as if a job can start from it, and what was corrected before."""

    report: Report
    dataset: Dataset | None = None
    correction: Correction | None = None


class UploadReconciler:
    """Brings one upload to its verdict."""

    def __init__(self, dependencies: UploadDependencies) -> None:
        self._dependencies = dependencies
        self._posting = Replies(dependencies.outbox, dependencies.renderer)
        self._thread_files = ThreadFiles(dependencies.files, dependencies.outbox.direct_owner)
        self._canvases = ThreadCanvases(dependencies.canvases)
        self._handing_back = HandingBack(dependencies)

    def __call__(self, context: UploadContext) -> Outcome:
        """Judge the file and tell it, or go on where it was left."""
        if not context.status.told:
            self._tell(context)
            context.status.told = True
            context.save()
        return self._dependencies.outbox.settle(context, {})

    # Telling

    def _tell(self, context: UploadContext) -> None:
        try:
            judged = in_words(
                context,
                lambda: self._judge(context),
                "I stumbled over this file, and it stays so.",
                "The log has the reason: please tell the operator, and try another file meanwhile.",
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(context, trouble):
                raise
            self._tell_problem(context, trouble)
            return
        # It came to its end: what ends with the process from here on is no death in the middle of the work.
        context.engine.begun = 0
        repaired = None
        if judged.correction:
            repaired = self._handing_back.tell(context, judged.correction, judged.report)
        is_there = repaired is not None or judged.correction is None
        card = VerdictCard(
            judged.report,
            judged.dataset,
            asked_by=context.spec.user,
            upload=context.key.id if is_there else "",
            rows=upload_rows.count(context.status),
            # It may have been told before, while the copy could not be kept.
            repaired=repaired if entry_of(context, REPAIRED).state == ABSENT else None,
        )
        ts = self._posting.post(context, context.spec, VERDICT, card)
        if self._dependencies.screening:
            self._dependencies.screening.tell(context)
        if ts and judged.report.causes:
            self._attach(context, judged.report)

    def _tell_problem(self, context: UploadContext, trouble: TunesmithError) -> None:
        """Say why there is no verdict, unless there is one: the file may have gone since."""
        spec = context.spec
        log.warning("%s: %s %s", context.key, trouble.sentence, trouble.detail)
        if entry_of(context, VERDICT).state != ABSENT:
            return
        context.status.failed = True
        again = context.key.id if spec.repair and spec.repairs is None else ""
        problem = UploadProblem(context.status.file_name, at_last(trouble), asked_by=spec.user, again=again)
        self._posting.post(context, spec, PROBLEM, problem, under=VERDICT)

    def _attach(self, context: UploadContext, report: Report) -> None:
        """Attach the full report, as a page and as JSON. The card says what matters: a refusal is only logged."""
        if context.record(SHARE, REPORT).state == DONE:
            return
        name = f"{dataset_name(report.file)}-report"
        place = self._posting.place(context, context.spec, VERDICT)
        try:
            page = self._page(context, report, place)
            self._thread_files.attach_together(
                context,
                REPORT,
                file=NamedFile(
                    f"{name}.json",
                    f"Report on {report.file}, for programs",
                    json.dumps(as_json(report), indent=2, ensure_ascii=False).encode(),
                ),
                also=() if page else self._pages(context, name, report),
                channel=place.channel,
                thread_ts=place.thread_ts,
                owner=context.spec.user,
                comment=f"<{page}|Open the report>" if page else "",
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if is_worth_waiting(context, trouble):
                raise
            log.warning("%s: the report was not attached: %s", context.key, trouble.sentence)

    def _page(self, context: UploadContext, report: Report, place: Place) -> str:
        """Return the address of the report as a page that opens where it is read; empty: it is a file."""
        return self._canvases.link(
            context,
            REPORT,
            place,
            title=f"Report on {report.file}",
            write=lambda: as_markdown(report),
            reader=context.spec.user,
        )

    def _pages(self, context: UploadContext, name: str, report: Report) -> tuple[NamedFile, ...]:
        """Return the report as a page to download; a defect in how it is drawn keeps nobody from the rest."""
        try:
            return (NamedFile(f"{name}.html", f"Report on {report.file}", as_html(report).encode()),)
        except Exception:
            log.exception("%s: the report cannot be shown as a page", context.key)
            return ()

    # Judging

    def _judge(self, context: UploadContext) -> Judged:
        spec = context.spec
        profile = registry.get(spec.profile or self._dependencies.default_profile)
        if spec.sample:
            return self._sampled(context, profile)
        file = self._dependencies.files.info(spec.file_id)
        self._check_sees(spec, file)
        context.status.file_name = file.name  # not before: a name may tell as much as the file
        self._check_takes(file)
        if context.engine.held_up is not None:  # before it is fetched and judged once more for nothing
            kept(context, partial(self._dependencies.datasets.check, profile.region))
        # Held only from here on: who waits in line gives the upload back, and has no lease to renew.
        with (
            in_line(self._dependencies, context, spec, file.size),
            tempfile.TemporaryDirectory(prefix="tunesmith-", dir=self._dependencies.folder) as folder,
            KeepAlive(context) as hold,
        ):
            count_beginning(
                context,
                "judged this file",
                "It may be too much for me: split it, or ask the operator for more memory.",
            )
            context.save()
            path = Path(folder) / "upload.jsonl"
            self._dependencies.files.download(
                file, path, cap=self._dependencies.cap_bytes, progress=hold.keep
            )
            hold.keep()
            if spec.repair:
                return self._corrected(context, path, file, profile, hold)
            report = self._dependencies.datasets.validate(path, profile, spec.role, file.name)
            self._look(context, path, report, profile, upload_rows.readers_of(file, spec), hold)
            self._screen(context, path, report, profile, hold)
            return self._kept(context, path, report, profile, file.id)

    def _sampled(self, context: UploadContext, profile: Profile) -> Judged:
        """Share our own sample, and judge it as any file."""
        spec = context.spec
        context.status.file_name = sample.NAME
        self._thread_files.attach(
            context,
            SAMPLE,
            name=sample.NAME,
            content=sample.content,
            channel=spec.channel,
            thread_ts=spec.thread_ts,
            owner=spec.user,
        )
        context.status.sample = shared = self._thread_files.sent(context, SAMPLE)
        with (
            tempfile.TemporaryDirectory(prefix="tunesmith-", dir=self._dependencies.folder) as folder,
            KeepAlive(context) as hold,
        ):
            path = Path(folder) / "upload.jsonl"
            path.write_bytes(sample.content())
            report = self._dependencies.datasets.validate(path, profile, spec.role, sample.NAME)
            self._look(context, path, report, profile, (), hold)
            return self._kept(context, path, report, profile, shared)

    def _corrected(
        self, context: UploadContext, path: Path, file: SlackFile, profile: Profile, hold: KeepAlive
    ) -> Judged:
        """Repair the file, send the corrected copy, and judge that one."""
        correction = self._dependencies.workers.run(correct, path, file.name, profile, context.spec)
        hold.keep()
        report = self._dependencies.datasets.validate(
            correction.path, profile, context.spec.role, correction.name
        )
        self._look(context, correction.path, report, profile, (), hold)
        self._screen(context, correction.path, report, profile, hold)
        sent = self._handing_back.send(context, correction, report)
        context.status.copy = sent
        try:
            # Without a copy in Slack, whoever may see the original may see the dataset.
            judged = self._kept(context, correction.path, report, profile, sent or file.id, correction)
        except (HeldUp, Refused):
            self._handing_back.tell_alone(context, correction, report)  # the copy itself waits for nothing
            raise
        return replace(judged, correction=correction)

    def _screen(
        self, context: UploadContext, path: Path, report: Report, profile: Profile, hold: KeepAlive
    ) -> None:
        """Have the operator's guardrail read a file that a job can start from."""
        if self._dependencies.screening and report.verdict is Verdict.READY:
            self._dependencies.screening.look(
                context, context.spec, path, report, profile, self._dependencies.workers
            )
            hold.keep()

    def _look(
        self,
        context: UploadContext,
        path: Path,
        report: Report,
        profile: Profile,
        readers: tuple[str, ...],
        hold: KeepAlive,
    ) -> None:
        """Keep the rows that the report is about, to be looked at from its card."""
        hold.keep()
        found = self._dependencies.workers.run(inspect, path, report, profile)
        context.status.rows = KeptRows(readers, found)
        hold.keep()

    def _kept(
        self,
        context: UploadContext,
        path: Path,
        report: Report,
        profile: Profile,
        file_id: str,
        correction: Correction | None = None,
    ) -> Judged:
        """Keep the file when a job can start from it: nothing is called ready that is not kept."""
        spec = context.spec
        if report.verdict is not Verdict.READY:
            return Judged(report)
        source = Source(file_id, spec.channel, spec.thread_ts or "", spec.user)
        parent = Parent(correction.parent, dataset_name(correction.original)) if correction else None
        history = correction.summary.effects() if correction else ()
        keep = partial(
            self._dependencies.datasets.keep,
            path,
            report,
            source,
            profile.region,
            parent=parent,
            history=history,
        )
        return Judged(report, kept(context, keep))

    def _check_sees(self, spec: UploadSpec, file: SlackFile) -> None:
        """Return when the person could open the file themselves, and so could whoever reads the verdict.

        Whoever sent a file may have it judged anywhere, which shows it there as sharing it would.

        Raises:
            Refused: they could not.
        """
        if not self._dependencies.files.may_see(spec.user, file):
            raise Refused(
                "I can see that file, and you cannot.",
                hint="Ask its owner to share it in this channel, then ask me again.",
            )
        if not may_be_told(self._dependencies.files, file, spec.channel, spec.user):
            raise Refused(
                "That file was shared where not everybody in this channel can see it, and all of them read what I say.",
                hint="Ask its owner to share it in this channel, or send me its link directly.",
            )

    def _check_takes(self, file: SlackFile) -> None:
        """Return when the file is one to fetch.

        Raises:
            Refused: there is nothing to fetch, or too much.
        """
        if not file.is_readable:
            raise Refused(
                "That is not a file whose bytes Slack has: it is a link, a canvas, or hidden by the workspace's plan.",
                hint="Download it and upload the JSONL file itself.",
            )
        if file.size > self._dependencies.cap_bytes:
            raise Refused(
                f"The file has {file.size:,} bytes, and I take at most {self._dependencies.cap_bytes:,}.",
                hint="Split it, or ask the operator to raise TUNESMITH_MAX_FILE_BYTES.",
            )
