"""A newer model that takes the place of the one before, behind the same address."""

import logging

from bot.controller.effects import DONE, Effect, Proof, passing
from bot.deployments import tags
from bot.deployments.context import DeploymentContext, DeploymentDependencies
from bot.deployments.ports import DeploymentObservation
from bot.errors import Misconfigured, NoIdentity, Refused
from bot.models.versions import UpdateState
from bot.spending.creation import CALL
from bot.spending.failures import note_denied

UPDATE = Effect(
    "update-deployment",
    "having a newer model answer at the same address",
    "a deployment of which a look tells the model that it was last told to take",
    Proof.LOOK,
    longest=CALL,
)

TAG = Effect(
    "tag-deployment",
    "having its tags name the model that answers now, and in whose care it is",
    "a tag that is written again, the same",
    longest=CALL,
)

log = logging.getLogger(__name__)


class Updating:
    """Phase IN_SERVICE. Until the newer one answers, the one before does."""

    def __init__(self, dependencies: DeploymentDependencies) -> None:
        self._dependencies = dependencies

    def reconcile(self, d: DeploymentContext, seen: DeploymentObservation) -> float | None:
        """Bring the wanted model behind the address. Return when to look again, None: there is nothing to do."""
        wanted, status = d.spec.wanted, d.status
        _take_in(d, seen)
        number = str(len(d.spec.versions))
        if status.serving == wanted.arn:
            status.update = UpdateState.DONE
            self._tag(d, seen.arn, number)
            return None
        if d.context.record(UPDATE, number).state == DONE:
            return self._followed(d, seen)
        if status.update is UpdateState.FAILED and status.failed_version == number:
            return None
        if seen.update is UpdateState.UPDATING and seen.update_to != wanted.arn:
            return d.soon  # one before it is still on its way
        return self._ask(d, seen, number)

    def _tag(self, d: DeploymentContext, arn: str, number: str) -> None:
        """Have its tags tell how it is now; an account that does not allow it keeps nothing from working."""
        handed = len(d.spec.handed)
        state = f"{number}/{handed}" if handed else number
        if state in (d.status.tagged_version, "1"):
            return
        try:
            with passing(TAG):
                self._dependencies.deployments.tag(d.spec.region, arn, tags.changing(d.spec))
        except NoIdentity:
            raise
        except Misconfigured as denied:
            log.warning("%s could not be tagged: %s", arn, denied.sentence)
        d.status.tagged_version = state

    def _ask(self, d: DeploymentContext, seen: DeploymentObservation, number: str) -> float | None:
        wanted = d.spec.wanted
        under_way = seen.update is UpdateState.UPDATING and seen.update_to == wanted.arn

        def call() -> bool:
            self._dependencies.deployments.update(d.spec.region, seen.arn, wanted.arn)
            return True

        d.status.update = UpdateState.ASKED
        try:
            d.context.once(UPDATE, call, item=number, look=lambda: under_way or None)
        except NoIdentity:
            raise
        except (Refused, Misconfigured) as refusal:
            note_denied(d.context.key, refusal)
            return self._failed(d, number, refusal.message, refusal.hint, refusal.detail)
        d.status.update = UpdateState.UPDATING
        d.save()
        return d.soon

    def _followed(self, d: DeploymentContext, seen: DeploymentObservation) -> float | None:
        """Bedrock was told to: look how far it is."""
        if seen.update is UpdateState.FAILED and seen.update_to == d.spec.wanted.arn:
            if d.status.update is UpdateState.FAILED:
                return None
            return self._failed(d, str(len(d.spec.versions)), "", "", seen.failure)
        d.status.update = UpdateState.UPDATING
        return d.soon

    def _failed(self, d: DeploymentContext, number: str, why: str, mend: str, detail: str) -> float | None:
        status = d.status
        status.update, status.failed_version = UpdateState.FAILED, number
        status.explanation, status.mend, status.failure = why, mend, detail
        d.save()
        return None


def _take_in(d: DeploymentContext, seen: DeploymentObservation) -> None:
    """Note which model answers: one that is on its way there, or did not come, is not it, whatever is shown of it."""
    came = seen.update not in (UpdateState.UPDATING, UpdateState.FAILED) or seen.update_to != seen.model_arn
    if came or not d.status.serving:
        d.status.serving = seen.model_arn
    named = [each.name for each in d.spec.versions if each.arn == d.status.serving]
    d.status.serving_name = named[-1] if named else d.spec.wanted.name
