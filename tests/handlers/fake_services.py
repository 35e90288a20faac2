"""Services that remember what was asked of them, for tests of the front: the real ones have their own tests."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from bot.checkup import Line, bad, good, warning
from bot.controller.model import Key
from bot.datasets.inspecting.inspection import InspectedRow, Inspection, RowFinding
from bot.datasets.model import Role
from bot.directory.voting import VotingService
from bot.errors import NotFound
from bot.leases import terms
from bot.leases.cards import LeaseView, LongerLease, SwapOffer
from bot.leases.endpoint import LeasePhase, LeasePlan
from bot.leases.extensions import ShownLonger
from bot.leases.purchase import AlreadyAwake
from bot.pricing.model import Quote
from bot.profiles.model import PriceKind, Serving, Term
from bot.questions.answerer import Answerer, Asleep, Question
from bot.serving.cards import ModelLine, ModelList
from bot.spending.offers import Shown
from bot.spending.votes import Choice, MadeWay
from bot.uploads.lineage import KnownFile
from tests.unit.jobs.samples import ACCESS

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = Quote(PriceKind.MODEL_UNIT_HOUR, Decimal(12), "set by the operator")


@dataclass
class FakeDesk:
    """What every fake has: a list of calls, and an error to raise at the next one."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    error: Exception | None = None

    def note(self, *call: Any) -> None:
        if self.error is not None:
            raise self.error
        self.calls.append(call)


class FakeUploads(FakeDesk):
    def receive(
        self,
        *,
        file_id: str,
        channel: str,
        thread_ts: str | None,
        user: str,
        profile: str | None = None,
        role: Role = Role.TRAINING,
        asked_in: str = "",
    ) -> None:
        self.note(file_id, channel, thread_ts, user, profile, role)

    begins = True
    with_drafts = False

    def try_sample(self, *, channel: str, thread_ts: str | None, user: str, asked_in: str) -> bool:
        self.note("sample", channel, thread_ts, user)
        return self.begins

    judged: ClassVar[list[KnownFile]] = []
    """What was judged lately."""

    def lately(self, user: str) -> list[KnownFile]:
        return self.judged

    def repair(
        self,
        upload: str,
        *,
        channel: str,
        thread_ts: str | None,
        user: str,
        repairs: Collection[str] | None = None,
        drop: Collection[int] = (),
        with_drafts: bool = False,
    ) -> bool:
        self.with_drafts = with_drafts
        chosen = () if repairs is None and not drop else (repairs, tuple(drop))
        self.note("repair", upload, channel, thread_ts, user, *chosen)
        return self.begins

    inspection = Inspection(
        "claims.jsonl",
        "ab" * 32,
        tuple(
            InspectedRow(
                line,
                line,
                f'» "content": "{line}"',
                (RowFinding("empty", True, "a[0]", "Empty.", "Fill.", None),),
            )
            for line in (3, 8, 21)
        ),
        False,
        ("Drop 2 blank lines",),
    )

    def rows(self, upload: str, user: str) -> Inspection:
        self.note("rows", upload, user)
        return self.inspection

    def edit(self, upload: str, position: int, text: str, user: str) -> Inspection:
        self.note("edit", upload, position, text, user)
        rows = (
            replace(each, edited=text) if each.position == position else each for each in self.inspection.rows
        )
        self.inspection = replace(self.inspection, rows=tuple(rows))
        return self.inspection


class FakeQuestions(FakeDesk):
    @property
    def asked(self) -> list[Question]:
        return [each[0] for each in self.calls]

    def ask(self, question: Question) -> None:
        self.note(question)

    def stop(self, thread_ts: str, user: str) -> None:
        self.note(thread_ts, user)

    def take_back(self, question_id: str, thread_ts: str) -> None:
        self.note("take_back", question_id, thread_ts)

    def again(self, answered: str, request: str, by: str, team: str, model: str = "") -> None:
        self.note("again", answered, request, by, team, *([model] if model else []))

    def share(self, answered: str, by: str) -> None:
        self.note("share", answered, by)

    def compare(self, answered: str, by: str, team: str) -> None:
        self.note("compare", answered, by, team)

    partners: ClassVar[dict[str, str]] = {}
    """The model that answers in a thread."""

    begun: ClassVar[frozenset[str]] = frozenset()
    """The threads that begin with a question which nobody has answered."""

    def began_in(self, thread_ts: str) -> bool:
        return thread_ts in self.begun or thread_ts in self.partners

    def partner_in(self, thread_ts: str) -> str | None:
        return self.partners.get(thread_ts)


