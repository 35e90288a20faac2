"""Bedrock in memory: the twins of its adapters. Time is an injected clock's; stages move when a test says so."""

import itertools
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.clock import Clock
from bot.errors import NotFound, Refused, Throttled, TunesmithError, Unavailable, UnknownOutcome
from bot.jobs.model import Described, JobObservation, JobPlan, Stage, StageState
from bot.jobs.phases import PROCESSING, TRAINING, VALIDATION
from bot.leases.endpoint import EndpointObservation, EndpointStatus, LeasePlan
from bot.models import labels
from bot.models.model import CustomModel, Lifecycle, MadeModel, ModelLabel
from bot.names import NAMES
from bot.profiles.model import Serving, Term
from bot.profiles.registry import PROFILES
from bot.questions.answerer import Answerer, Ending, Turn
from bot.spending.model import Check
from tests.doubles.clock import FakeClock
from tests.doubles.resources import InMemoryResources

T = TypeVar("T")
ACCOUNT = "123456789012"
TERMS = {Term.ONE_MONTH: timedelta(days=30), Term.SIX_MONTHS: timedelta(days=182)}


@dataclass(frozen=True)
class Fault:
    """One failure of one call: what is raised, and whether the call took effect before it."""

    error: TunesmithError
    took_effect: bool = False


def throttled(retry_after: float = 5.0) -> Fault:
    """Nothing was done."""
    return Fault(Throttled("Bedrock asked to slow down.", retry_after=retry_after))


def lost_reply() -> Fault:
    """It was done, and the connection broke before the answer."""
    return Fault(UnknownOutcome("Bedrock did not answer."), took_effect=True)


def dropped() -> Fault:
    """It was not done, and nobody can tell."""
    return Fault(UnknownOutcome("Bedrock did not answer."))


def down() -> Fault:
    """Bedrock could not be reached: nothing was done."""
    return Fault(Unavailable("Bedrock could not be reached."))


class Orders:
    """Failures that a test orders, by method, and a count of the calls."""

    def __init__(self) -> None:
        self._orders: dict[str, deque[Fault]] = defaultdict(deque)
        self._lock = threading.RLock()
        self.calls: Counter[str] = Counter()
        self.before: Callable[[str], None] = lambda _: None
        """Called with the method's name before each call."""
        self.denied: dict[str, TunesmithError] = {}
        """What each call of a method raises until the method is taken out again."""

    def order(self, method: str, *faults: Fault) -> None:
        """Make the next calls of ``method`` fail, in this order."""
        assert hasattr(self, method), method
        self._orders[method].extend(faults)

    def _call(self, method: str, act: Callable[[], T]) -> T:
        self.before(method)
        with self._lock:
            self.calls[method] += 1
            if method in self.denied:
                raise self.denied[method]
            fault = self._orders[method].popleft() if self._orders[method] else None
            if fault and not fault.took_effect:
                raise fault.error
            result = act()
            if fault:
                raise fault.error
            return result


@dataclass
class FakeJob:
    """A customization job as Bedrock keeps it."""

    plan: JobPlan
    tags: Mapping[str, str]
    arn: str
    created: datetime
    token: str
    status: str = "InProgress"
    stages: dict[str, Stage] = field(default_factory=dict)
    ended: datetime | None = None
    failure: str | None = None
    model_arn: str | None = None
    training_loss: float | None = None
    validation_loss: float | None = None


