"""Jobs and leases given into another person's care, as whoever has them asks for it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.access import Access, allowed
from bot.clock import Clock
from bot.controller.model import Document, Key, Resource
from bot.controller.ports import SpecWriter
from bot.directory.directory import Directory
from bot.errors import BadField, NotFound, Refused
from bot.jobs.model import Phase
from bot.jobs.record import KIND as JOB
from bot.jobs.record import SCHEMA as JOBS
from bot.jobs.record import JobSpec
from bot.jobs.transitions import RUNNING
from bot.leases.model import LEASE, LEASE_SCHEMA, RELEASE, RELEASE_SCHEMA, LeaseSpec
from bot.leases.transitions import LIVE
from bot.names import bare, did_you_mean
from bot.spending.model import Handover
from bot.wording import Person, quoted, wording

FIELD = "person"
_GIVEN = RUNNING | {Phase.STARTING, Phase.COMPLETED}
"""Where a job stands that can be handed over."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was given to whom, by name: jobs, the models that they made, and leases."""

    to: str
    jobs: tuple[str, ...]
    leases: tuple[str, ...]
    models: tuple[str, ...] = ()


class HandoverService:
    """Gives jobs and leases to others. Every method may raise ``Unavailable``."""

    def __init__(self, store: SpecWriter, directory: Directory, access: Access, clock: Clock) -> None:
        self._store = store
        self._directory = directory
        self._access = access
        self._clock = clock

    def names(self) -> list[str]:
        """Return the names of the jobs and models that the viewer may hand over, the newest first."""
        user, there = self._directory.viewer.user, self._directory.resources
        found = [each for each in there(LEASE) if LEASE_SCHEMA.status_of(each).phase in LIVE]
        found += [each for each in there(JOB) if JOBS.status_of(each).phase in _GIVEN]
        mine = [each for each in found if allowed(lambda each=each: self._check(user, each))]  # type: ignore[misc]
        return list(dict.fromkeys(_name(each) for each in mine))

    def theirs(self, name: str) -> list[Resource]:
        """Return what of that name the viewer may hand over: the job or its model's job, and the lease of the model.

        Raises:
            NotFound: there is nothing of that name under way, and no job that ended well.
            NotAllowed: it is somebody else's.
        """
        wanted = bare(name)
        found = [*self._jobs(wanted), *self._leases(wanted)]
        if not found:
            known = [each.spec["plan"]["job_name"] for each in self._directory.resources(JOB)]
            known += [each.name for each in self._directory.models()]
            raise NotFound(
                f"There is no job or lease {quoted(wanted)} to hand over.",
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
        for each in found:
            self._check_new_owner(each, to)
        for each in found:
            self._give(each, to)
        names = [(each.key.kind, each.spec["plan"]) for each in found]
        return HandedOver(
            to,
            jobs=tuple(plan["job_name"] for kind, plan in names if kind == JOB),
            leases=tuple(plan["model_name"] for kind, plan in names if kind == LEASE),
            models=self.models_of(found),
        )

    def models_of(self, found: list[Resource]) -> tuple[str, ...]:
        """Return the names of the models that the jobs among these have made: their owner is the job's."""
        jobs = {each.key.id for each in found if each.key.kind == JOB}
        return tuple(each.name for each in self._directory.models() if each.job_id in jobs)

    # How

    def _jobs(self, wanted: str) -> list[Resource]:
        model, folded = self._directory.typed_model(wanted), wanted.lower()
        made_by = model.job_id if model else ""
        return [
            each
            for each in self._directory.resources(JOB)
            if JOBS.status_of(each).phase in _GIVEN
            and (
                each.key.id in (wanted, made_by)
                or folded in (each.spec["plan"]["job_name"].lower(), each.spec["plan"]["model_name"].lower())
            )
        ][:1]

    def _leases(self, wanted: str) -> list[Resource]:
        model = self._directory.typed_model(wanted)
        return [
            each
            for each in self._directory.resources(LEASE)
            if LEASE_SCHEMA.status_of(each).phase in LIVE
            and (each.key.id == wanted or (model and each.spec["plan"]["model_arn"] == model.arn))
        ]

    def _check(self, user: str, resource: Resource) -> None:
        self._access.check_owning(user, _owner(resource))

    def _check_new_owner(self, resource: Resource, to: str) -> None:
        plan, what = resource.spec["plan"], quoted(_name(resource))
        if to == _owner(resource):
            raise BadField(
                FIELD, wording(Person(to), " has ", what, " already."), hint="Choose somebody else."
            )
        if not allowed(lambda: self._access.check_spending(to, plan["channel"])):
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
        if resource.key.kind == JOB:
            self._amend(resource.key, JOBS.on_documents(lambda old: _job(old, handed)))
            return
        self._amend(resource.key, LEASE_SCHEMA.on_documents(lambda old: _lease(old, handed)))
        release = Key(RELEASE, resource.key.id)  # whose trouble it is, should it break
        self._store.amend(release, RELEASE_SCHEMA.on_documents(lambda old: replace(old, owner=to)))

    def _amend(self, key: Key, change: Callable[[Document], Document]) -> None:
        if self._store.amend(key, change) is None:
            raise Refused("That is over by now.", hint="`/tune jobs` and `/tune models` show what there is.")


def _name(resource: Resource) -> str:
    plan = resource.spec["plan"]
    return str(plan["job_name"] if resource.key.kind == JOB else plan["model_name"])


def _owner(resource: Resource) -> str:
    if resource.key.kind == JOB:
        return JOBS.spec_of(resource).owner
    return LEASE_SCHEMA.spec_of(resource).owner


def _job(spec: JobSpec, handed: Handover) -> JobSpec:
    """Return the job in the other's care: who had it is told of its end no more than others."""
    if spec.owner == handed.to:
        return spec
    muted = tuple(each for each in spec.muted if each != handed.to)
    return replace(spec, handed=(*spec.handed, handed), muted=muted)


def _lease(spec: LeaseSpec, handed: Handover) -> LeaseSpec:
    return spec if spec.owner == handed.to else replace(spec, handed=(*spec.handed, handed))