def lease(model: str = "claims-router", **changes: Any) -> LeaseView:
    """Return a lease that runs and has 75 minutes left."""
    values: dict[str, Any] = {
        "id": "0123456789ab",
        "model_name": model,
        "base": "claude-3-haiku",
        "owner": "UTRAIN",
        "serving": Serving.PROVISIONED_THROUGHPUT,
        "phase": LeasePhase.IN_SERVICE,
        "minutes": 120,
        "hour": HOUR,
        "total": "at most $24.00",
        "release_at": NOW + timedelta(minutes=75),
        "left_minutes": 75,
        "spent": "$9.00",
    }
    return LeaseView(**(values | changes))


def line(name: str = "claims-router", serving: str = "asleep") -> ModelLine:
    return ModelLine(name, "claude-3-haiku", "claims", "UTRAIN", NOW, serving, 0.42, 0.51)


class FakeLeases(FakeDesk):
    def __init__(self) -> None:
        super().__init__()
        self.lines = [line(), line("notes-summary")]
        self.leased = [lease()]
        self.joins = False
        """Whether the model that is asked for is awake already."""
        self.older = False
        """Whether an older version of the model that is asked for is in service."""
        self.ways: dict[str, Serving] = {}
        """How models are served that are not leased."""
        self.terms: frozenset[Term] = frozenset()
        """For which throughput is bought."""

    def check_term(self, term: Term | None, user: str) -> None:
        terms.check_allowed(term, self.terms, ACCESS, user)

    def plan(
        self,
        *,
        model: str,
        minutes: int = 0,
        owner: str,
        channel: str,
        request: str,
        term: Term | None = None,
    ) -> LeasePlan:
        self._check_asleep()
        self.note("plan", model, term or minutes, owner, channel)
        return LeasePlan(
            model_name=model,
            model_arn="arn:aws:bedrock:us-west-2:123456789012:custom-model/x",
            profile="claude-3-haiku",
            region="us-west-2",
            serving=Serving.PROVISIONED_THROUGHPUT,
            endpoint_name="tunesmith-x",
            minutes=minutes,
            model_units=1,
            owner=owner,
            channel=channel,
            request=request,
            term=term,
        )

    def propose(self, plan: LeasePlan, *, thread_ts: str | None = None, idle: int | None = None) -> str:
        said = [*([thread_ts] if thread_ts else []), *([f"idle={idle}"] if idle is not None else [])]
        self.note("propose", plan.model_name, plan.minutes, *said)
        return plan.id

    def press(self, lease_id: str, decision: str, by: str, shown: Shown | None) -> None:
        if decision == "start":
            self._check_asleep()
        self.note("press", lease_id, decision, by, shown)

    def _check_asleep(self) -> None:
        if self.joins:
            raise AlreadyAwake("`claims-router` is already in service.")

    def find(self, lease_id: str) -> LeaseView:
        self.note("find", lease_id)
        return self.leased[0]

    def called(self, model_or_id: str) -> list[LeaseView]:
        return [each for each in self.leased if model_or_id in (each.id, each.model_name)]

    def running(self, model_or_id: str) -> LeaseView:
        if self.error is not None:
            raise self.error
        return self.leased[0]

    def release(self, model_or_id: str, by: str, *, of_another: bool = False) -> LeaseView:
        self.note("release", model_or_id, by, *(["of another"] if of_another else []))
        return self.leased[0]

    def keep(self, lease_id: str, by: str) -> LeaseView:
        self.note("keep", lease_id, by)
        return self.leased[0]

    def join(self, model: str, by: str, channel: str) -> LeaseView | None:
        if self.joins:
            self.note("join", model, by, channel)
            return self.leased[0]
        return None

    def keep_awake(self, lease_id: str, by: str) -> LeaseView:
        self.note("keep_awake", lease_id, by)
        return self.leased[0]

    def swap(self, *, model: str, lease: str, by: str, channel: str) -> LeaseView:
        self.note("swap", model, lease, by, channel)
        return self.leased[0]

    def offer(self, model: str, minutes: int, idle: int | None = None) -> SwapOffer | None:
        older = self.older
        return SwapOffer(model, self.leased[0], "at most $24.00", minutes, idle) if older else None

    def let_end(self, lease_id: str, by: str) -> LeaseView:
        self.note("let_end", lease_id, by)
        return self.leased[0]

    def models(self, name: str | None = None) -> ModelList:
        if self.error is not None:
            raise self.error
        if name is None:
            return ModelList(tuple(self.lines))
        found = tuple(each for each in self.lines if each.name == name)
        if not found:
            raise NotFound(f"There is no model `{name}`.", hint="Did you mean `claims-router`?")
        return ModelList(found)

    def way_of(self, model: str) -> Serving:
        return self.ways.get(model, Serving.PROVISIONED_THROUGHPUT)

    def live_names(self) -> list[str]:
        return [*dict.fromkeys(each.model_name for each in self.live())]

    aliases: ClassVar[dict[str, str]] = {}
    """What names stand for."""

    def awake_names(self) -> list[str]:
        return [each.model_name for each in self.live() if each.phase is LeasePhase.IN_SERVICE]

    def answerer(self, model: str | None, channel: str) -> Answerer:
        if self.error is not None:
            raise self.error
        awake = [each.model_name for each in self.leased if each.phase is LeasePhase.IN_SERVICE]
        model = self.aliases.get(model or "", model)
        if not awake or model not in (None, *awake):
            raise Asleep(f"`{model}` is asleep.", model=model or "")
        return Answerer(model or awake[0], "claude-3-haiku", "us-west-2", f"arn-of-{channel}", None, 500)

    def live(self) -> list[LeaseView]:
        if self.error is not None:
            raise self.error
        return self.leased