class InMemoryCustomization(Orders):
    """A ``Customization`` in memory.

    ``clock`` is Bedrock's own clock. ``lifecycles`` overrides the life of a base by its training ID; every base of
    the profiles is open otherwise. ``validating``, ``training``, ``complete``, ``fail`` move a job along.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._numbers = itertools.count(1)
        self.jobs: dict[tuple[str, str], FakeJob] = {}
        self.lifecycles: dict[str, Lifecycle] = {}
        self.models: dict[tuple[str, str], str] = {}
        """ARNs of custom models by region and name; a completed job adds its own."""
        self.deleted: list[str] = []
        """ARNs of models, each time that one was deleted."""
        self.in_use: set[str] = set()
        """ARNs of models that Bedrock does not delete."""

    # What tests do to it

    def job(self, name: str) -> FakeJob:
        """Return the job of that name in whichever region."""
        return next(job for (_, each), job in self.jobs.items() if each == name)

    def move(self, name: str, **stages: StageState) -> None:
        """Set stages: ``validation=``, ``processing=``, ``training=``."""
        job = self.job(name)
        names = {"validation": VALIDATION, "processing": PROCESSING, "training": TRAINING}
        for key, state in stages.items():
            old = job.stages.get(names[key])
            started = old.started if old and old.started else self._clock.now()
            job.stages[names[key]] = Stage(names[key], state, started, self._clock.now())

    def training(self, name: str) -> None:
        """The data is validated and processed; training has begun."""
        self.move(
            name,
            validation=StageState.COMPLETED,
            processing=StageState.COMPLETED,
            training=StageState.IN_PROGRESS,
        )

    def complete(
        self, name: str, *, training_loss: float = 0.42, validation_loss: float | None = None
    ) -> None:
        """The job ends well, and its model is there."""
        self.training(name)
        self.move(name, training=StageState.COMPLETED)
        job = self.job(name)
        job.status, job.ended = "Completed", self._clock.now()
        job.training_loss, job.validation_loss = training_loss, validation_loss
        job.model_arn = job.arn.replace("model-customization-job", "custom-model")
        self.models[job.plan.region, job.plan.model_name] = job.model_arn

    def fail(self, name: str, message: str) -> None:
        """The job fails with Bedrock's ``message``."""
        job = self.job(name)
        job.status, job.ended, job.failure = "Failed", self._clock.now(), message

    def stopped(self, name: str) -> None:
        """A job that was asked to stop has stopped."""
        job = self.job(name)
        job.status, job.ended = "Stopped", self._clock.now()

    # What the port says

    def create(self, plan: JobPlan, tags: Mapping[str, str]) -> str:
        return self._call("create", lambda: self._create(plan, tags))

    def get(self, region: str, name_or_arn: str) -> JobObservation | None:
        def act() -> JobObservation | None:
            job = self._find(region, name_or_arn)
            return self._seen(job) if job else None

        return self._call("get", act)

    def list_since(self, region: str, since: datetime) -> list[JobObservation]:
        def act() -> list[JobObservation]:
            jobs = [job for (where, _), job in self.jobs.items() if where == region and job.created >= since]
            jobs.sort(key=lambda job: job.created, reverse=True)
            return [
                replace(
                    self._seen(job), failure=None, training_loss=None, validation_loss=None, client_token=None
                )
                for job in jobs
            ]

        return self._call("list_since", act)

    def stop(self, region: str, name_or_arn: str) -> None:
        def act() -> None:
            job = self._find(region, name_or_arn)
            if job is None:
                raise NotFound("There is no such job.")
            if job.status == "InProgress":
                job.status = "Stopping"

        self._call("stop", act)

    def tags(self, region: str, arn: str) -> Mapping[str, str]:
        def act() -> Mapping[str, str]:
            made = (each for each in self._finished(region) if each.model_arn == arn)
            job = self._find(region, arn) or next(made, None)
            if job is None:
                raise NotFound("There is no such resource.")
            return job.tags

        return self._call("tags", act)

    def model_arn(self, region: str, name: str) -> str | None:
        return self._call("model_arn", lambda: self.models.get((region, name)))

    def own_models(self, region: str) -> list[MadeModel]:
        def act() -> list[MadeModel]:
            made = [self._made(each, listed=True) for each in self._finished(region)]
            return sorted(made, key=lambda each: each.created, reverse=True)

        return self._call("own_models", act)

    def custom_model(self, region: str, name_or_arn: str) -> MadeModel | None:
        def act() -> MadeModel | None:
            made = [self._made(each, listed=False) for each in self._finished(region)]
            for (where, name), arn in self.models.items():
                if where == region and arn not in {each.arn for each in made}:
                    made.append(MadeModel(name, arn, "", self._clock.now()))
            return next((each for each in made if name_or_arn in (each.name, each.arn)), None)

        return self._call("custom_model", act)

    def delete_model(self, region: str, arn: str) -> None:
        def act() -> None:
            if arn in self.in_use:
                raise Refused("The model is in use.", detail="ConflictException")
            self.deleted.append(arn)
            for key in [key for key, each in self.models.items() if each == arn]:
                del self.models[key]

        self._call("delete_model", act)

    def lifecycle(self, region: str, model_id: str) -> Lifecycle:
        return self._call("lifecycle", lambda: self._lifecycle(region, model_id))

    def describe(self, region: str, name_or_arn: str) -> Described | None:
        def act() -> Described | None:
            job = self._find(region, name_or_arn)
            if job is None:
                return None
            return Described(
                base_model=f"arn:aws:bedrock:{region}::foundation-model/{job.plan.base_model_id}",
                model_name=job.plan.model_name,
                role_arn=job.plan.role_arn,
                training_uri=job.plan.training_uri,
                output_uri=job.plan.output_uri,
                hyperparameters=job.plan.hyperparameters,
                validation_uri=job.plan.validation_uri,
            )

        return self._call("describe", act)

    def under_way(self, region: str) -> int:
        def act() -> int:
            return sum(
                where == region and job.status in {"InProgress", "Stopping"}
                for (where, _), job in self.jobs.items()
            )

        return self._call("under_way", act)

    def open_bases(self, region: str) -> list[str]:
        def act() -> list[str]:
            here = [each.training_id for each in PROFILES.values() if each.region == region]
            return [each for each in here if self._is_open(self._lifecycle(region, each))]

        return self._call("open_bases", act)

    # How

    def _create(self, plan: JobPlan, tags: Mapping[str, str]) -> str:
        same = next((job for job in self.jobs.values() if job.token == plan.digest), None)
        if same:
            return same.arn
        if (plan.region, plan.job_name) in self.jobs:
            raise Refused("The job name is in use.", detail="ConflictException: Job name already in use")
        if not self._is_open(self._lifecycle(plan.region, plan.base_model_id)):
            raise Refused(
                "Bedrock starts no new job on this base.",
                detail="Access denied. This Model is marked by provider as Legacy and you have not been actively "
                "using the model in the last 30 days.",
            )
        arn = (
            f"arn:aws:bedrock:{plan.region}:{ACCOUNT}:model-customization-job/{plan.base_model_id}"
            f"/{next(self._numbers):012d}"
        )
        job = FakeJob(plan, dict(tags), arn, self._clock.now(), plan.digest)
        self.jobs[plan.region, plan.job_name] = job
        self.move(plan.job_name, validation=StageState.IN_PROGRESS)
        return arn

    def _find(self, region: str, name_or_arn: str) -> FakeJob | None:
        here = [job for (where, _), job in self.jobs.items() if where == region]
        return next((job for job in here if name_or_arn in (job.plan.job_name, job.arn)), None)

    def _finished(self, region: str) -> list[FakeJob]:
        """Return the jobs whose models are there."""
        return [
            job
            for (where, _), job in self.jobs.items()
            if where == region and job.model_arn and job.model_arn not in self.deleted
        ]

    def _made(self, job: FakeJob, *, listed: bool) -> MadeModel:
        assert job.model_arn is not None
        assert job.ended is not None
        return MadeModel(
            name=job.plan.model_name,
            arn=job.model_arn,
            base_model=f"arn:aws:bedrock:{job.plan.region}::foundation-model/{job.plan.base_model_id}",
            created=job.ended,
            training_uri="" if listed else job.plan.training_uri,
            training_loss=None if listed else job.training_loss,
            validation_loss=None if listed else job.validation_loss,
        )

    def _seen(self, job: FakeJob) -> JobObservation:
        return JobObservation(
            name=job.plan.job_name,
            arn=job.arn,
            status=job.status,
            stages=tuple(
                job.stages.get(name, Stage(name, StageState.NOT_STARTED))
                for name in (VALIDATION, PROCESSING, TRAINING)
            ),
            created=job.created,
            seen_at=self._clock.now(),
            ended=job.ended,
            model_arn=job.model_arn,
            model_name=job.plan.model_name if job.model_arn else None,
            failure=job.failure,
            training_loss=job.training_loss,
            validation_loss=job.validation_loss,
            client_token=job.token,
        )

    def _lifecycle(self, region: str, model_id: str) -> Lifecycle:
        known = {each.training_id for each in PROFILES.values() if each.region == region}
        return self.lifecycles.get(model_id, Lifecycle("ACTIVE" if model_id in known else "GONE"))

    @staticmethod
    def _is_open(lifecycle: Lifecycle) -> bool:
        return lifecycle.status == "ACTIVE" and lifecycle.customizable


