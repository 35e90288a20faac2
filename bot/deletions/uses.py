"""What hangs on a model: what runs on it or is made from it, which keeps it; and what ends with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.controller.model import Resource
from bot.deployments.model import SCHEMA as DEPLOYMENTS
from bot.deployments.model import DeploymentSpec, is_live, models_at
from bot.jobs.model import Phase
from bot.jobs.record import SCHEMA as JOBS
from bot.jobs.record import JobSpec
from bot.jobs.transitions import ENDED as JOB_ENDED
from bot.jobs.transitions import RUNNING
from bot.leases.model import LEASE_SCHEMA, LeaseSpec
from bot.leases.transitions import ENDED as LEASE_ENDED
from bot.leases.transitions import LIVE
from bot.leases.versions import is_of


@dataclass(frozen=True, slots=True)
class Uses:
    """Leases and deployments of a model and jobs that train it further, that have not ended.

    ``leases`` and ``jobs`` are those that somebody started or asked for: they keep it. Of the planned ones nobody has
    pressed anything: they cannot be started without it.
    """

    leases: tuple[LeaseSpec, ...] = ()
    planned_leases: tuple[LeaseSpec, ...] = ()
    deployments: tuple[DeploymentSpec, ...] = ()
    jobs: tuple[JobSpec, ...] = ()
    planned_jobs: tuple[JobSpec, ...] = ()

    @property
    def keep_it(self) -> bool:
        """Whether the model has to stay for now."""
        return bool(self.leases or self.deployments or self.jobs)

    @property
    def serve_for(self) -> tuple[str, ...]:
        """Who has it in service, or asked for that."""
        return (*(each.plan.owner for each in self.leases), *(each.owner for each in self.deployments))


def uses_of(
    arn: str, leases: Iterable[Resource], deployments: Iterable[Resource], jobs: Iterable[Resource]
) -> Uses:
    """Return what hangs on the model of that ARN, among these resources."""
    mine: dict[bool, list[LeaseSpec]] = {True: [], False: []}
    for each in leases:
        phase = LEASE_SCHEMA.status_of(each).phase
        if is_of(each, arn) and phase not in LEASE_ENDED:
            lease = LEASE_SCHEMA.spec_of(each)
            mine[phase in LIVE or lease.votes.started is not None].append(lease)
    made: dict[bool, list[JobSpec]] = {True: [], False: []}
    for each in jobs:
        under_way = JOBS.status_of(each).phase
        if JOBS.spec_of(each).plan.base_model_id == arn and under_way not in JOB_ENDED:
            job = JOBS.spec_of(each)
            made[under_way in RUNNING | {Phase.STARTING} or job.votes.started is not None].append(job)
    return Uses(
        tuple(mine[True]),
        tuple(mine[False]),
        tuple(DEPLOYMENTS.spec_of(each) for each in deployments if is_live(each) and arn in models_at(each)),
        tuple(made[True]),
        tuple(made[False]),
    )
