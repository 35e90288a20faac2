"""What deployments need from the outside. Each docstring is the contract that its twin is tested by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.deployments.quotas import Quota
from bot.models.versions import UpdateState


@dataclass(frozen=True, slots=True)
class DeploymentObservation:
    """What Bedrock says of a deployment. ``state`` is its own word: Creating, Active, Failed, or one of tomorrow."""

    name: str
    arn: str
    state: str
    created: datetime
    model_arn: str
    """The model that answers."""
    update: UpdateState | None = None
    """How far the last change of its model is, and ``update_to`` which model that is; None: there was none."""
    update_to: str = ""
    failure: str = ""


class Deployments(Protocol):
    """Bedrock's custom-model deployments.

    All raise ``Throttled``, ``Unavailable``, ``Misconfigured`` (permissions, quota) or ``Refused``; ``create``,
    ``update`` and ``delete`` also ``UnknownOutcome``.
    """

    def create(self, region: str, name: str, model_arn: str, token: str, tags: Mapping[str, str]) -> str:
        """Create it and return its ARN. Repeating it with the same token creates nothing new."""

    def get(self, region: str, name_or_arn: str) -> DeploymentObservation | None:
        """Return what Bedrock says of it, or None when there is none."""

    def list_all(self, region: str) -> list[DeploymentObservation]:
        """Return all of them in the region, all pages. How far a change of the model is, is not told here."""

    def update(self, region: str, arn: str, model_arn: str) -> None:
        """Have another model answer at the same address. The call has no token: whether it was made, ``get`` tells."""

    def delete(self, region: str, arn: str) -> None:
        """Delete it. One that is gone already is no error.

        Raises:
            Throttled: it is still being created or updated; try again.
        """

    def tags(self, region: str, arn: str) -> Mapping[str, str]:
        """Return its tags."""

    def tag(self, region: str, arn: str, tags: Mapping[str, str]) -> None:
        """Add or replace these tags; others stay. Repeating it is harmless."""


class AccountQuotas(Protocol):
    """Service Quotas."""

    def of_deployments(self, region: str) -> Sequence[Quota]:
        """Return the quotas of the region that are about custom-model deployments; remembered for an hour.

        Empty where the account does not let us read them: that is told in the log, once.

        Raises:
            Throttled, Unavailable: it did not answer.
        """