class InMemoryPlans(Orders):
    """A ``PlanArchive`` in memory: ``kept`` are the documents by region and digest."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], bytes] = {}

    def put(self, region: str, digest: str, content: bytes) -> None:
        def act() -> None:
            self.kept[region, digest] = content

        self._call("put", act)

    def get(self, region: str, digest: str) -> bytes | None:
        return self._call("get", lambda: self.kept.get((region, digest)))


class InMemoryAccountChecks(Orders):
    """An ``AccountChecks`` in memory: everything is in order until a test puts another check in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.bucket_check = Check("bucket", True, "The bucket is in the job's region.")
        self.role_check = Check("role", True, "The role trusts Bedrock.")
        self.files_check = Check("files", True, "The data is there.")
        self.reach_check = Check("reach", True, "The role may read the data and write the results.")
        self.encryption_check = Check("encryption", True, "No key of your own is in use.")
        self.pass_role_check = Check("pass role", True, "I may hand the role over to Bedrock.")

    def bucket(self, region: str) -> Check:
        return self._call("bucket", lambda: self.bucket_check)

    def role(self, role_arn: str) -> Check:
        return self._call("role", lambda: self.role_check)

    def files(self, plan: JobPlan) -> Check:
        return self._call("files", lambda: self.files_check)

    def reach(self, plan: JobPlan) -> Check:
        return self._call("reach", lambda: self.reach_check)

    def encryption(self, plan: JobPlan) -> Check:
        return self._call("encryption", lambda: self.encryption_check)

    def pass_role(self, plan: JobPlan) -> Check:
        return self._call("pass_role", lambda: self.pass_role_check)


