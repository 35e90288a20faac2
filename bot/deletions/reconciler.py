"""One model, from the press that deletes it until it is gone.

It is deleted by its ARN, so never another of the same name; and forgotten here only once Bedrock says that it is not
there, so that nothing goes on being billed that nobody sees. What has come to use it since the press keeps it: a lease
that begins in the moment between that look and the deletion is refused by Bedrock, or refuses the deletion.
"""

from bot.controller import journal
from bot.controller.context import NotReady
from bot.controller.effects import Effect, passing
from bot.controller.model import Outcome, Registration
from bot.controller.outbox.replies import Replies
from bot.deletions.cards import DeletionRefused, ModelDeleted
from bot.deletions.context import DeletionDependencies
from bot.deletions.model import KIND, DeletionContext, DeletionSpec, DeletionStatus
from bot.deletions.uses import uses_of
from bot.errors import Misconfigured, NoIdentity, Refused
from bot.jobs.record import KIND as JOB
from bot.leases.model import LEASE
from bot.models.model import ModelLabel
from bot.notifications.reconciler import notification
from bot.profiles import registry
from bot.profiles.model import PriceKind

__all__ = ["KIND", "DeletionReconciler"]

ANSWER = "deleted"
"""The message that says what came of it."""
DELETE_MODEL = Effect(
    "delete-model",
    "deleting it at Bedrock, by its ARN",
    "a model that is gone: deleting it again changes nothing",
    longest=20.0,
)
FORGET_MODEL = Effect(
    "forget-model",
    "forgetting it here, once Bedrock says that it is not there",
    "a label that is written again, the same",
)
_AGAIN = 5.0
"""Seconds after which Bedrock is asked again whether it is gone."""


class DeletionReconciler:
    """Deletes one model."""

    def __init__(self, parts: DeletionDependencies) -> None:
        self._parts = parts
        self._posting = Replies(parts.outbox, parts.renderer)

    def __call__(self, step: DeletionContext) -> Outcome:
        """Delete it and tell it, or go on where it was left."""
        if not step.status.gone and not step.status.refused:
            self._delete(step, step.spec, step.status)
        self._posting.post(step, step.spec, ANSWER, self._card(step.spec, step.status))
        return self._parts.outbox.settle(step, {})

    def _delete(self, step: DeletionContext, spec: DeletionSpec, progress: DeletionStatus) -> None:
        try:
            self._ask(step, spec)
        except NoIdentity:
            raise
        except (Refused, Misconfigured) as refusal:
            progress.refused, progress.failed = refusal.sentence, True
            step.save()
            return
        with passing(FORGET_MODEL):
            label = ModelLabel(
                arn=spec.arn,
                job_id=spec.job_id,
                made_as=spec.made_as,
                name=spec.model_name,
                by=spec.user,
                at=self._parts.clock.now(),
                deleted=True,
            )
            self._parts.models.label(lambda: label)
        progress.gone = True
        journal.note(step, journal.END, f"{spec.made_as} in {spec.region} deleted for {spec.user}")
        step.save(self._to_its_owner(spec, progress))

    def _ask(self, step: DeletionContext, spec: DeletionSpec) -> None:
        """Return once Bedrock has no such model.

        Raises:
            Refused: something uses it.
            NotReady: it is there still.
        """
        of_kind = self._parts.store.of_kind
        if uses_of(spec.arn, of_kind(LEASE), of_kind(JOB)).keep_it:
            raise Refused(
                f"`{spec.model_name}` has come to be used meanwhile, so it stays.",
                hint=f"`/tune delete {spec.model_name}` says by what.",
            )
        step.ensure_time(DELETE_MODEL.longest)
        with passing(DELETE_MODEL):
            self._parts.customization.delete_model(spec.region, spec.arn)
        if self._parts.customization.custom_model(spec.region, spec.arn) is not None:
            raise NotReady(_AGAIN)

    def _to_its_owner(self, spec: DeletionSpec, progress: DeletionStatus) -> list[Registration]:
        """Return what tells the owner, where somebody else deleted it."""
        if spec.owner == spec.user:
            return []
        told = self._parts.renderer.render(self._card(spec, progress))
        key = f"{KIND}:{spec.arn.rpartition('/')[2]}"
        return [notification(key, "deleted", spec.owner, told, self._parts.clock.now())]

    def _card(self, spec: DeletionSpec, progress: DeletionStatus) -> ModelDeleted | DeletionRefused:
        if progress.refused:
            return DeletionRefused(spec.model_name, spec.user, progress.refused)
        storage = self._parts.prices.quote(registry.get(spec.profile), PriceKind.STORAGE)
        return ModelDeleted(spec.model_name, spec.user, storage)
