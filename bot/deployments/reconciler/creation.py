"""A deployment that is made: once, whatever is repeated or cut off, and when the account has room for it."""

from bot.controller.effects import Effect, Proof, passing
from bot.deployments import tags
from bot.deployments.context import DeploymentContext, DeploymentDependencies
from bot.deployments.model import DeploymentPhase
from bot.deployments.ports import DeploymentObservation
from bot.deployments.transitions import advance
from bot.errors import Misconfigured, NoIdentity, QuotaReached, Refused
from bot.spending import missing
from bot.spending.creation import CALL
from bot.spending.failures import note_denied

CREATE = Effect(
    "create-deployment",
    "making the deployment, with the digest of what was asked for as its token",
    "a deployment that its name finds, and its tags, should the store be lost",
    Proof.LOOK,
    longest=CALL,
)
ADOPT = Effect(
    "adopt-deployment",
    "having the tags of a deployment that was made elsewhere name it",
    "a deployment whose tags name it: they are written again, the same",
    longest=CALL,
)
FULL = 60.0
"""Seconds between two tries while the account makes as many as it may, or does not let us look."""
_CREATING = "Creating"


class Creation:
    """Phase REQUESTED. What was found again is looked for by its name, too, and is never made."""

    def __init__(self, dependencies: DeploymentDependencies) -> None:
        self._dependencies = dependencies

    def reconcile(self, d: DeploymentContext) -> float:
        """Make it, or adopt it when it is there. Return when to look again."""
        if d.spec.ending:
            d.end(DeploymentPhase.REMOVED)  # before anything was asked for
            return 0.0
        try:
            found = self._dependencies.deployments.get(d.spec.region, d.spec.adopts or d.spec.name)
            if found is None and not d.spec.adopts and self._has_to_wait(d):
                return FULL
            return self._make(d, found)
        except NoIdentity:
            raise
        except Misconfigured as denied:
            note_denied(d.context.key, denied)
            d.status.trouble = denied.sentence
            return FULL

    def _make(self, d: DeploymentContext, found: DeploymentObservation | None) -> float:
        if found and found.model_arn not in {each.arn for each in d.spec.versions}:
            d.status.taken = True
            return self._refused(d, "", "")
        if found is None and d.spec.found_again:
            return self.missing(d)
        if found is None and d.spec.adopts:  # somebody waits for it, and can ask again
            d.end(DeploymentPhase.REMOVED)
            return 0.0
        d.status.missing_since = None
        if found and d.spec.adopts:
            return self._adopted(d, found)
        d.status.tried = True
        try:
            arn = d.context.once(CREATE, lambda: self._create(d), look=lambda: found.arn if found else None)
        except NoIdentity:
            raise
        except QuotaReached as full:
            d.status.trouble = full.sentence
            return FULL
        except (Refused, Misconfigured) as refusal:
            note_denied(d.context.key, refusal)
            d.status.failure = refusal.detail
            return self._refused(d, refusal.message, refusal.hint)
        d.status.arn, d.status.trouble = arn, ""
        advance(d.status, DeploymentPhase.CREATING)
        d.save()
        return d.soon

    def missing(self, d: DeploymentContext) -> float:
        """It was there, and Bedrock does not know it: somebody removed it at AWS, once that is sure."""
        if missing.is_gone(d.status, d.context.now()):
            d.end(DeploymentPhase.REMOVED)
            return 0.0
        d.save()
        return missing.BETWEEN_LOOKS

    def _adopted(self, d: DeploymentContext, found: DeploymentObservation) -> float:
        """Have its tags name it, by which it is found again: nothing else of it changes."""
        marked = self._dependencies.deployments.tags(d.spec.region, found.arn)
        is_own = marked.get(tags.DEPLOYMENT) == d.spec.id
        if not is_own and tags.is_looked_after(marked, self._dependencies.settings.bot):
            d.status.taken = True
            return self._refused(d, "", "")
        with passing(ADOPT):
            self._dependencies.deployments.tag(d.spec.region, found.arn, self._marks(d))
        d.status.arn, d.status.trouble = found.arn, ""
        advance(d.status, DeploymentPhase.CREATING)
        d.save()
        return d.soon

    def _marks(self, d: DeploymentContext) -> dict[str, str]:
        bot, opened = self._dependencies.settings.bot, d.spec.thread_ts is None
        return tags.of_deployment(d.spec, d.thread, bot, opened=opened)

    def _create(self, d: DeploymentContext) -> str:
        spec = d.spec
        return self._dependencies.deployments.create(
            spec.region, spec.name, spec.wanted.arn, spec.digest, self._marks(d)
        )

    def _has_to_wait(self, d: DeploymentContext) -> bool:
        """Return whether as many are being made in the region as the account may make at once, and say so."""
        most, d.status.waits_for = d.status.quotas.in_progress, None
        if most is None:
            return False
        there = self._dependencies.deployments.list_all(d.spec.region)
        if sum(each.state == _CREATING for each in there) < most:
            return False
        d.status.waits_for = most
        return True

    def _refused(self, d: DeploymentContext, why: str, mend: str) -> float:
        d.status.explanation, d.status.mend = why, mend
        d.end(DeploymentPhase.REFUSED)
        return 0.0
