"""The end: the answers are read back, joined with their prompts, judged, kept, and shared."""

import logging
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.controller.effects import Effect, passing
from bot.controller.keep_alive import KeepAlive
from bot.controller.outbox.entries import Place
from bot.controller.outbox.files import ThreadFiles
from bot.controller.retry_limits import at_last, count_beginning, kept, passes
from bot.datasets.model import Dataset, Parent, Report, Role, Source
from bot.datasets.service import dataset_name
from bot.distillations.answers import MISSING, STOPPED, Joined, join
from bot.distillations.cards import (
    DistillationEnded,
    DistillationMilestone,
    DistillationProblem,
    NothingStarted,
)
from bot.distillations.context import END, DistillationContext, DistillationDependencies
from bot.distillations.model import Collected
from bot.distillations.plan import DistillationPhase, LeftOut
from bot.distillations.teachers import registry as teachers
from bot.distillations.transitions import NEVER_STARTED, advance
from bot.distillations.views import cost_text
from bot.errors import Misconfigured, Refused, Unavailable
from bot.profiles import registry
from bot.uploads.cards import VerdictCard
from bot.uploads.handing_in import judged_as_any, wait_until_seen
from bot.wording import wording

log = logging.getLogger(__name__)

FILE, VERDICT = "answers", "verdict"


KEEP_DATASET = Effect(
    "keep", "keeping the dataset", "a dataset that is kept again, the same: its name is its digest"
)


@dataclass(frozen=True, slots=True)
class _Order:
    """Whose answers are screened, and where that is told."""

    channel: str
    thread_ts: str | None
    user: str
    asked_at: datetime