class FakeDoctor:
    """Finds one thing of each kind."""

    def examine(self) -> Sequence[Line]:
        return [
            good("Slack token", "taken"),
            bad("Redis", "away <!here>", "start it"),
            warning("Clocks", "apart"),
        ]


class FakeExtensions(FakeDesk):
    needs_approval = ""
    """Why more minutes need an approver."""

    def press(self, asked: str, decision: str, by: str, shown: Shown | None = None, reason: str = "") -> None:
        self.note("press", asked, decision, by, shown, *([reason] if reason else []))

    def offer(self, model_or_id: str, minutes: int) -> LongerLease:
        if self.error is not None:
            raise self.error
        return LongerLease(lease(), minutes, "at most $36.00", Decimal(36), self.needs_approval)

    def extend(
        self, model_or_id: str, minutes: int, by: str, shown: ShownLonger | None = None
    ) -> LongerLease:
        self.note("extend", model_or_id, minutes, by, shown)
        return LongerLease(lease(), minutes, "at most $36.00", Decimal(36), self.needs_approval, done=True)

    def decide(self, lease_id: str, number: int, decision: str, by: str) -> None:
        self.note("decide", lease_id, number, decision, by)


class Votes(VotingService):
    """Counts votes on all but leases, which a fake has."""

    leases: FakeLeases

    def vote(
        self,
        plan: Key,
        choice: Choice,
        by: str,
        shown: Shown | None = None,
        reason: str = "",
    ) -> None:
        if plan.kind == "lease" and plan.id:
            self.leases.press(plan.id, choice, by, shown)
        else:
            super().vote(plan, choice, by, shown, reason)

    def make_way(self, plan: Key, by: str, to: MadeWay = MadeWay.PLAN) -> None:
        if plan.kind == "lease" and plan.id:
            self.leases.press(plan.id, "cancel", by, None)
        else:
            super().make_way(plan, by, to)
