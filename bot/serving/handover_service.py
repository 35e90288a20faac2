"""Jobs, leases, deployments and office hours given into another person's care, as whoever has them asks for it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.access import Access, allowed
from bot.clock import Clock
from bot.controller.model import Document, Key, Resource
from bot.controller.ports import SpecWriter
from bot.deployments.model import KIND as DEPLOYMENT
from bot.deployments.model import SCHEMA as DEPLOYMENTS
from bot.deployments.model import DeploymentSpec, is_live, models_at
from bot.directory.directory import Directory
from bot.errors import BadField, NotFound, Refused
from bot.jobs.model import Phase
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA as JOBS
from bot.jobs.record import JobSpec
from bot.jobs.transitions import RUNNING
from bot.leases import versions
from bot.leases.model import LEASE, LEASE_SCHEMA, RELEASE, RELEASE_SCHEMA, LeaseSpec
from bot.leases.transitions import LIVE
from bot.names import bare, did_you_mean
from bot.schedules.model import KIND as SCHEDULE
from bot.schedules.model import SCHEMA as SCHEDULES
from bot.schedules.model import SchedulePhase, ScheduleSpec
from bot.spending.model import Handover
from bot.wording import Person, quoted, wording

FIELD = "person"
_GIVEN = RUNNING | {Phase.STARTING, Phase.COMPLETED}
"""Where a job stands that can be handed over."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind is handed over: as its resources say it."""

    is_there: Callable[[Resource], bool]
    """Whether it stands where it can be handed over."""
    owner: Callable[[Resource], str]
    channel: Callable[[Resource], str]
    called: Callable[[Resource], str]
    """What people call it: the job, or the model that is served."""
    names: Callable[[Resource], Collection[str]]
    """All by which it is found beside that and its ID, folded."""
    models: Callable[[Resource], Collection[str]]
    """The ARNs of the models that are served."""
    give: Callable[[Handover], Callable[[Document], Document]]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was given to whom, by name: jobs, the models that they made, leases, deployments, office hours."""

    to: str = ""
    jobs: tuple[str, ...] = ()
    leases: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    deployments: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()
    """Of office hours, the models that they are of."""


class HandoverService:
    """Gives jobs, leases, deployments and office hours to others. Every method may raise ``Unavailable``."""

    def __init__(self, store: SpecWriter, directory: Directory, access: Access, clock: Clock) -> None:
        self._store = store
        self._directory = directory
        self._access = access
        self._clock = clock

    def names(self) -> list[str]:
        """Return the names of the jobs and models that the viewer may hand over, the newest first."""
        user = self._directory.viewer.user
        found = self._there()
        mine = [each for each in found if allowed(lambda each=each: self._check(user, each))]  # type: ignore[misc]
        return list(dict.fromkeys(_KINDS[each.key.kind].called(each) for each in mine))

    def theirs(self, name: str) -> list[Resource]:
        """Return what of that name the viewer may hand over: the job or its model's job, and what serves the model.

        Raises:
            NotFound: there is nothing of that name under way, and no job that ended well.
            NotAllowed: it is somebody else's.
        """
        wanted = bare(name)
        found = self._called(wanted)
        if not found:
            known = [JOBS.spec_of(each).plan.job_name for each in self._directory.resources(JOB)]
            known += [each.name for each in self._directory.models()]
            raise NotFound(
                f"There is no job, lease, deployment or plan of office hours {quoted(wanted)} to hand over.",
                hint=did_you_mean(
                    wanted,
                    known,
                    "What nobody has started yet is cancelled, and planned by the other person.",
                ),
            )
        user = self._directory.viewer.user
        mine = [each for each in found if allowed(lambda each=each: self._check(user, each))]  # type: ignore[misc]
        if not mine:
            self._check(user, found[0])
        return mine

    def hand_over(self, name: str, to: str) -> HandedOver:
        """Give what is called so to somebody: who is told of it, may end it and, in the end, owns the model.

        What was agreed to goes on counting for whoever agreed to it; what is extended, for whoever extends it.

        Raises:
            NotFound, NotAllowed: as ``theirs``.
            BadField: the other person has it already, may not start such things, or does not see its channel.
        """
        found = self.theirs(name)
        # What they have already is left: a part of it was given before, or the other part broke off.
        found = [each for each in found if _KINDS[each.key.kind].owner(each) != to] or found
        for each in found:
            self._check_new_owner(each, to)
        for each in found:
            self._give(each, to)
        return replace(self.what(found), to=to)

    def what(self, found: Sequence[Resource]) -> HandedOver:
        """Return what these are called, to nobody yet."""

        def called(kind: str) -> tuple[str, ...]:
            return tuple(_KINDS[kind].called(each) for each in found if each.key.kind == kind)

        return HandedOver(
            jobs=called(JOB),
            leases=called(LEASE),
            models=self._models_of(found),
            deployments=called(DEPLOYMENT),
            schedules=called(SCHEDULE),
        )

    def _models_of(self, found: Sequence[Resource]) -> tuple[str, ...]:
        """Return the names of the models that the jobs among these have made: their owner is the job's."""
        jobs = {each.key.id for each in found if each.key.kind == JOB}
        return tuple(each.name for each in self._directory.models() if each.job_id in jobs)

    # How

    def _there(self) -> list[Resource]:
        """Return all that the viewer sees of what can be handed over, by kind: what runs first."""
        see = self._directory
        found = [*see.resources(LEASE), *see.resources(DEPLOYMENT), *see.resources(SCHEDULE)]
        found += see.resources(JOB)
        return [each for each in found if _KINDS[each.key.kind].is_there(each)]

    def _called(self, wanted: str) -> list[Resource]:
        model = self._directory.typed_model(wanted)
        ids = (wanted, model.job_id) if model else (wanted,)

        def is_meant(each: Resource) -> bool:
            how = _KINDS[each.key.kind]
            if each.key.id in ids:
                return True
            serves = how.models(each)
            if model and serves:  # and not what another model serves that is called the same
                return model.arn in serves
            return wanted.lower() in {how.called(each).lower(), *how.names(each)}

        found = [each for each in self._there() if is_meant(each)]
        return [each for each in found if each.key.kind == JOB][:1] + [
            each for each in found if each.key.kind != JOB
        ]

    def _check(self, user: str, resource: Resource) -> None:
        self._access.check_owning(user, _KINDS[resource.key.kind].owner(resource))

    def _check_new_owner(self, resource: Resource, to: str) -> None:
        how = _KINDS[resource.key.kind]
        what = quoted(how.called(resource))
        if to == how.owner(resource):
            raise BadField(
                FIELD, wording(Person(to), " has ", what, " already."), hint="Choose somebody else."
            )
        if not allowed(lambda: self._access.check_spending(to, how.channel(resource))):
            raise BadField(
                FIELD,
                wording(Person(to), " may not start such a thing, and so cannot take it over."),
                hint="Choose a trainer, or ask the operator to make them one.",
            )
        if not self._directory.is_seen_by(resource.key, to):
            raise BadField(
                FIELD,
                wording(Person(to), " does not see where ", what, " is from."),
                hint="Invite them to its channel first.",
            )

    def _give(self, resource: Resource, to: str) -> None:
        handed = Handover(to, self._directory.viewer.user, self._clock.now())
        self._amend(resource.key, _KINDS[resource.key.kind].give(handed))
        if resource.key.kind == LEASE:
            release = Key(RELEASE, resource.key.id)  # whose trouble it is, should it break
            self._store.amend(release, RELEASE_SCHEMA.on_documents(lambda old: replace(old, owner=to)))

    def _amend(self, key: Key, change: Callable[[Document], Document]) -> None:
        if self._store.amend(key, change) is None:
            raise Refused("That is over by now.", hint="`/tune jobs` and `/tune models` show what there is.")


