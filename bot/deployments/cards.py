"""What is shown about deployments."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.deployments.model import DeploymentPhase
from bot.deployments.quotas import DeploymentQuotas
from bot.models.versions import NotUpdated, Updated, UpdateState
from bot.pricing.answers import AnswerPrices, Thousand
from bot.spending import undo
from bot.spending.cards import Care
from bot.wording import Said


@dataclass(frozen=True, slots=True)
class DeploymentView:
    """A deployment as a person sees it."""

    id: str
    model_name: str
    """The model that answers, or the one that is to."""
    base: str
    owner: str
    phase: DeploymentPhase
    prices: AnswerPrices
    thousand: Thousand | None = None
    """What a thousand questions cost at the average of its channel; None where nobody has asked yet."""
    quotas: DeploymentQuotas = field(default_factory=DeploymentQuotas)
    next_name: str = ""
    """The newer model that is wanted at its address, as long as it does not answer there."""
    update: UpdateState = UpdateState.DONE
    last_asked: datetime | None = None
    explanation: Said = ""
    mend: str = ""
    trouble: Said = ""
    waits_for: int | None = None
    """How many the account may make at the same time, while it makes as many; None: it waits for nothing."""
    failure: str = ""
    """What Bedrock said, word by word; shown to whoever asks for it."""
    remover: str = ""
    """Who asked to remove it, and ``is_undoable`` whether that can still be taken back."""
    is_undoable: bool = False
    ends_in: float = undo.SECONDS
    """For whoever asked to end it: seconds for which that can be taken back; 0: it is being carried out."""
    may_end: bool = True
    """Whether whoever reads it may remove it. Where a channel reads it, somebody there may."""
    channel: str = ""
    thread_ts: str = ""
    link: str = ""
    """To its thread, where somebody reads of it elsewhere."""


@dataclass(frozen=True, slots=True)
class DeploymentCard:
    """The one live message of a deployment."""

    view: DeploymentView


@dataclass(frozen=True, slots=True)
class Deployed:
    """It can be asked."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """It cannot be made, looked after or removed for now; it is tried again."""

    why: Said
    waits_for: int | None = None


@dataclass(frozen=True, slots=True)
class DeploymentOver:
    """How it ended. ``by``: who removed it; empty where nobody here did."""

    phase: DeploymentPhase
    by: str
    explanation: Said
    mend: str
    taken: str = ""
    """The name that something else in the account has."""


@dataclass(frozen=True, slots=True)
class FollowedAgain:
    """It was lost track of."""


DeploymentEvent = Deployed | Updated | NotUpdated | NotYet | DeploymentOver | FollowedAgain


@dataclass(frozen=True, slots=True)
class DeploymentMilestone:
    """A short reply in the deployment's thread: what happened."""

    view: DeploymentView
    event: DeploymentEvent
    mention_owner: bool = False


@dataclass(frozen=True, slots=True)
class DeploymentIdle:
    """For its owner: nobody has asked it for long. ``last_asked`` None: nobody ever did."""

    id: str
    model: str
    channel: str
    since: datetime
    last_asked: datetime | None


@dataclass(frozen=True, slots=True)
class RemovedByAnother:
    """For its owner: somebody else removed it."""

    model: str
    channel: str
    by: str


@dataclass(frozen=True, slots=True)
class DeploymentHandedOver:
    """A deployment is in another's care now."""

    model: str
    care: Care


@dataclass(frozen=True, slots=True)
class ReplaceOffer:
    """A model of the same base and data is deployed already: the newer one may answer at its address."""

    model: str
    before: str
    deployment_id: str
    prices: AnswerPrices


@dataclass(frozen=True, slots=True)
class DeploymentFollowedAgain:
    """The store had forgotten it: it is followed again in ``channel``."""

    name: str
    region: str
    channel: str
