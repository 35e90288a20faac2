"""What is shown about leases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.leases.endpoint import LeasePhase
from bot.models.versions import NotUpdated, Updated
from bot.pricing.model import Quote
from bot.profiles.model import Serving, Term
from bot.spending import undo
from bot.spending.cards import Care, CreationEvent, Declined, StoppedBefore
from bot.spending.model import Check, Decision
from bot.spending.votes import MadeWay
from bot.wording import Said


@dataclass(frozen=True, slots=True)
class LeaseHandedOver:
    """A lease is in another's care now."""

    model: str
    care: Care
    is_for_a_term: bool = False


@dataclass(frozen=True, slots=True)
class LeaseView:
    """A lease as a person sees it. ``release_at`` is when it ends; ``left_minutes`` is what remains, rounded up."""

    id: str
    model_name: str
    base: str
    owner: str
    serving: Serving
    phase: LeasePhase
    minutes: int
    hour: Quote
    total: str
    """What can be billed for it at most, or that the price is unknown."""
    hour_more: str = ""
    """The same, once it is made longer by an hour."""
    hour_more_usd: Decimal | None = None
    """The figure of that, which the button agrees to; None when the price is unknown."""
    release_at: datetime | None = None
    left_minutes: int | None = None
    spent: str = ""
    estimated: str = ""
    """Once it is over, what ``spent`` is held against: what could be billed for it at most, as it was agreed to; empty
    where nobody knows, or nothing was billed by the hour."""
    explanation: str = ""
    mend: str = ""
    release_trouble: str = ""
    """What keeps its release from working; empty while it works."""
    raw_failure: str = ""
    """What Bedrock said, word by word; shown to whoever asks for it."""
    may_extend: bool = True
    """Whether whoever reads it may make it longer. Where a channel reads it, somebody there may."""
    may_end: bool = True
    channel: str = ""
    thread_ts: str = ""
    """Where it is told: the first message of its thread; empty while nobody knows it."""
    link: str = ""
    """To that thread, where somebody reads of it elsewhere."""
    started_by: str = ""
    """Who asked for it; another than ``owner`` once it was handed over."""
    is_adopted: bool = False
    """Whether its throughput was made elsewhere."""
    joint: tuple[str, ...] = ()
    """Who uses it beside its owner, since they asked for the same model."""
    released_by: str = ""
    """Who asked to release it; empty: nobody did."""
    is_undoable: bool = False
    """Whether that can still be taken back."""
    ends_in: float = undo.SECONDS
    """For whoever asked to end it: seconds for which that can be taken back; 0: it is being carried out."""
    next_name: str = ""
    """The newer model that is on its way to its place."""
    newer: str = ""
    """A newer version of the model, which may take its place."""
    idle: int = 0
    """Minutes without a question after which it is released before its time; 0: it is not."""
    idled: int | None = None
    """That it is released since nobody asked it for so many minutes."""
    term: Term | None = None
    """For which term it is bought; None: for none."""
    is_bound: bool = False
    """Whether it is, so that nobody ends it before AWS says that it is over."""


@dataclass(frozen=True, slots=True)
class LongerLease:
    """A lease that is longer by ``minutes``, or would be: ``total`` is what can be billed for all of it at most.

    Once it is ``done`` it is longer, or the approvers are asked; before, it has the button that does it.
    """

    view: LeaseView
    minutes: int
    total: str
    usd: Decimal | None
    """The figure of that, which the button agrees to; None when the price is unknown."""
    needs_approval: str = ""
    """Why an approver has to agree first; empty when nobody has to."""
    done: bool = False


@dataclass(frozen=True, slots=True)
class JoinedLease:
    """What whoever asks for a model reads that runs already: until when, and that they use this lease now.

    ``own``: it is theirs. ``longer`` is what they asked for beyond its end; None: nothing, or it cannot be had.
    """

    view: LeaseView
    own: bool
    longer: LongerLease | None = None


@dataclass(frozen=True, slots=True)
class SwapOffer:
    """An older version of a model is in service: the model may take its place there, or be leased beside it.

    ``minutes`` and ``idle`` are what was asked for, and ``beside`` what such a lease of its own costs at most.
    """

    model: str
    view: LeaseView
    beside: str
    minutes: int
    idle: int | None = None


@dataclass(frozen=True, slots=True)
class ModelUnits:
    """What throughput is measured in: how many are needed, and how many the account may have. None: nobody says.

    AWS gives an account none by itself: AWS Support is asked for them before any purchase.
    """

    needed: int
    quota: int | None


@dataclass(frozen=True, slots=True)
class LeaseCard:
    """The one live message of a lease: price first, then the countdown, with *Extend 1 h* and *Release*.

    While ``decision`` is open it has *Start lease* and *Cancel* instead.
    """

    view: LeaseView
    usd: Decimal | None
    """What it is offered for: *Start lease* agrees to no more."""
    decision: Decision
    needs_approval: str = ""
    decided_by: str | None = None
    budget: Check | None = None
    """What it would mean for the budgets; None: none applies."""
    approvers: tuple[str, ...] = ()
    """Who may agree, once that was asked for."""
    is_blocked: bool = False
    """Whether its base gets no new throughput, so that it could never be started."""
    is_undoable: bool = False
    """Whether it was called off just now, which *Keep* takes back."""
    units: ModelUnits | None = None
    """None: it is not sold by model units."""
    made_way: MadeWay = MadeWay.NONE
    """What has taken its place, where it was called off for that."""


@dataclass(frozen=True, slots=True)
class InService:
    """It can be asked for so many minutes from now. ``by_token``: nothing is billed while nobody asks."""

    minutes: int
    by_token: bool


