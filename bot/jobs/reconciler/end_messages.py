"""What goes with the news of the end: the curve as a picture in it; in the thread the model card, pinned."""

import logging

from bot.controller.context import NotReady
from bot.controller.effects import ABSENT, Effect
from bot.controller.outbox.entries import entry_of
from bot.controller.outbox.files import CALL, ThreadFiles
from bot.controller.retry_limits import at_last, is_worth_waiting
from bot.errors import Misconfigured, Refused, Unavailable
from bot.jobs.cards import CurvePicture, JobMilestone, ModelCard, PictureNotShown
from bot.jobs.context import END, JobContext
from bot.jobs.curves import Curves, described
from bot.jobs.dependencies import ShowingDependencies
from bot.jobs.ending import against_estimate

MODEL = "model"
"""The message that is the model card."""
_PICTURE, _IN_THE_END = "curve", "curve-in-end"
"""The picture of the losses as a file of its own, and as a part of the end: each is sent for itself."""
_SOON, _PATIENCE = 1.0, 15.0
"""Seconds between two looks whether Slack has processed it, and for how long the end waits for that."""

log = logging.getLogger(__name__)


PIN = Effect("pin", "pinning the model card", "a pin that is set again, which changes nothing", longest=CALL)


class Showing:
    """Each part is tried until it is done or refused, and none keeps another from being shown."""

    def __init__(self, dependencies: ShowingDependencies) -> None:
        self._dependencies = dependencies
        self._files = ThreadFiles(dependencies.files, dependencies.outbox.direct_owner)

    def curve(self, job: JobContext) -> CurvePicture | None:
        """Return the picture that the end shows; None without one, or while Slack does not take it.

        Raises:
            NotReady: Slack is about to have it.
        """
        status, ending = job.status, job.status.ending
        if ending is None or ending.curves is None:
            return None
        if status.curve is None:
            status.curve = self._prepared(job, ending.curves)
            job.save()
        return CurvePicture(status.curve, described(ending.curves)) if status.curve else None

    def _prepared(self, job: JobContext, curves: Curves) -> str:
        """Return the picture by its ID, or nothing: what is wrong with files keeps nobody from reading of the end."""
        status, now, file = job.status, job.context.now(), ""
        status.curve_since = status.curve_since or now
        job.save()  # a full lease: it is painted and sent before the next save
        try:
            file = self._files.prepare(
                job.context,
                job.note(_IN_THE_END),
                name=_name(job),
                content=lambda: self._painted(job, curves),
                alt_text=described(curves),
            )
        except (Refused, Misconfigured) as trouble:
            log.warning("%s: the end has no picture: %s", job.context.key, trouble.sentence)
            return ""
        except Unavailable as trouble:
            log.info("%s: the end waits for its picture: %s", job.context.key, trouble.sentence)
        if not file and 0 <= now - status.curve_since < _PATIENCE:
            raise NotReady(_SOON)
        return file

    def _painted(self, job: JobContext, curves: Curves) -> bytes:
        ending = job.status.ending
        best = ending.verdict.best_epoch if ending and ending.verdict else None
        return self._dependencies.painter.paint(curves, job.plan.model_name, best)

    def reconcile(self, job: JobContext) -> None:
        """Share the picture unless the end shows it, post the model card, pin it.

        Raises:
            NotReady, Throttled, Unavailable: the loop comes back.
        """
        self._show_picture(job)
        job.say(MODEL, model_card(job))
        self._pin(job)

    def _show_picture(self, job: JobContext) -> None:
        status, ending = job.status, job.status.ending
        is_shown = status.curve and not entry_of(job.context, job.note(END)).bare
        if status.unshown is None and ending and ending.curves and not is_shown:
            status.unshown = self._attach(job, ending.curves)
            job.save()
        if status.unshown:
            job.say("unshown", JobMilestone(job.view, PictureNotShown(status.unshown)))

    def _attach(self, job: JobContext, curves: Curves) -> str:
        """Return why the picture is not in the thread; empty when it is."""
        # A full lease: a picture is painted, sent and shared before the next save.
        job.save()
        try:
            self._files.attach(
                job.context,
                job.note(_PICTURE),
                name=_name(job),
                content=lambda: self._painted(job, curves),
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


def _name(job: JobContext) -> str:
    return f"{job.plan.model_name}-losses.png"


def model_card(job: JobContext) -> ModelCard:
    """Return what is to be known of the model for as long as it is used."""
    plan, votes = job.plan, job.spec.votes
    ending = job.status.ending
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
