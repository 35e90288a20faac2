"""What a lease has at Bedrock: its plan, the phases that it goes through, and what one look at its endpoint shows.

An endpoint is provisioned throughput or a deployment of a custom model: both in one vocabulary.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.profiles.model import Serving, Term
from bot.spending.digest import digest_of


@dataclass(frozen=True, slots=True)
class LeasePlan:
    """Everything that will be sent to lease throughput, frozen. Its digest is the ``clientRequestToken``.

    ``request`` is the ID of what asked (a Slack trigger or view): the same press is the same lease, a later one
    is another.
    """

    model_name: str
    model_arn: str
    profile: str
    region: str
    serving: Serving
    endpoint_name: str
    minutes: int
    model_units: int
    owner: str
    channel: str
    request: str
    known_as: str | None = None
    """The digest of the plan as it was, where that plan is lost and this one stands for it."""
    term: Term | None = None
    """For which term it is bought, before whose end nobody ends it; ``minutes`` are the longest that has then. None:
    for none."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the plan as canonical JSON, in hexadecimal."""
        if self.known_as:
            return self.known_as
        # A plan without a term has the digest that it had before there were any.
        return digest_of(self, {"known_as"} if self.term else {"known_as", "term"})

    @property
    def id(self) -> str:
        """The short form of the digest by which people and keys know the lease."""
        return self.digest[:12]


class LeasePhase(StrEnum):
    """Where a lease stands."""

    PLANNED = "planned"
    AWAITING_APPROVAL = "awaiting approval"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REQUESTING = "requesting"
    REFUSED = "refused"
    CREATING = "creating"
    IN_SERVICE = "in service"
    RELEASING = "releasing"
    RELEASED = "released"
    FAILED = "failed"


class EndpointStatus(StrEnum):
    """Provisioned throughput and deployments in one vocabulary."""

    CREATING = "creating"
    IN_SERVICE = "in service"
    UPDATING = "updating"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class EndpointObservation:
    """What Bedrock says of a provisioned throughput or a deployment. ``seen_at`` is Bedrock's own clock."""

    name: str
    arn: str
    status: EndpointStatus
    created: datetime
    seen_at: datetime
    model_arn: str
    failure: str | None = None
    units: int = 1
    """Model units, each of which is billed by the hour; of a deployment it says nothing."""
    committed_until: datetime | None = None
    """Until when it was bought for a term, before which nobody deletes it; None: for none."""
    desired_arn: str = ""
    """The model that it was last told to serve; empty where that is not told."""
    term: Term | None = None
    """For which term it was bought; None: for none."""
