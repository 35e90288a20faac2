"""What is shown about distillations."""

from dataclasses import dataclass
from datetime import timedelta

from bot.distillations.plan import DistillationPhase, DistillationPlan, DistillationTerms, LeftOut, Prepared
from bot.jobs.stalls import Settled, Stall
from bot.pricing.model import Quote
from bot.spending import undo
from bot.spending.cards import CannotStop, Declined, PlanEvent, StopAsked
from bot.spending.model import Check, Decision
from bot.spending.votes import MadeWay
from bot.wording import Said


@dataclass(frozen=True, slots=True)
class DistillationView:
    """A distillation as people see it. ``cost`` is in words; counts are None until Bedrock tells them."""

    id: str
    name: str
    teacher: str
    profile: str
    region: str
    owner: str
    channel: str
    phase: DistillationPhase
    records: int
    cost: str
    elapsed: timedelta | None = None
    """For how long Bedrock has had it, by its own clock; None before that."""
    processed: int | None = None
    failed: int | None = None
    explanation: str = ""
    mend: str = ""
    stopped_by: str | None = None
    is_undoable: bool = False
    """Whether that can still be taken back."""
    ends_in: float = undo.SECONDS
    """For whoever asked to end it: seconds for which that can be taken back; 0: it is being carried out."""
    thread_ts: str = ""
    """Where it is told: the first message of its thread; empty while nobody knows it, or for whom does not see it."""
    link: str = ""
    """To that thread, where somebody reads of it elsewhere."""


@dataclass(frozen=True, slots=True)
class DistillationPlanCard:
    """The plan with its price, before anything is spent."""

    plan: DistillationPlan
    prepared: Prepared
    terms: DistillationTerms
    checks: tuple[Check, ...]
    decision: Decision
    decided_by: str | None
    phase: DistillationPhase
    is_undoable: bool = False
    """Whether it was called off just now, which *Keep* takes back."""
    approvers: tuple[str, ...] = ()
    """Who may agree, once that was asked for."""
    made_way: MadeWay = MadeWay.NONE
    """What has taken its place, where it was called off for that."""


@dataclass(frozen=True, slots=True)
class DistillationCard:
    """The live message while Bedrock has the job."""

    view: DistillationView
    is_live: bool = False
    """Whether it is its live message, which leaves the end to the message that tells it."""


@dataclass(frozen=True, slots=True)
class NothingStarted:
    """Nothing was started, and why."""

    why: Said


DistillationEvent = NothingStarted | Declined | StopAsked | CannotStop | PlanEvent


@dataclass(frozen=True, slots=True)
class DistillationMilestone:
    """A reply in the thread: what happened."""

    view: DistillationView
    event: DistillationEvent


@dataclass(frozen=True, slots=True)
class DistillationStalled:
    """The batch job has not moved for longer than usual: *Keep waiting* and *Stop* until it is ``settled``.

    ``answers``: it has begun to answer, which is billed.
    """

    view: DistillationView
    stall: Stall
    answers: bool
    settled: Settled | None = None


@dataclass(frozen=True, slots=True)
class DistillationEnded:
    """The end, which mentions the owner: what was answered, what was not and why, what it cost."""

    view: DistillationView
    file_name: str
    answered: int
    left_out: tuple[LeftOut, ...]
    spent: str
    unkept: str = ""


@dataclass(frozen=True, slots=True)
class DistillationProblem:
    """Why nothing comes of a request."""

    name: str
    sentence: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class TeacherRow:
    """A teacher in the list: its prices in batch, and where it answers."""

    name: str
    label: str
    regions: tuple[str, ...]
    per_1m_input: Quote
    per_1m_output: Quote


@dataclass(frozen=True, slots=True)
class TeacherList:
    """The teachers, and the distillations that are under way."""

    teachers: tuple[TeacherRow, ...]
    under_way: tuple[DistillationView, ...]


@dataclass(frozen=True, slots=True)
class AnswersRecovered:
    """The store had forgotten a batch job, which is followed again in its channel; with its plan, or without."""

    name: str
    region: str
    channel: str
    with_plan: bool
