"""A lease as it is kept: what people want of it, what has been done about it, and its release, which is apart.

The release has a due entry of its own, so that nothing that goes wrong with a card can keep throughput running.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.controller.schema import Schema
from bot.leases.endpoint import LeasePhase, LeasePlan
from bot.models.versions import ModelVersion, UpdateState
from bot.pricing.model import Quote
from bot.profiles.model import Serving
from bot.spending.model import Check, Decision, Handover, Request
from bot.spending.record import PurchaseSchema, PurchaseSpec, PurchaseStatus
from bot.spending.undo import Kept, Wishes
from bot.spending.votes import Votes
from bot.wording import Said

LEASE = "lease"
RELEASE = "release"
"""The kinds of resources; the ID of both is the plan's."""
CARD = "card"
"""The one live message of a lease. Its thread is the lease's, unless it was asked for in one."""
EXTENSION = "extension"
"""Not of a resource: what votes on more time are counted by, with the lease's ID and the number of the request."""


@dataclass(frozen=True, slots=True)
class Extension:
    """More minutes that an approver is asked for, while the lease runs. ``number`` counts those of a lease from 1."""

    number: int
    minutes: int
    by: str
    usd: Decimal | None
    """What can be billed for the whole lease at most with them; None: nobody knows."""
    needs_approval: str
    own_is_fine: bool
    votes: Votes
    """Begins with the press of whoever asked."""
    hour: Quote | None = None
    """What an hour of one unit cost when they were asked for."""

    @property
    def decision(self) -> Decision:
        """Where it stands with the approvers."""
        return self.votes.decision(self.needs_approval)

    @property
    def asked_at(self) -> datetime:
        """When it was asked for."""
        assert self.votes.started is not None, "somebody has asked"
        return self.votes.started.at


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who asked for the same model while the lease ran, and uses it since: who, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LetEnd:
    """That nobody needs it longer than ``minutes``, its length at that moment: who said so, when."""

    by: str
    at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class KeptAwake:
    """That it is not released for idleness before ``until``: who said so, when."""

    by: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Idled:
    """That it was released since nobody had asked it for so many minutes."""

    at: datetime
    minutes: int


class Nearing(StrEnum):
    """Which warning of a lease's end it is; the value is part of its notice's name, and never changes."""

    LAST_PART = "last-part"
    LAST_CALL = "last-call"


@dataclass(frozen=True, slots=True)
class EndWarning:
    """A warning that its end is near: which one, of a lease how long in all, and the minutes that were left then."""

    which: Nearing
    minutes: int
    left: int

    @property
    def name(self) -> str:
        """The name of its notice: one that was made longer is warned of its new end."""
        return f"{self.which}:{self.minutes}"