@dataclass(frozen=True, slots=True)
class LeaseJoined:
    """Somebody else asked for the same model, and uses this lease since."""

    by: str


@dataclass(frozen=True, slots=True)
class TermRenewed:
    """AWS has renewed its term by itself, from one end to the next: what that costs at most, and all of it so far.

    As a card of its own it is for the operators, and names the ``model``.
    """

    before: datetime
    until: datetime
    cost: str
    total: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class LastCall:
    """So many minutes are left, said then: *Extend 1 h* and *Let it end*, but of a term, as long as that is so."""

    left_minutes: int
    let_by: str = ""
    """Who said since that it is to end as planned; empty: nobody."""
    is_past: bool = False
    """Whether it was made longer since."""


@dataclass(frozen=True, slots=True)
class LeaseIdle:
    """Nobody has asked it for so many minutes, and it is released in ``grace`` of them: *Keep 1 h*.

    ``spent`` is what it has cost so far, empty where nobody knows.
    """

    minutes: int
    spent: str
    grace: int
    kept_by: str = ""
    """Who said since that it stays, and until when; empty: nobody."""
    kept_until: datetime | None = None
    was_released: bool = False
    """Whether it was, since nobody has asked it in these minutes either."""
    is_past: bool = False
    """Whether it was asked since, or was kept, or goes on for another reason."""


@dataclass(frozen=True, slots=True)
class UnseenCalls:
    """CloudWatch does not tell what else asks it, so that it is not released for idleness of so many minutes.

    ``why``: empty where it is not believed, since what was asked here is missing in it.
    """

    why: Said
    idle: int


@dataclass(frozen=True, slots=True)
class LeaseRecovered:
    """It was lost track of, and is followed again for so many minutes; none: its time is over."""

    minutes: int


@dataclass(frozen=True, slots=True)
class ReleaseTrouble:
    """What keeps its release from working, so that it goes on being billed."""

    why: Said


@dataclass(frozen=True, slots=True)
class ReleaseWorksAgain:
    """That is over."""


@dataclass(frozen=True, slots=True)
class ReleaseNews:
    """What those hear who hear of money, since the lease may be lost or its people away: trouble, or its end."""

    endpoint: str
    """Its name; in a channel that it is not from, the key of its release."""
    region: str
    model: str
    """Empty where its tags do not name one, and in such a channel."""
    event: ReleaseTrouble | ReleaseWorksAgain
    gone: bool = False
    """Whether AWS shows it no more."""


@dataclass(frozen=True, slots=True)
class EndpointThereAgain:
    """It was released and was there again; it was deleted."""

    name: str
    region: str


@dataclass(frozen=True, slots=True)
class EndpointRecovered:
    """The store does not know it: it is released at ``until``, and followed again in ``channel`` where there is one.

    ``bot`` is the other bot whose mark it has: a second one in the account, or this one under the prefix that it had.
    """

    name: str
    region: str
    until: datetime
    channel: str | None = None
    bot: str = ""
    is_for_a_term: bool = False


@dataclass(frozen=True, slots=True)
class EndedWithoutStore:
    """It was ended by what AWS knows of it, since the store was silent, or had forgotten it.

    ``lease_id`` is told to operators alone, who are told nothing of what follows in the lease's thread. In a channel of
    theirs that it is not from ``name`` is the lease's key.
    """

    name: str
    until: datetime
    owner: str = ""
    lease_id: str = ""
    forgotten: bool = False
    """Whether the store answered, and knew nothing of it: nothing follows then."""


@dataclass(frozen=True, slots=True)
class HeldUpWithoutStore:
    """Its time is over, the store is silent, and AWS does not let it be ended either."""

    name: str
    until: datetime
    why: Said
    owner: str = ""
    lease_id: str = ""


@dataclass(frozen=True, slots=True)
class MoreTimeDecided:
    """What an approver said of more time that somebody asked for."""

    asked_by: str
    by: str
    minutes: int
    approved: bool
    reason: str = ""
    """Why, in their own words; empty: they gave none."""
    is_overridden: bool = False
    """Whether an operator said it in an emergency, without an approver."""


@dataclass(frozen=True, slots=True)
class EndedByAnother:
    """Somebody else than its owner ended it, with so many of its minutes left; None: before it was in service.

    As a card of its own it is for the owner, and names the ``channel`` that it was leased in.
    """

    by: str
    model: str
    minutes: int
    left_minutes: int | None
    channel: str


@dataclass(frozen=True, slots=True)
class LeaseOver:
    """How it ended. ``tried``: AWS was asked for it, so that its release was read back.

    ``billed`` is how long AWS billed it for, None when it never did; ``spent`` what that costs, empty where nobody
    knows, or nothing is billed by the hour.
    """

    phase: LeasePhase
    tried: bool
    explanation: Said
    mend: str
    billed: timedelta | None
    spent: str
    estimated: str = ""
    """What could be billed for it at most, as it was agreed to; empty where ``spent`` is, or nobody knows."""
    idled: int | None = None
    """For how many minutes nobody had asked it, where it was released for that."""


LeaseEvent = (
    InService
    | LeaseJoined
    | LastCall
    | LeaseIdle
    | UnseenCalls
    | Updated
    | NotUpdated
    | LeaseRecovered
    | TermRenewed
    | ReleaseTrouble
    | ReleaseWorksAgain
    | MoreTimeDecided
    | EndedByAnother
    | LeaseOver
    | Declined
    | StoppedBefore
    | CreationEvent
)


@dataclass(frozen=True, slots=True)
class LeaseMilestone:
    """A short reply in the lease's thread: what happened."""

    view: LeaseView
    event: LeaseEvent
    mention_owner: bool = False
