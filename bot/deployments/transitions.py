"""From which phase to which a deployment may go, and the one function that moves it."""

from typing import Protocol

from bot.deployments.model import ENDED
from bot.deployments.model import DeploymentPhase as Phase

TABLE: dict[Phase, frozenset[Phase]] = {
    Phase.REQUESTED: frozenset({Phase.CREATING, Phase.REMOVING, Phase.REMOVED, Phase.REFUSED}),
    Phase.CREATING: frozenset({Phase.IN_SERVICE, Phase.REMOVING, Phase.REMOVED}),
    Phase.IN_SERVICE: frozenset({Phase.REMOVING, Phase.REMOVED}),
    Phase.REMOVING: frozenset({Phase.REMOVED, Phase.FAILED}),
} | dict.fromkeys(ENDED, frozenset[Phase]())


class HasPhase(Protocol):
    """Whatever keeps a deployment's phase."""

    phase: Phase


def advance(deployment: HasPhase, to: Phase) -> bool:
    """Move the deployment to ``to`` and return whether that changed anything; a forbidden move changes nothing."""
    if to not in TABLE[deployment.phase]:
        return False
    deployment.phase = to
    return True
