"""What follows the news of the end, in the job's thread: the curve as a picture, and the model card, pinned."""

import logging

from bot.controller.effects import ABSENT, Effect
from bot.controller.outbox.files import CALL, ThreadFiles
from bot.controller.outbox.messages import entry_of
from bot.controller.retry_limits import at_last, is_worth_waiting
from bot.errors import Misconfigured, Refused, Unavailable
from bot.jobs.cards import JobMilestone, ModelCard, PictureNotShown
from bot.jobs.context import JobContext, JobDependencies
from bot.jobs.curves import Curves, described
from bot.jobs.ending import against_estimate

MODEL = "model"
"""The message that is the model card."""
_PICTURE = "curve"

log = logging.getLogger(__name__)


PIN = Effect("pin", "pinning the model card", "a pin that is set again, which changes nothing", longest=CALL)


class Showing:
    """Each part is tried until it is done or refused, and none keeps another from being shown."""

    def __init__(self, dependencies: JobDependencies) -> None:
        self._dependencies = dependencies
        self._files = ThreadFiles(dependencies.files, dependencies.outbox.direct)

    def reconcile(self, job: JobContext) -> None:
        """Share the picture, post the model card, pin it.

        Raises:
            NotReady, Throttled, Unavailable: the loop comes back.
        """
        self._show_picture(job)
        job.say(MODEL, model_card(job))
        self._pin(job)

    def _show_picture(self, job: JobContext) -> None:
        progress, ending = job.progress, job.progress.ending
        if progress.unshown is None and ending and ending.curves:
            progress.unshown = self._attach(job, ending.curves)
            job.save()
        if progress.unshown:
            job.say("unshown", JobMilestone(job.view, PictureNotShown(progress.unshown)))

    def _attach(self, job: JobContext, curves: Curves) -> str:
        """Return why the picture is not in the thread; empty when it is."""
        name, ending = f"{job.plan.model_name}-losses.png", job.progress.ending
        best = ending.verdict.best_epoch if ending and ending.verdict else None
        # A full lease: a picture is painted, sent and shared before the next save.
        job.save()
        try:
            self._files.attach(
                job.context,
                job.note(_PICTURE),
                name=name,
                content=lambda: self._dependencies.painter.paint(curves, job.plan.model_name, best),
                channel=job.plan.channel,
                thread_ts=job.thread,
                alt_text=described(curves),
                owner=job.spec.owner,
                since=job.spec.asked_at,
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if is_worth_waiting(job.context, trouble):
                raise
            log.warning("%s: the picture was not shared: %s", job.context.key, trouble.sentence)
            return at_last(trouble)
        return ""

    def _pin(self, job: JobContext) -> None:
        """Pin the model card. A channel that takes no pins, or a missing scope, is no reason to say anything."""
        ts, item = entry_of(job.context, job.note(MODEL)).ts, job.note("")
        if ts is None or job.context.record(PIN, item).state != ABSENT:
            return
        try:
            job.context.once(PIN, lambda: self._dependencies.pins.pin(job.plan.channel, str(ts)), item=item)
        except (Refused, Misconfigured, Unavailable) as trouble:
            if is_worth_waiting(job.context, trouble):
                raise
            log.info("%s: the model card was not pinned: %s", job.context.key, trouble.sentence)
            job.context.leave(PIN, at_last(trouble), item)
        job.save()


def model_card(job: JobContext) -> ModelCard:
    """Return what is to be known of the model for as long as it is used."""
    plan, votes = job.plan, job.spec.votes
    ending = job.progress.ending
    verdict = ending.verdict if ending else None
    return ModelCard(
        view=job.view,
        dataset_sha256=plan.dataset_sha256,
        records=plan.records,
        plan_digest=plan.digest,
        started_by=votes.started.by if votes.started else plan.owner,
        approved_by=votes.approver.by if votes.approver else None,
        verdict=verdict.sentence if verdict else "",
        best_epoch=verdict.best_epoch if verdict else None,
        cost=against_estimate(plan, job.terms.training, ending),
        validation_dataset=plan.validation_dataset_id,
    )