def _job(spec: JobSpec, handed: Handover) -> JobSpec:
    """Return the job in the other's care: who had it is told of its end no more than others."""
    if spec.owner == handed.to:
        return spec
    muted = tuple(each for each in spec.muted if each != handed.to)
    return replace(spec, handed=(*spec.handed, handed), muted=muted)


def _lease(spec: LeaseSpec, handed: Handover) -> LeaseSpec:
    return spec if spec.owner == handed.to else replace(spec, handed=(*spec.handed, handed))


def _deployment(spec: DeploymentSpec, handed: Handover) -> DeploymentSpec:
    return spec if spec.holder == handed.to else replace(spec, handed=(*spec.handed, handed))


def _schedule(spec: ScheduleSpec, handed: Handover) -> ScheduleSpec:
    return spec if spec.owner == handed.to else replace(spec, handed=(*spec.handed, handed))


def _running(schedule: Resource) -> bool:
    """Return whether office hours go on: of those that somebody has stopped nothing comes any more."""
    return (
        SCHEDULES.status_of(schedule).phase is SchedulePhase.RUNNING
        and not SCHEDULES.spec_of(schedule).ending
    )


_KINDS: Mapping[str, _Kind] = {
    LEASE: _Kind(
        is_there=lambda lease: LEASE_SCHEMA.status_of(lease).phase in LIVE,
        owner=lambda lease: LEASE_SCHEMA.spec_of(lease).owner,
        channel=lambda lease: LEASE_SCHEMA.spec_of(lease).plan.channel,
        called=lambda lease: versions.models_at(lease)[0].name,
        names=lambda _: (),
        models=lambda lease: tuple(each.arn for each in versions.models_at(lease)),
        give=lambda handed: LEASE_SCHEMA.on_documents(lambda old: _lease(old, handed)),
    ),
    DEPLOYMENT: _Kind(
        is_there=is_live,
        owner=lambda there: DEPLOYMENTS.spec_of(there).holder,
        channel=lambda there: DEPLOYMENTS.spec_of(there).channel,
        called=lambda there: DEPLOYMENTS.spec_of(there).wanted.name,
        names=lambda _: (),
        models=models_at,
        give=lambda handed: DEPLOYMENTS.on_documents(lambda old: _deployment(old, handed)),
    ),
    SCHEDULE: _Kind(
        is_there=_running,
        owner=lambda hours: SCHEDULES.spec_of(hours).owner,
        channel=lambda hours: SCHEDULES.spec_of(hours).plan.channel,
        called=lambda hours: SCHEDULES.spec_of(hours).plan.model_name,
        names=lambda _: (),
        models=lambda hours: (SCHEDULES.spec_of(hours).plan.model_arn,),
        give=lambda handed: SCHEDULES.on_documents(lambda old: _schedule(old, handed)),
    ),
    JOB: _Kind(
        is_there=lambda job: JOBS.status_of(job).phase in _GIVEN,
        owner=lambda job: JOBS.spec_of(job).owner,
        channel=lambda job: JOBS.spec_of(job).plan.channel,
        called=lambda job: JOBS.spec_of(job).plan.job_name,
        names=lambda job: {each.lower() for each in _names(JOBS.spec_of(job))},
        models=lambda _: (),  # which job has made it, it says itself
        give=lambda handed: JOBS.on_documents(lambda old: _job(old, handed)),
    ),
}


def _names(spec: JobSpec) -> tuple[str, str]:
    return spec.plan.job_name, spec.plan.model_name
