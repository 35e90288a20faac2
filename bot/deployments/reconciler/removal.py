"""The end of a deployment: removed by its ARN, and read back until it is gone."""

from bot.controller.effects import Effect, passing
from bot.deployments.context import DeploymentContext, DeploymentDependencies
from bot.deployments.model import DeploymentPhase
from bot.errors import Misconfigured, NoIdentity, Refused, Throttled
from bot.spending.creation import CALL
from bot.spending.failures import note_denied

DELETE = Effect(
    "delete-deployment",
    "removing the deployment, by its ARN",
    "a deployment that is gone: removing it again changes nothing",
    longest=CALL,
)
_AGAIN = 5.0
"""Seconds after which Bedrock is asked again whether it is gone."""
_BUSY = 30.0
"""Seconds between two tries while it is still being made or changed."""
_DENIED, _DENIED_LONG = 60.0, 300.0
"""Seconds between two tries while AWS does not allow it: twice as long after each, up to the second."""
_GONE = 3
"""Looks in a row at which one that may just be appearing is not there."""


class Removal:
    """Phase REMOVING."""

    def __init__(self, dependencies: DeploymentDependencies) -> None:
        self._dependencies = dependencies

    def reconcile(self, d: DeploymentContext) -> float:
        """Remove it. Return when to look again."""
        try:
            return self._remove(d)
        except Throttled:
            return _BUSY
        except NoIdentity:
            raise
        except (Misconfigured, Refused) as denied:
            note_denied(d.context.key, denied)
            d.status.trouble = denied.sentence
            d.status.denials += 1
            # Not 2 ** denials of any size: one that is denied for days would not fit into a float.
            return min(_DENIED * 2.0 ** min(d.status.denials - 1, 10), _DENIED_LONG)

    def _remove(self, d: DeploymentContext) -> float:
        spec, status, deployments = d.spec, d.status, self._dependencies.deployments
        seen = deployments.get(spec.region, status.arn or spec.name)
        if seen:
            status.missing = 0
            d.context.ensure_time(DELETE.longest)
            with passing(DELETE):
                deployments.delete(spec.region, seen.arn)
            if deployments.get(spec.region, seen.arn) is not None:
                return min(_AGAIN, d.soon)
        elif status.arn is None and status.missing < _GONE:
            status.missing += 1  # asked for without an answer: it may still appear
            return _BUSY
        d.end(DeploymentPhase.FAILED if status.failed else DeploymentPhase.REMOVED)
        return 0.0
