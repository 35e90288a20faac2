"""What follows the news of the end, in the job's thread: the curve as a picture, and the model card, pinned."""

import logging

from bot.controller.effects import ABSENT, Effect
from bot.controller.outbox.files import CALL, ThreadFiles
from bot.controller.outbox.messages import note_of
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

    def __init__(self, parts: JobDependencies) -> None:
        self._parts = parts
        self._files = ThreadFiles(parts.after.files, parts.outbox.direct)

    def reconcile(self, work: JobContext) -> None:
        """Share the picture, post the model card, pin it.

        Raises:
            NotReady, Throttled, Unavailable: the loop comes back.
        """
        self._show_picture(work)
        work.say(MODEL, model_card(work))
        self._pin(work)

    def _show_picture(self, work: JobContext) -> None:
        progress, ending = work.progress, work.progress.ending
        if progress.unshown is None and ending and ending.curves:
            progress.unshown = self._attach(work, ending.curves)
            work.save()
        if progress.unshown:
            work.say("unshown", JobMilestone(work.view, PictureNotShown(progress.unshown)))

    def _attach(self, work: JobContext, curves: Curves) -> str:
        """Return why the picture is not in the thread; empty when it is."""
        name, ending = f"{work.plan.model_name}-losses.png", work.progress.ending
        best = ending.verdict.best_epoch if ending and ending.verdict else None
        # A full lease: a picture is painted, sent and shared before the next save.
        work.save()
        try:
            self._files.attach(
                work.step,
                work.note(_PICTURE),
                name=name,
                content=lambda: self._parts.after.painter.paint(curves, work.plan.model_name, best),
                channel=work.plan.channel,
                thread_ts=work.thread,
                alt_text=described(curves),
                owner=work.spec.owner,
                since=work.spec.asked_at,
            )
        except (Refused, Misconfigured, Unavailable) as trouble:
            if is_worth_waiting(work.step, trouble):
                raise
            log.warning("%s: the picture was not shared: %s", work.step.key, trouble.sentence)
            return at_last(trouble)
        return ""

    def _pin(self, work: JobContext) -> None:
        """Pin the model card. A channel that takes no pins, or a missing scope, is no reason to say anything."""
        ts, item = note_of(work.step, work.note(MODEL)).get("ts"), work.note("")
        if ts is None or work.step.record(PIN, item).state != ABSENT:
            return
        try:
            work.step.once(PIN, lambda: self._parts.after.pins.pin(work.plan.channel, str(ts)), item=item)
        except (Refused, Misconfigured, Unavailable) as trouble:
            if is_worth_waiting(work.step, trouble):
                raise
            log.info("%s: the model card was not pinned: %s", work.step.key, trouble.sentence)
            work.step.leave(PIN, at_last(trouble), item)
        work.save()


def model_card(work: JobContext) -> ModelCard:
    """Return what is to be known of the model for as long as it is used."""
    plan, votes = work.plan, work.spec.votes
    ending = work.progress.ending
    verdict = ending.verdict if ending else None
    return ModelCard(
        view=work.view,
        dataset_sha256=plan.dataset_sha256,
        records=plan.records,
        plan_digest=plan.digest,
        started_by=votes.started.by if votes.started else plan.owner,
        approved_by=votes.approver.by if votes.approver else None,
        verdict=verdict.sentence if verdict else "",
        best_epoch=verdict.best_epoch if verdict else None,
        cost=against_estimate(plan, work.terms.training, ending),
        validation_dataset=plan.validation_dataset_id,
    )
