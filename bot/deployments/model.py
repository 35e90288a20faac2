"""A deployment as it is kept: which model is wanted behind its address, and what has been done about it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.controller.model import Resource
from bot.controller.schema import Schema
from bot.deployments.quotas import DeploymentQuotas
from bot.models.versions import ModelVersion, UpdateState
from bot.pricing.answers import Average
from bot.spending.digest import digest_of
from bot.spending.model import Handover, Request
from bot.spending.undo import Kept, Wishes
from bot.wording import Said

KIND = "deployment"
"""Its ID is short for the digest of what was asked for."""
CARD = "card"
"""The one live message of a deployment. Its thread is the deployment's, unless it was asked for in one."""


class DeploymentPhase(StrEnum):
    """Where a deployment stands."""

    REQUESTED = "requested"
    CREATING = "being made"
    IN_SERVICE = "in service"
    REMOVING = "being removed"
    REMOVED = "removed"
    FAILED = "failed"
    REFUSED = "refused"


ENDED = frozenset({DeploymentPhase.REMOVED, DeploymentPhase.FAILED, DeploymentPhase.REFUSED})
"""Nothing of it is there any more, and nothing moves it."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A deployment that was made elsewhere, as a look at the account saw it."""

    arn: str
    name: str
    region: str
    model_arn: str


@dataclass(frozen=True, slots=True)
class _Order:
    """What makes a deployment another one."""

    model_arn: str
    name: str
    region: str
    request: str


@dataclass(frozen=True, slots=True)
class DeploymentSpec:
    """What people want: which model answers, and whether it is to be removed.

    ``versions`` are those that were wanted behind the address one after another; the last is wanted now.
    """

    name: str
    """What Bedrock calls it."""
    region: str
    profile: str
    owner: str
    channel: str
    thread_ts: str | None
    asked_at: datetime
    request: str
    """The ID of what asked (a Slack trigger): the same press is the same deployment."""
    versions: tuple[ModelVersion, ...]
    remove: Request | None = None
    found_again: datetime | None = None
    """When a look at the account found it by its tags, after the store had forgotten it: it is never made anew."""
    known_as: str = ""
    """The digest that its tags name, where it was found by them."""
    kept: Request | None = None
    """Who said last that it is to stay, though nobody asked it for long."""
    taken_back: Kept | None = None
    """Who took a wish to remove it back."""
    handed: tuple[Handover, ...] = ()
    """Into whose care it was given one after another."""
    adopts: str = ""
    """The ARN of one that was made elsewhere and becomes this; empty: it is made anew."""
    v: int = 1

    @property
    def holder(self) -> str:
        """In whose care it is: whoever had it made, or whom it was given to last."""
        return self.handed[-1].to if self.handed else self.owner

    @property
    def ending(self) -> Request | None:
        """Who had it removed, once nobody can take that back."""
        return self.remove if self.remove and self.remove.is_final else None

    @property
    def wanted(self) -> ModelVersion:
        """The model that is to answer."""
        return self.versions[-1]

    @property
    def digest(self) -> str:
        """What it was asked for as, by which Bedrock makes it once: the first version, and the request."""
        return self.known_as or digest_of(_Order(self.versions[0].arn, self.name, self.region, self.request))

    @property
    def id(self) -> str:
        """The short form of the digest by which people and keys know the deployment."""
        return self.digest[:12]


@dataclass(slots=True)
class DeploymentStatus:
    """What has been done."""

    phase: DeploymentPhase = DeploymentPhase.REQUESTED
    tried: bool = False
    """Whether Bedrock was asked to make it, so that it may be there."""
    arn: str | None = None
    created: datetime | None = None
    looked: datetime | None = None
    """When Bedrock was last asked about it."""
    missing: int = 0
    """At how many looks in a row what was asked for without an answer, and is to be removed, was not there."""
    missing_since: datetime | None = None
    """Since when Bedrock has not known it, without a break; None while it does (``bot.spending.missing``)."""
    serving: str = ""
    """The ARN of the model that answers there, and ``serving_name`` what it was called."""
    serving_name: str = ""
    update: UpdateState = UpdateState.DONE
    """How far the last wanted version is, and ``failed_version`` the number of the last that could not be taken."""
    failed_version: str = ""
    tagged_version: str = ""
    """What its tags name: the number of the version, and of the handover if there was any."""
    failed: bool = False
    """Whether Bedrock could not make it: it is removed, and that is told as a failure."""
    denials: int = 0
    """How often AWS did not let it be removed."""
    handed_told: int = 0
    """Of how many handovers both people were told."""
    owner_told: bool = False
    """Whether the owner was told directly who removed it, when that was somebody else."""
    explanation: Said = ""
    mend: str = ""
    trouble: Said = ""
    """What keeps it from being made or removed for now, and was told."""
    mended: int = 0
    """How many troubles that were told are over: the next one is told anew."""
    waits_for: int | None = None
    """How many the account may make at the same time, while it makes as many."""
    taken: bool = False
    """Whether something else has the name."""
    failure: str = ""
    """What Bedrock said, word by word."""
    quotas: DeploymentQuotas = field(default_factory=DeploymentQuotas)
    """What the account may have, as of the last look."""
    ended_at: datetime | None = None
    idle_told: datetime | None = None
    """When its owner was last told that nobody asks it."""
    figured: datetime | None = None
    """When its quotas and its use were last read."""
    average: Average | None = None
    """What questions in its channel were like then."""
    last_asked: datetime | None = None
    """When it was last asked, by what was known then."""


WISHES: Wishes[DeploymentSpec] = Wishes(
    wish=lambda spec: spec.remove,
    put=lambda spec, wish: replace(spec, remove=wish),
    kept=lambda spec: spec.taken_back,
    note=lambda spec, kept: replace(spec, taken_back=kept),
)
"""Where its spec has the wish to remove it."""

SCHEMA = Schema(KIND, DeploymentSpec, DeploymentStatus)


def is_live(resource: Resource) -> bool:
    """Return whether something of the deployment is there, or will be."""
    return SCHEMA.status_of(resource).phase not in ENDED


def models_at(resource: Resource) -> tuple[str, ...]:
    """Return the models that answer there or are to, those that answer first."""
    spec, status = SCHEMA.spec_of(resource), SCHEMA.status_of(resource)
    failed = status.update is UpdateState.FAILED and status.failed_version == str(len(spec.versions))
    wanted = () if failed and status.serving else (spec.wanted.arn,)
    return tuple(dict.fromkeys(each for each in (status.serving, *wanted) if each))