class Collecting:
    """Phase COLLECTING, and what is told of every end."""

    def __init__(self, parts: DistillationDependencies) -> None:
        self._parts = parts
        self._files = ThreadFiles(parts.files, parts.outbox.direct)

    def collect(self, work: DistillationContext) -> None:
        """Make the dataset, and move on to the phase that it ends in."""
        progress, seen = work.progress, work.progress.observation
        if progress.collected is None:
            try:
                progress.collected = self._collected(work)
            except (Refused, Misconfigured, Unavailable) as trouble:
                if passes(work.step, trouble):
                    raise
                log.warning("%s: the answers cannot be collected: %s", work.step.key, trouble.detail)
                progress.explanation, progress.mend = trouble.message, trouble.hint
                advance(progress, DistillationPhase.FAILED)
                work.save()
                return
            work.step.engine.begun = 0
            work.save()
        if progress.collected.records:
            ended = DistillationPhase.STOPPED if _was_stopped(work) else DistillationPhase.COMPLETED
            advance(progress, ended)
        elif _was_stopped(work):
            advance(progress, DistillationPhase.STOPPED)
        else:
            progress.explanation = _no_answer(progress.collected.left_out, seen.status if seen else "")
            progress.mend = "Mend what it says, then ask again."
            advance(progress, DistillationPhase.FAILED)
        work.save()

    # Making the dataset

    def _collected(self, work: DistillationContext) -> Collected:
        count_beginning(work.step)
        work.save()
        prepared, arn, profile = work.progress.prepared, work.progress.arn, registry.get(work.plan.profile)
        assert prepared is not None
        assert arn is not None
        with (
            tempfile.TemporaryDirectory(prefix="tunesmith-", dir=self._parts.uploads.folder) as name,
            KeepAlive(work.step) as hold,
        ):
            folder = Path(name)
            asked, out = folder / "input.jsonl", folder / "answers.jsonl"
            self._parts.inputs.get(prepared.input_uri, asked)
            hold.keep()
            answered = self._parts.results.fetch(
                work.plan.region, work.plan.output_uri, arn, folder, hold.keep
            )
            missing = STOPPED if _was_stopped(work) else MISSING
            joined = self._parts.uploads.workers.run(
                join, asked, answered, out, profile.record_format, missing=missing
            )
            hold.keep()
            file_name = f"{dataset_name(prepared.name)}.{work.plan.teacher}.jsonl"
            if not joined.records:
                return Collected(file_name, 0, joined.left_out, joined.usage, 0)
            report = self._parts.shelf.validate(out, profile, Role.TRAINING, file_name)
            hold.keep()
            return self._kept(work, out, report, joined)

    def _kept(self, work: DistillationContext, path: Path, report: Report, joined: Joined) -> Collected:
        """Send the file to Slack, where nobody sees it before it is shared, and keep it if a job can start from it."""
        step = work.step
        self._files.send(step, FILE, lambda: self._parts.files.upload(report.file, path))
        made = Collected(report.file, joined.records, joined.left_out, joined.usage, report.tally.errors)
        if report.errors:
            return made
        self._screen(work, path, report)
        try:
            with passing(KEEP_DATASET):
                dataset = kept(step, partial(self._keep, work, path, report, joined))
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(step, trouble):
                raise
            return replace(made, unkept=at_last(trouble))
        return replace(made, dataset_id=dataset.id)

    def _screen(self, work: DistillationContext, path: Path, report: Report) -> None:
        """Have the operator's guardrail read what the teacher answered, as it reads a file that was dropped."""
        uploads, plan = self._parts.uploads, work.plan
        if uploads.screening:
            order = _Order(plan.channel, work.thread, plan.owner, work.spec.asked_at)
            profile = registry.get(plan.profile)
            uploads.screening.look(work.step, order, path, report, profile, uploads.workers)

    def _keep(self, work: DistillationContext, path: Path, report: Report, joined: Joined) -> Dataset:
        plan, prepared, teacher = work.plan, work.progress.prepared, teachers.get(work.plan.teacher)
        assert prepared is not None
        missing = sum(each.count for each in joined.left_out)
        history = [f"answers by {teacher.label} (`{plan.model_id}`), at most {plan.max_tokens:,} tokens each"]
        history += [f"{missing:,} prompts left out, which have no whole answer"] if missing else []
        source = Source(self._files.sent(work.step, FILE), plan.channel, work.thread or "", plan.owner)
        return self._parts.shelf.keep(
            path,
            report,
            source,
            plan.region,
            parent=Parent(prepared.prompts_sha256, dataset_name(prepared.name)),
            history=history,
        )

    # Telling it

    def tell(self, work: DistillationContext) -> None:
        """Share the dataset with its verdict, and say how it ended. What never began is told only if it was refused."""
        progress = work.progress
        if progress.phase in NEVER_STARTED and progress.intent_at is None:
            if progress.phase is DistillationPhase.REFUSED:
                _tell_refusal(work)
            return
        collected, trouble = work.progress.collected, ""
        if collected and collected.records:
            trouble = self._share(work, collected)
            self._tell_verdict(work, collected)
            if self._parts.uploads.screening:
                self._parts.uploads.screening.tell(work.step)
        if work.progress.phase is not DistillationPhase.CANCELLED:
            work.say(END, self._ended(work, trouble))

    def _ended(self, work: DistillationContext, trouble: str) -> DistillationEnded:
        made = work.progress.collected
        return DistillationEnded(
            view=work.view,
            file_name=made.file_name if made else "",
            answered=made.records if made else 0,
            left_out=made.left_out if made else (),
            spent=cost_text(work.progress) if made else "",
            unkept=" ".join(filter(None, [made.unkept if made else "", trouble])),
        )

    def _share(self, work: DistillationContext, collected: Collected) -> str:
        """Share the file, and return why it could not be; empty when it is."""
        try:
            self._files.share(
                work.step,
                FILE,
                name=collected.file_name,
                channel=work.plan.channel,
                thread_ts=work.thread,
                owner=work.plan.owner,
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(work.step, trouble):
                raise
            log.warning("%s: the dataset was not shared: %s", work.step.key, trouble.sentence)
            return f"Its file could not be shared: {at_last(trouble)}"
        return ""

    def _tell_verdict(self, work: DistillationContext, collected: Collected) -> None:
        """Post the verdict on a good dataset; one with errors is handed over, to be judged as any upload is."""
        plan, labels = work.plan, self._parts.shelf.labels(collected.dataset_id or "")
        made = (
            each for each in labels if (each.source.channel, each.source.user) == (plan.channel, plan.owner)
        )
        dataset = next(made, None)  # the same content may have other names elsewhere
        if dataset:
            work.say(VERDICT, VerdictCard(dataset.report, dataset, asked_by=work.plan.owner))
        elif collected.errors and (sent := self._files.sent(work.step, FILE)):
            wait_until_seen(work.step, self._parts.files, sent)
            upload = judged_as_any(
                sent,
                Place(work.plan.channel, work.thread),
                user=work.plan.owner,
                asked_at=work.spec.asked_at,
                profile=work.plan.profile,
                role=Role.TRAINING,
                made_by=f"answered by {work.step.key.id}",
            )
            work.save(also=[upload])


def _was_stopped(work: DistillationContext) -> bool:
    seen = work.progress.observation
    return seen is not None and seen.status == "Stopped"


def _no_answer(left_out: tuple[LeftOut, ...], status: str) -> str:
    if status == "Expired":
        return "Bedrock did not begin the batch job in time, so there are no answers and nothing was billed."
    most = f" Most often: {left_out[0].reason}." if left_out else ""
    return f"There is no answer that could be taught.{most}"


def _tell_refusal(work: DistillationContext) -> None:
    """Say why nothing was started: no budget had room for it, or there was nothing to make a plan of."""
    why, owner = wording(work.progress.explanation, f" {work.progress.mend}".rstrip()), work.plan.owner
    if work.progress.terms:
        work.say("refused", DistillationMilestone(work.view, NothingStarted(why)))
    else:
        work.say("problem", DistillationProblem(work.plan.source.name or "that file", why, owner))