@dataclass(frozen=True, slots=True)
class Renewal:
    """That AWS has renewed a term by itself: when that was seen, where it was to end, and where it ends now."""

    at: datetime
    before: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class LeaseSpec(PurchaseSpec):
    """What people want: the plan, more minutes, an early end."""

    plan: LeasePlan
    extra_minutes: int = 0
    release: Request | None = None
    kept: Kept | None = None
    """Who took a wish to release it back."""
    needs_approval: str | None = None
    """Why an approver had to agree when it was proposed; empty: nobody. None: from before that was kept."""
    own_is_fine: bool = False
    """Whether an approver may approve it who asked for it themselves."""
    usd: Decimal | None = None
    """What can be billed for it at most, when it was offered; None: nobody knows."""
    hour: Quote | None = None
    """What an hour of one unit costs, as it was last agreed to: another price is set for others, not for this one.
    None: found again, or from before that was kept."""
    found_again: datetime | None = None
    """When a look at the account found it by its tags, after the store had forgotten it: it is never bought again."""
    extensions: tuple[Extension, ...] = ()
    """Those that an approver was asked for, decided or not."""
    extended_by: tuple[str, ...] = ()
    """Who had it made longer, each time that it was."""
    billed_before: int = 0
    """Minutes that AWS had billed when it was found again: ``plan.minutes`` are those from then on."""
    over: datetime | None = None
    """When its time was over and its release began: nothing makes it longer from then on."""
    edition: int = 0
    """Counts what its cost may change by. What is about to be written is reserved under the next one: once that is
    taken, nobody can write any more what was reserved under it before."""
    handed: tuple[Handover, ...] = ()
    """In whose care it was given since, the last of them now."""
    joined: tuple[Joined, ...] = ()
    """Who is mentioned beside the owner when its end is near, and when it is over."""
    let_end: LetEnd | None = None
    """Who last said that it is to end as planned."""
    idle: int = 0
    """Minutes without a question after which it is released before its time; 0: it is not."""
    kept_awake: KeptAwake | None = None
    """Who last said that it is needed though nobody asks it."""
    idled: Idled | None = None
    """That it is over since nobody asked it; written together with ``over``."""
    adopts: str = ""
    """The ARN of throughput that was made elsewhere and becomes this lease; empty: it is made anew."""
    versions: tuple[ModelVersion, ...] = ()
    """The models that were to answer in place of the plan's one after another; the last is wanted now."""
    committed_until: datetime | None = None
    """When its term ends, as AWS last said it: its deadline, which nobody brings forward. None: not known, or there is
    no term."""
    renewals: tuple[Renewal, ...] = ()
    """Each time that AWS has renewed its term. Their minutes are among ``extra_minutes``."""

    @property
    def ending(self) -> Request | None:
        """Who had it released, once nobody can take that back."""
        return self.release if self.release and self.release.is_final else None

    @property
    def is_let_end(self) -> LetEnd | None:
        """Who said that it is to end as planned, if it was not made longer since."""
        return self.let_end if self.let_end and self.let_end.minutes == self.minutes else None

    @property
    def owner(self) -> str:
        """Whose it is now. The plan has who planned it."""
        return self.handed[-1].to if self.handed else self.plan.owner

    @property
    def joint(self) -> tuple[str, ...]:
        """Who uses it beside the owner, each once, by ID."""
        return tuple(dict.fromkeys(each.by for each in self.joined if each.by != self.owner))

    @property
    def minutes(self) -> int:
        """How long it may be in service, extensions included."""
        return self.plan.minutes + self.extra_minutes


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment on three clocks, of which any may be wrong: the store's, ours, Bedrock's."""

    store: float
    local: datetime
    bedrock: datetime


@dataclass(frozen=True, slots=True)
class IdleNotice:
    """That nobody had asked it for so many minutes at that moment; ``number`` counts those of a lease from 1.

    ``spent`` is what it had cost by then, in words.
    """

    number: int
    at: Moment
    minutes: int
    spent: str

    @property
    def name(self) -> str:
        """The name of its notice."""
        return f"idle:{self.number}"


@dataclass(slots=True)
class IdleWatch:
    """What is known of when it was last asked."""

    asked: datetime | None = None
    """By people here."""
    called: datetime | None = None
    """By anybody, as CloudWatch counts it, by AWS's clock."""
    minutes: int = 0
    """How long it was when that was last looked at, and ``stirred`` when that changed: who extends it wants it."""
    stirred: Moment | None = None
    notices: tuple[IdleNotice, ...] = ()
    stands: bool = False
    """Whether the last of them does: nobody has asked it since."""
    blind_since: datetime | None = None
    """Since when CloudWatch does not tell; None while it does."""
    is_blind: bool = False
    """Whether that is told, and why it does not in ``blind``: empty, where what was asked here is missing in it."""
    blind: Said = ""