@dataclass
class FakeEndpoint:
    """A provisioned throughput or deployment as Bedrock keeps it."""

    plan: LeasePlan
    tags: dict[str, str]
    arn: str
    created: datetime
    token: str
    status: EndpointStatus = EndpointStatus.CREATING
    failure: str | None = None
    committed_until: datetime | None = None
    model_arn: str = ""
    """The model that answers, where another has taken the place of the plan's, and ``desired`` the one that is to."""
    desired: str = ""


class InMemoryEndpoints(Orders):
    """An ``Endpoints`` in memory. ``in_service`` and ``fail`` move an endpoint; ``deleted`` keeps what was released."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._numbers = itertools.count(1)
        self.endpoints: dict[str, FakeEndpoint] = {}
        self.deleted: list[tuple[str, datetime]] = []
        self.swaps: list[str] = []
        """The models that were asked for in the place of others."""

    # What tests do to it

    def only(self) -> FakeEndpoint:
        """Return the one endpoint there is."""
        [endpoint] = self.endpoints.values()
        return endpoint

    def in_service(self, name: str) -> None:
        """It can be asked now."""
        self._named(name).status = EndpointStatus.IN_SERVICE

    def fail(self, name: str, message: str) -> None:
        """It fails with Bedrock's ``message``."""
        endpoint = self._named(name)
        endpoint.status, endpoint.failure = EndpointStatus.FAILED, message

    def renew(self) -> datetime:
        """AWS renews the term of the one that there is; return its new end."""
        one = self.only()
        assert one.plan.term is not None, "it was bought for a term"
        assert one.committed_until is not None, "it was bought for a term"
        one.committed_until += TERMS[one.plan.term]
        return one.committed_until

    def swapped(self, *, fails: bool = False) -> None:
        """The model that was asked for answers now, or did not come."""
        one = self.only()
        assert one.status is EndpointStatus.UPDATING
        one.status = EndpointStatus.IN_SERVICE
        if fails:
            one.desired = one.model_arn or one.plan.model_arn
        one.model_arn = one.desired

    # What the port says

    def create(self, plan: LeasePlan, tags: Mapping[str, str]) -> str:
        return self._call("create", lambda: self._create(plan, tags))

    def get(self, region: str, serving: Serving, name_or_arn: str) -> EndpointObservation | None:
        def act() -> EndpointObservation | None:
            found = (
                each
                for each in self._in(region, serving)
                if name_or_arn in (each.plan.endpoint_name, each.arn)
            )
            endpoint = next(found, None)
            return self._seen(endpoint) if endpoint else None

        return self._call("get", act)

    def list_all(self, region: str, serving: Serving) -> list[EndpointObservation]:
        return self._call("list_all", lambda: [self._seen(each) for each in self._in(region, serving)])

    def swap(self, region: str, arn: str, model_arn: str) -> None:
        def act() -> None:
            one = self._by_arn(arn)
            if one.status is not EndpointStatus.IN_SERVICE:
                raise Refused("It cannot be updated.", detail="ValidationException: status Updating")
            one.status, one.desired = EndpointStatus.UPDATING, model_arn
            self.swaps.append(model_arn)

        self._call("swap", act)

    def delete(self, region: str, serving: Serving, arn: str) -> None:
        def act() -> None:
            endpoint = self.endpoints.get(arn)
            if endpoint and endpoint.status in (EndpointStatus.CREATING, EndpointStatus.UPDATING):
                raise Throttled("It is still being created.", retry_after=30.0)
            if endpoint and endpoint.committed_until and self._clock.now() < endpoint.committed_until:
                raise Throttled("It is still being created or changed.", retry_after=30.0)
            if self.endpoints.pop(arn, None):
                self.deleted.append((arn, self._clock.now()))

        self._call("delete", act)

    def tags(self, region: str, arn: str) -> Mapping[str, str]:
        return self._call("tags", lambda: dict(self._by_arn(arn).tags))

    def tag(self, region: str, arn: str, tags: Mapping[str, str]) -> None:
        self._call("tag", lambda: self._by_arn(arn).tags.update(tags))

    # How

    def _create(self, plan: LeasePlan, tags: Mapping[str, str]) -> str:
        same = next((each for each in self.endpoints.values() if each.token == plan.digest), None)
        if same:
            return same.arn
        if any(each.plan.endpoint_name == plan.endpoint_name for each in self._in(plan.region, plan.serving)):
            raise Refused("The name is in use.", detail="ValidationException: name already in use")
        kind = (
            "provisioned-model"
            if plan.serving is Serving.PROVISIONED_THROUGHPUT
            else "custom-model-deployment"
        )
        arn = f"arn:aws:bedrock:{plan.region}:{ACCOUNT}:{kind}/{next(self._numbers):012d}"
        made = FakeEndpoint(plan, dict(tags), arn, self._clock.now(), plan.digest)
        if plan.term:
            made.committed_until = made.created + TERMS[plan.term]
        self.endpoints[arn] = made
        return arn

    def _in(self, region: str, serving: Serving) -> list[FakeEndpoint]:
        return [
            each
            for each in self.endpoints.values()
            if (each.plan.region, each.plan.serving) == (region, serving)
        ]

    def _named(self, name: str) -> FakeEndpoint:
        return next(each for each in self.endpoints.values() if each.plan.endpoint_name == name)

    def _by_arn(self, arn: str) -> FakeEndpoint:
        if arn not in self.endpoints:
            raise NotFound("There is no such resource.")
        return self.endpoints[arn]

    def _seen(self, endpoint: FakeEndpoint) -> EndpointObservation:
        return EndpointObservation(
            name=endpoint.plan.endpoint_name,
            arn=endpoint.arn,
            status=endpoint.status,
            created=endpoint.created,
            seen_at=self._clock.now(),
            model_arn=endpoint.model_arn or endpoint.plan.model_arn,
            failure=endpoint.failure,
            units=endpoint.plan.model_units,
            committed_until=endpoint.committed_until,
            desired_arn=endpoint.desired or endpoint.plan.model_arn,
            term=endpoint.plan.term,
        )


