"""One model, from the press that deletes it until it is gone.

It is deleted by its ARN, so never another of the same name; and forgotten here only once Bedrock says that it is not
there, so that nothing goes on being billed that nobody sees. What has come to use it since the press keeps it: a lease
that begins in the moment between that look and the deletion is refused by Bedrock, or refuses the deletion.
"""

from bot.controller import journal
from bot.controller.context import NotReady
from bot.controller.effects import Effect, passing
from bot.controller.model import Done, Outcome, Registration, RequeueAfter
from bot.controller.outbox.replies import Replies
from bot.deletions.cards import DeletionRefused, ModelDeleted
from bot.deletions.context import DeletionDependencies
from bot.deletions.model import KIND, SCHEMA, WISHES, DeletionContext, DeletionSpec, DeletionStatus
from bot.deletions.uses import uses_of
from bot.deployments.model import KIND as DEPLOYMENT
from bot.errors import Misconfigured, NoIdentity, Refused
from bot.jobs.record import KIND as JOB
from bot.leases.model import LEASE
from bot.models.model import ModelLabel
from bot.notifications.reconciler import notification
from bot.profiles import registry
from bot.profiles.model import PriceKind
from bot.spending import undo

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

    def __init__(self, dependencies: DeletionDependencies) -> None:
        self._dependencies = dependencies
        self._posting = Replies(dependencies.outbox, dependencies.renderer)

    def __call__(self, context: DeletionContext) -> Outcome:
        """Delete it and tell it, or go on where it was left."""
        if context.spec.kept:
            context.status.failed = True  # so that it may be asked for again
            return Done()
        if context.spec.wish and not context.spec.wish.is_final:
            undo.watch(context, self._dependencies.store, SCHEMA, WISHES)
            return RequeueAfter(undo.SECONDS)
        if not context.status.gone and not context.status.refused:
            self._delete(context, context.spec, context.status)
        self._posting.post(context, context.spec, ANSWER, self._card(context.spec, context.status))
        return self._dependencies.outbox.settle(context, {})

    def _delete(self, context: DeletionContext, spec: DeletionSpec, status: DeletionStatus) -> None:
        try:
            self._ask(context, spec)
        except NoIdentity:
            raise
        except (Refused, Misconfigured) as refusal:
            status.refused, status.failed = refusal.sentence, True
            context.save()
            return
        with passing(FORGET_MODEL):
            label = ModelLabel(
                arn=spec.arn,
                job_id=spec.job_id,
                made_as=spec.made_as,
                name=spec.model_name,
                by=spec.user,
                at=self._dependencies.clock.now(),
                deleted=True,
            )
            self._dependencies.models.label(lambda: label)
        status.gone = True
        journal.note(context, journal.END, f"{spec.made_as} in {spec.region} deleted for {spec.user}")
        context.save(self._to_its_owner(spec, status))

    def _ask(self, context: DeletionContext, spec: DeletionSpec) -> None:
        """Return once Bedrock has no such model.

        Raises:
            Refused: something uses it.
            NotReady: it is there still.
        """
        of_kind = self._dependencies.store.of_kind
        if uses_of(spec.arn, of_kind(LEASE), of_kind(DEPLOYMENT), of_kind(JOB)).keep_it:
            raise Refused(
                f"`{spec.model_name}` has come to be used meanwhile, so it stays.",
                hint=f"`/tune delete {spec.model_name}` says by what.",
            )
        context.ensure_time(DELETE_MODEL.longest)
        with passing(DELETE_MODEL):
            self._dependencies.customization.delete_model(spec.region, spec.arn)
        if self._dependencies.customization.custom_model(spec.region, spec.arn) is not None:
            raise NotReady(_AGAIN)

    def _to_its_owner(self, spec: DeletionSpec, status: DeletionStatus) -> list[Registration]:
        """Return what tells the owner, where somebody else deleted it."""
        if spec.owner == spec.user:
            return []
        told = self._dependencies.renderer.render(self._card(spec, status))
        key = f"{KIND}:{spec.arn.rpartition('/')[2]}"
        now = self._dependencies.clock.now()
        return [notification(key, "deleted", spec.owner, told, now, own_in=spec.made_in)]

    def _card(self, spec: DeletionSpec, status: DeletionStatus) -> ModelDeleted | DeletionRefused:
        if status.refused:
            return DeletionRefused(spec.model_name, spec.user, status.refused)
        storage = self._dependencies.prices.quote(registry.get(spec.profile), PriceKind.STORAGE)
        return ModelDeleted(spec.model_name, spec.user, storage)