@dataclass(slots=True)
class LeaseStatus(PurchaseStatus):
    """What has been done. ``phase`` is written by ``transitions.advance`` alone."""

    phase: LeasePhase = LeasePhase.PLANNED
    gate_checked: bool = False
    units_quota: int | None = None
    """How many model units the account may have, when that was looked at; None: nobody says."""
    blocked: Said = ""
    """Why it cannot be started, when it cannot."""
    budget: Check | None = None
    """What it would mean for the budgets, as of the last look before it was decided; None: none applies."""
    intent_store: float | None = None
    """When its intent was written down, by the store's clock. None: from before that was kept."""
    arn: str | None = None
    created: datetime | None = None
    """When billing began, by Bedrock's clock."""
    in_service: Moment | None = None
    seen: Moment | None = None
    """When Bedrock was last asked about it."""
    tagged_until: datetime | None = None
    edition: int = 0
    """The last edition of what is wanted that was seen, and ``tag_again_until`` how long its deadline's tag is written
    anew: that of another, which came to nothing, may still be on its way."""
    tag_again_until: datetime | None = None
    failed: bool = False
    ended_at: datetime | None = None
    shown: str = ""
    """What the card said but for the countdown, and ``shown_at`` of when that was: it is edited now and then."""
    shown_at: datetime | None = None
    owner_told: bool = False
    """Whether the owner was told directly who ended it, when that was somebody else."""
    handed_told: int = 0
    """Of how many handovers both people were told."""
    renewals_told: int = 0
    """Of how many renewals of its term the operators were told; each is in the ledger by then."""
    more_asked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of each number of more time, whom its question has reached: as ``asked`` is of the lease's own."""
    more_asked_at_usd: dict[str, str] = field(default_factory=dict)
    """Of each number of more time, at what figure: as ``asked_at_usd`` is of the lease's own."""
    warnings: tuple[EndWarning, ...] = ()
    """Those that its end is near, as they were given."""
    idle: IdleWatch = field(default_factory=IdleWatch)
    serving: str = ""
    """The ARN of the model that answers, as AWS last said it; empty: the plan's."""
    update: UpdateState = UpdateState.DONE
    """How far the last wanted version is, and ``failed_version`` the number of the last that could not be taken."""
    failed_version: str = ""
    swapped: Moment | None = None
    """When AWS was last asked to take one."""
    swap_explanation: Said = ""
    swap_mend: str = ""
    tagged: str = ""
    """The model and the owner that its tags were last made to name; empty: the plan's."""


@dataclass(frozen=True, slots=True)
class ReleaseSpec:
    """What must not be left running. ``release_by`` holds when nothing better is known of the lease."""

    lease_id: str
    region: str
    serving: Serving
    endpoint_name: str
    asked_at: datetime
    release_by: datetime
    model_name: str = ""
    owner: str = ""
    channel: str = ""
    """Of whom and where it is told, should it break; empty for one from before that was kept."""
    ended_at: datetime | None = None
    """When a process ended it to which the store was silent, by what the clocks agree on."""
    adopts: bool = False
    """Whether it was made elsewhere: before its tags name the lease it is nobody's here to delete."""
    v: int = 1


@dataclass(slots=True)
class ReleaseStatus:
    """What has been done to release it; ``released_at`` is set once Bedrock says that it is gone."""

    arn: str | None = None
    created: datetime | None = None
    last_seen: datetime | None = None
    """By Bedrock's clock, and by what the clocks agree on: what lies between them is billed."""
    first_seen: Moment | None = None
    """When it was there for the first time: how long its start-up takes counts from here."""
    missing_since: float | None = None
    """Since when it should be there, or go, and is not there; by the store's clock."""
    in_service: Moment | None = None
    failed: bool = False
    failure: str = ""
    deleting_since: datetime | None = None
    trouble: Said = ""
    """What keeps it from working and was told; empty while it works."""
    failures: int = 0
    """Deletions in a row that did not work: each is waited for longer than the one before."""
    mended: int = 0
    """How many troubles that were told are over."""
    released_at: datetime | None = None


LEASE_SCHEMA = PurchaseSchema(LEASE, LeaseSpec, LeaseStatus)
RELEASES: Wishes[LeaseSpec] = Wishes(
    wish=lambda spec: spec.release,
    put=lambda spec, wish: replace(spec, release=wish),
    kept=lambda spec: spec.kept,
    note=lambda spec, kept: replace(spec, kept=kept),
)
"""Where a lease's spec has the wish to release it."""
RELEASE_SCHEMA = Schema(RELEASE, ReleaseSpec, ReleaseStatus)