class InMemoryInvocations(Orders):
    """An ``Invocations`` in memory: ``called`` is when something asked, by ARN, told ``late``."""

    def __init__(self, clock: Clock, late: timedelta = timedelta()) -> None:
        super().__init__()
        self._clock = clock
        self._late = late
        self.called: dict[str, list[datetime]] = {}

    def call(self, arn: str) -> None:
        """Something asks it now."""
        self.called.setdefault(arn, []).append(self._clock.now())

    def last(self, region: str, arn: str, since: datetime, until: datetime) -> datetime | None:
        def act() -> datetime | None:
            begin = since.replace(second=0, microsecond=0)
            told = min(until, self._clock.now() - self._late)
            counted = [each for each in self.called.get(arn, []) if begin <= each < told]
            last = max(counted, default=None)
            return last.replace(second=0, microsecond=0) + timedelta(minutes=1) if last else None

        return self._call("last", act)


class InMemoryInference(Orders):
    """An ``Inference`` in memory: answers with ``answer`` in pieces; ``asked`` keeps what it was asked.

    ``order("stream", fault)`` fails before the first piece; ``break_after = (n, error)`` after n pieces.
    """

    def __init__(self, answer: Sequence[str] = ("Escalate ", "to a ", "specialist.")) -> None:
        super().__init__()
        self.answer = tuple(answer)
        self.asked: list[tuple[Answerer, tuple[Turn, ...]]] = []
        self.break_after: tuple[int, TunesmithError] | None = None

    def stream(self, answerer: Answerer, turns: Sequence[Turn]) -> Iterator[str | Ending]:
        assert turns, "a conversation"
        expected = itertools.cycle(("user", "assistant"))
        assert all(turn.role == role for turn, role in zip(turns, expected, strict=False)), "turns alternate"
        assert turns[-1].role == "user", "the last turn is the question"
        self._call("stream", lambda: self.asked.append((answerer, tuple(turns))))
        return self._pieces()

    def _pieces(self) -> Iterator[str | Ending]:
        for number, piece in enumerate(self.answer):
            if self.break_after and self.break_after[0] == number:
                raise self.break_after[1]
            yield piece
        yield Ending()


