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
from bot.distillations.answers import EXPIRED, MISSING, STOPPED, Joined, join
from bot.distillations.cards import (
    DistillationEnded,
    DistillationMilestone,
    DistillationProblem,
    NothingStarted,
)
from bot.distillations.context import END, DistillationContext, DistillationDependencies
from bot.distillations.model import Collected
from bot.distillations.plan import BatchObservation, DistillationPhase, Usage
from bot.distillations.teachers import registry as teachers
from bot.distillations.transitions import NEVER_STARTED, advance
from bot.distillations.views import spent_text
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

    def __init__(self, dependencies: DistillationDependencies) -> None:
        self._dependencies = dependencies
        self._files = ThreadFiles(dependencies.files, dependencies.outbox.direct_owner)

    def collect(self, distillation: DistillationContext) -> None:
        """Make the dataset, and move on to the phase that it ends in."""
        status, seen = distillation.status, distillation.status.observation
        if status.collected is None:
            try:
                status.collected = self._collected(distillation)
            except (Refused, Misconfigured, Unavailable) as trouble:
                if passes(distillation.context, trouble):
                    raise
                log.warning(
                    "%s: the answers cannot be collected: %s", distillation.context.key, trouble.detail
                )
                status.explanation, status.mend = trouble.message, trouble.hint
                advance(status, DistillationPhase.FAILED)
                distillation.save()
                return
            # It came to its end: what ends with the process from here on is no death in the middle of the
            # work.
            distillation.context.engine.begun = 0
            distillation.save()
        if status.collected.records:
            ended = DistillationPhase.STOPPED if _was_stopped(distillation) else DistillationPhase.COMPLETED
            advance(status, ended)
        elif _was_stopped(distillation):
            advance(status, DistillationPhase.STOPPED)
        else:
            status.explanation = _no_answer(status.collected, seen.status if seen else "")
            status.mend = "Mend what it says, then ask again."
            advance(status, DistillationPhase.FAILED)
        distillation.save()

    # Making the dataset

    def _collected(self, distillation: DistillationContext) -> Collected:
        count_beginning(distillation.context)
        distillation.save()
        prepared, arn, profile = (
            distillation.status.prepared,
            distillation.status.arn,
            registry.get(distillation.plan.profile),
        )
        assert prepared is not None
        assert arn is not None
        with (
            tempfile.TemporaryDirectory(prefix="tunesmith-", dir=self._dependencies.uploads.folder) as name,
            KeepAlive(distillation.context) as hold,
        ):
            folder = Path(name)
            asked, out = folder / "input.jsonl", folder / "answers.jsonl"
            self._dependencies.inputs.get(prepared.input_uri, asked)
            hold.keep()
            answered = self._dependencies.results.fetch(
                distillation.plan.region, distillation.plan.output_uri, arn, folder, hold.keep
            )
            joined = self._dependencies.uploads.workers.run(
                join, asked, answered, out, profile.record_format, missing=_why_missing(distillation)
            )
            joined = _counted(joined, distillation.status.observation)
            hold.keep()
            file_name = f"{dataset_name(prepared.name)}.{distillation.plan.teacher}.jsonl"
            if not joined.records:
                return Collected(file_name, 0, joined.left_out, joined.usage, 0)
            report = self._dependencies.stored.validate(out, profile, Role.TRAINING, file_name)
            hold.keep()
            return self._kept(distillation, out, report, joined)

    def _kept(
        self, distillation: DistillationContext, path: Path, report: Report, joined: Joined
    ) -> Collected:
        """Send the file to Slack, where nobody sees it before it is shared, and keep it if a job can start from it."""
        context = distillation.context
        self._files.send(context, FILE, lambda: self._dependencies.files.upload(report.file, path))
        made = Collected(report.file, joined.records, joined.left_out, joined.usage, report.tally.errors)
        if report.errors:
            return made
        self._screen(distillation, path, report)
        try:
            with passing(KEEP_DATASET):
                dataset = kept(context, partial(self._keep, distillation, path, report, joined))
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(context, trouble):
                raise
            return replace(made, unkept=at_last(trouble))
        return replace(made, dataset_id=dataset.id)

    def _screen(self, distillation: DistillationContext, path: Path, report: Report) -> None:
        """Have the operator's guardrail read what the teacher answered, as it reads a file that was dropped."""
        uploads, plan = self._dependencies.uploads, distillation.plan
        if uploads.screening:
            order = _Order(plan.channel, distillation.thread, plan.owner, distillation.spec.asked_at)
            profile = registry.get(plan.profile)
            uploads.screening.look(distillation.context, order, path, report, profile, uploads.workers)

    def _keep(self, distillation: DistillationContext, path: Path, report: Report, joined: Joined) -> Dataset:
        plan, prepared, teacher = (
            distillation.plan,
            distillation.status.prepared,
            teachers.get(distillation.plan.teacher),
        )
        assert prepared is not None
        missing = sum(each.count for each in joined.left_out)
        history = [f"answers by {teacher.label} (`{plan.model_id}`), at most {plan.max_tokens:,} tokens each"]
        history += [f"{missing:,} prompts left out, which have no whole answer"] if missing else []
        source = Source(
            self._files.sent(distillation.context, FILE), plan.channel, distillation.thread or "", plan.owner
        )
        return self._dependencies.stored.keep(
            path,
            report,
            source,
            plan.region,
            parent=Parent(prepared.prompts_sha256, dataset_name(prepared.name)),
            history=history,
        )

    # Telling it

    def tell(self, distillation: DistillationContext) -> None:
        """Share the dataset with its verdict, and say how it ended. What never began is told only if it was refused."""
        status = distillation.status
        if status.phase in NEVER_STARTED and status.intent_at is None:
            if status.phase is DistillationPhase.REFUSED:
                _tell_refusal(distillation)
            return
        collected, trouble = distillation.status.collected, ""
        if collected and collected.records:
            trouble = self._share(distillation, collected)
            self._tell_verdict(distillation, collected)
            if self._dependencies.uploads.screening:
                self._dependencies.uploads.screening.tell(distillation.context)
        if distillation.status.phase is not DistillationPhase.CANCELLED:
            distillation.say(END, self._ended(distillation, trouble))

    def _ended(self, distillation: DistillationContext, trouble: str) -> DistillationEnded:
        made = distillation.status.collected
        return DistillationEnded(
            view=distillation.view,
            file_name=made.file_name if made else "",
            answered=made.records if made else 0,
            left_out=made.left_out if made else (),
            spent=spent_text(distillation.status),
            unkept=" ".join(filter(None, [made.unkept if made else "", trouble])),
        )

    def _share(self, distillation: DistillationContext, collected: Collected) -> str:
        """Share the file, and return why it could not be; empty when it is."""
        try:
            self._files.share(
                distillation.context,
                FILE,
                name=collected.file_name,
                channel=distillation.plan.channel,
                thread_ts=distillation.thread,
                owner=distillation.plan.owner,
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if passes(distillation.context, trouble):
                raise
            log.warning("%s: the dataset was not shared: %s", distillation.context.key, trouble.sentence)
            return f"Its file could not be shared: {at_last(trouble)}"
        return ""

    def _tell_verdict(self, distillation: DistillationContext, collected: Collected) -> None:
        """Post the verdict on a good dataset; one with errors is handed over, to be judged as any upload is."""
        plan, labels = distillation.plan, self._dependencies.stored.labels(collected.dataset_id or "")
        made = (
            each for each in labels if (each.source.channel, each.source.user) == (plan.channel, plan.owner)
        )
        dataset = next(made, None)  # the same content may have other names elsewhere
        if dataset:
            distillation.say(VERDICT, VerdictCard(dataset.report, dataset, asked_by=distillation.plan.owner))
        elif collected.errors and (sent := self._files.sent(distillation.context, FILE)):
            wait_until_seen(distillation.context, self._dependencies.files, sent)
            upload = judged_as_any(
                sent,
                Place(distillation.plan.channel, distillation.thread),
                user=distillation.plan.owner,
                asked_at=distillation.spec.asked_at,
                profile=distillation.plan.profile,
                role=Role.TRAINING,
                made_by=f"answered by {distillation.context.key.id}",
            )
            distillation.save(also=[upload])


def _was_stopped(distillation: DistillationContext) -> bool:
    seen = distillation.status.observation
    return seen is not None and seen.status == "Stopped"


def _why_missing(distillation: DistillationContext) -> str:
    """Return why a prompt of which Bedrock says nothing has no answer."""
    seen = distillation.status.observation
    return {"Stopped": STOPPED, "Expired": EXPIRED}.get(seen.status if seen else "", MISSING)


def _counted(joined: Joined, seen: BatchObservation | None) -> Joined:
    """Return it with the answers that Bedrock counts, and that were not found: they were billed all the same."""
    processed = (seen.processed or 0) - (seen.failed or 0) if seen else 0
    untold = max(joined.usage.untold, processed - joined.told)
    return replace(joined, usage=replace(joined.usage, untold=untold))


def _no_answer(made: Collected, status: str) -> str:
    if status == "Expired" and made.usage == Usage(0, 0):
        return "Bedrock did not begin the batch job in time, so there are no answers and nothing was billed."
    most = f" Most often: {made.left_out[0].reason}." if made.left_out else ""
    return f"There is no answer that could be taught.{most}"


def _tell_refusal(distillation: DistillationContext) -> None:
    """Say why nothing was started: no budget had room for it, or there was nothing to make a plan of."""
    why, owner = (
        wording(distillation.status.explanation, f" {distillation.status.mend}".rstrip()),
        distillation.plan.owner,
    )
    if distillation.status.terms:
        distillation.say("refused", DistillationMilestone(distillation.view, NothingStarted(why)))
    else:
        distillation.say(
            "problem", DistillationProblem(distillation.plan.source.name or "that file", why, owner)
        )
