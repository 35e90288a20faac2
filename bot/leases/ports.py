"""What serving needs from the outside. Each docstring is the contract that its twin is tested by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.leases.endpoint import EndpointObservation, LeasePlan
from bot.profiles.model import Serving


class ThroughputQuotas(Protocol):
    """Service Quotas."""

    def model_units(self, region: str, *, anew: bool = False) -> int | None:
        """Return how many model units without a commitment the account may have there; remembered for an hour.

        None where nobody says, or the account does not let us read it. ``anew``: they were too few, so AWS is asked,
        since it may have granted more.

        Raises:
            Throttled, Unavailable: it did not answer.
        """


class Invocations(Protocol):
    """CloudWatch's count of what asks a model, whoever does."""

    def last(self, region: str, arn: str, since: datetime, until: datetime) -> datetime | None:
        """Return when something asked what has that ARN last, as far as it is counted; None: not since then.

        Calls that failed or were throttled count: somebody wanted an answer. The moment is the end of the minute in
        which it was asked. What was asked in the last minutes may not be counted yet.

        Raises:
            Throttled, Unavailable: it did not answer, or not completely.
            Misconfigured, Refused: it cannot be read.
        """


class Endpoints(Protocol):
    """Bedrock's provisioned throughput and custom-model deployments.

    All raise ``Throttled``, ``Unavailable``, ``Misconfigured`` (permissions, quota) or ``Refused``; ``create`` and
    ``delete`` also ``UnknownOutcome``.
    """

    def create(self, plan: LeasePlan, tags: Mapping[str, str]) -> str:
        """Create it with the plan's digest as token and return its ARN. Repeating it creates nothing new."""

    def get(self, region: str, serving: Serving, name_or_arn: str) -> EndpointObservation | None:
        """Return what Bedrock says of it, or None when there is none: read back after a release."""

    def list_all(self, region: str, serving: Serving) -> list[EndpointObservation]:
        """Return all of them in the region, all pages."""

    def swap(self, region: str, arn: str, model_arn: str) -> None:
        """Have another model of the same base answer on provisioned throughput; until it does, the one before does.

        Raises:
            Refused: it is being created or changed, or is of another base.
            UnknownOutcome: nobody knows whether it was told to.
        """

    def delete(self, region: str, serving: Serving, arn: str) -> None:
        """Delete it. One that is gone already is no error.

        Raises:
            Throttled: it is still being created or updated; try again.
        """

    def tags(self, region: str, arn: str) -> Mapping[str, str]:
        """Return its tags."""

    def tag(self, region: str, arn: str, tags: Mapping[str, str]) -> None:
        """Add or replace these tags; others stay. Repeating it is harmless."""