class InMemoryModels(Orders):
    """A ``ModelRepository`` in memory. ``names``: where plans give and take names, too."""

    def __init__(self, names: InMemoryResources | None = None) -> None:
        super().__init__()
        self._names = names or InMemoryResources(FakeClock())
        self._models: dict[str, CustomModel] = {}
        self._labels: dict[str, ModelLabel] = {}

    def save(self, model: CustomModel) -> None:
        self._call("save", partial(self._save, model))

    def _save(self, model: CustomModel) -> None:
        place = model.at_bedrock
        kept = labels.kept_beside(model, self._models.get(place.lower()), list(self._labels.values()))
        self._models[(place if kept is model else kept.name).lower()] = kept

    def find(self, name: str) -> CustomModel | None:
        return self._call("find", lambda: self._found(name))

    def _found(self, name: str) -> CustomModel | None:
        known = list(self._labels.values())
        label = labels.of_name(name, known)
        if label is None:
            found = self._models.get(name.lower())
            return labels.called(found, known) if found else None
        there = (self._models.get(each.lower()) for each in labels.places(label))
        return next((labels.called(each, known) for each in there if each and each.arn == label.arn), None)

    def label(self, make: Callable[[], ModelLabel]) -> None:
        given = False
        while not given:
            seen, label = self._names.written_under(NAMES), make()
            given = self._call("label", partial(self._give, seen, label))

    def _give(self, seen: int, label: ModelLabel) -> bool:
        return self._names.write_under(NAMES, seen, lambda: self._labels.update({label.arn: label}))

    def labels(self) -> list[ModelLabel]:
        return self._call(
            "labels", lambda: sorted(self._labels.values(), key=lambda each: each.at, reverse=True)
        )

    def all(self) -> list[CustomModel]:
        return self._call("all", self._every)

    def made(self, arn: str) -> CustomModel | None:
        return next((each for each in self._models.values() if each.arn == arn), None)

    def _every(self) -> list[CustomModel]:
        known = list(self._labels.values())
        newest = sorted(self._models.values(), key=lambda model: model.created, reverse=True)
        return [each for model in newest if (each := labels.called(model, known))]
