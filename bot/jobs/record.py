"""A job as it is kept: ``JobSpec`` is what people want of it, ``JobStatus`` what has been done about it."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import Refused
from bot.jobs.ending import Ending
from bot.jobs.history import TimeRange
from bot.jobs.model import JobObservation, JobPlan, Phase
from bot.jobs.stalls import Stall
from bot.jobs.terms import Terms
from bot.models.model import MADE_BY, Lifecycle
from bot.profiles import registry
from bot.spending.model import Check, Handover, Request
from bot.spending.record import PurchaseSchema, PurchaseSpec, PurchaseStatus
from bot.spending.undo import Kept, Wishes
from bot.visibility import Origin, Sources
from bot.wording import Person, wording

KIND = MADE_BY
"""The kind of resource in the work queue; its ID is the plan's."""
SWEEP = "sweep"
"""The kind of a sweep, which tells the end of all of them together."""
CARD = "plan"
"""The one message of a job, from its plan to its end. Its thread is the job's, unless the plan was asked for in one."""


def note_name(name: str, number: int) -> str:
    """Return what a message of that round is called: a plan that is proposed again gets messages of its own."""
    return name if number == 1 else f"{name}#{number}"


@dataclass(frozen=True, slots=True)
class Instead:
    """Another base that somebody wants it planned on, once its dataset is converted for that one.

    ``conversion`` is the ID of the piece of work that converts it.
    """

    profile: str
    conversion: str
    by: str


def check_one_base(planned_on: Instead | None, profile: str) -> None:
    """Return when a plan is being planned on no other base than this one: only one takes its place.

    Raises:
        Refused: it is, and on which.
    """
    if planned_on and planned_on.profile != profile:
        raise Refused(
            wording(
                Person(planned_on.by),
                f" has this planned on {registry.get(planned_on.profile).label} already.",
            ),
            hint="Choose another base on the plan that follows, or once that did not come off.",
        )


@dataclass(frozen=True, slots=True)
class JobSpec(PurchaseSpec):
    """What people want: the plan, and what becomes of it."""

    plan: JobPlan
    stop: Request | None = None
    kept: Kept | None = None
    """Who took a wish to stop it back."""
    waiting: Request | None = None
    """Somebody was told of a stall and keeps waiting."""
    sweep: str | None = None
    """The sweep that it is part of, which was agreed to as a whole: it needs no plan card of its own."""
    adopted: str | None = None
    """The ARN of a job that was made elsewhere and is only followed: it is never created."""
    followers: tuple[str, ...] = ()
    """Those beside the owner who asked to be told how it ends."""
    muted: tuple[str, ...] = ()
    """Those who asked not to be pinged by it, the owner perhaps among them."""
    terms: Terms | None = None
    """What it was offered for; None for a job from before terms were kept."""
    found_again: datetime | None = None
    """When a look at the account found it by its tags, after the store had forgotten it."""
    handed: tuple[Handover, ...] = ()
    """In whose care it was given since, the last of them now."""
    instead: Instead | None = None
    """On which base it is to be planned in its place; None: it is wanted as it is."""

    @property
    def ending(self) -> Request | None:
        """Who had it stopped, once nobody can take that back."""
        return self.stop if self.stop and self.stop.is_final else None

    @property
    def owner(self) -> str:
        """Whose it is now. The plan has who planned it."""
        return self.handed[-1].to if self.handed else self.plan.owner


@dataclass(slots=True)
class JobStatus(PurchaseStatus):
    """What has been done. Written by whoever holds the job's lease; ``phase`` only by ``transitions.advance``."""

    phase: Phase = Phase.PLANNED
    lifecycle: Lifecycle | None = None
    preflight: tuple[Check, ...] = ()
    overlap: Check | None = None
    """What the validation set has in common with the training set, once they were compared: that never changes."""
    checked_at: datetime | None = None
    rechecked: datetime | None = None
    """Somebody's wish to have it checked again that was answered last, by its time."""
    takes: TimeRange | None = None
    """How long it takes by this account's own history, as of the preflight."""
    recheck_in: float | None = None
    """Seconds after which the preflight is worth another look, when something was only unreachable."""
    arn: str | None = None
    observation: JobObservation | None = None
    looked_at: datetime | None = None
    """When Bedrock was last seen to say that, by our clock."""
    ended_at: datetime | None = None
    """When the end was noticed, by our clock: where reading back for the end's message begins."""
    who: str = ""
    """Who can act on the explanation; empty when it is not known."""
    left: TimeRange | None = None
    """How long it may still take, as of the last look; None while there is too little history."""
    stalls: tuple[Stall, ...] = ()
    """The stages of which it was told that they do not move, at most once each."""
    ping: bool | None = None
    """Whether the end mentions the owner, once that is decided; with that, everybody else is told."""
    ending: Ending | None = None
    """What its files of losses say; None until they were looked at."""
    results_tries: int = 0
    """How often they were looked for without finding any."""
    curve: str | None = None
    """The picture of its losses that its end shows, by Slack's ID; empty: the end shows none. None: not decided yet."""
    curve_since: float | None = None
    """Since when it is waited for, by the store's clock."""
    unshown: str | None = None
    """Why its picture is not in the thread either: empty when it is, None until that is decided."""
    handed_told: int = 0
    """Of how many handovers both people were told."""
    planned_anew: str = ""
    """The plan on another base that has come in its place, by its ID; empty: none has."""

    @property
    def blocked(self) -> Check | None:
        """The first check that fails, or None when the job can start."""
        return next((each for each in self.preflight if not each.ok), None)


SCHEMA = PurchaseSchema(KIND, JobSpec, JobStatus)
STOPS: Wishes[JobSpec] = Wishes(
    wish=lambda spec: spec.stop,
    put=lambda spec, wish: replace(spec, stop=wish),
    kept=lambda spec: spec.kept,
    note=lambda spec, kept: replace(spec, kept=kept),
)
"""Where its spec has the wish to stop it."""


def sources_of(plan: JobPlan) -> Sources:
    """Return where a job came from, by its plan."""
    held_out = plan.validation_dataset_id or ""
    ids = tuple(each for each in (plan.dataset_id, held_out) if each)
    return Sources(Origin(plan.channel, plan.owner), ids, held_out=held_out, base_arn=plan.base_model_id)
