"""What the playground's page sees of Bedrock and may do to it (``bedrock`` in its protocol)."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.playground.bedrock import batch_progress, progress
from bot.playground.bedrock.faults import EVERY, KINDS, S3_EVERY, Kind
from bot.playground.bedrock.foundation import CLAUDE_3_HAIKU, by_model_id
from bot.playground.bedrock.lifecycle import ended_table, open_table
from bot.playground.bedrock.records import BatchJob, Job
from bot.playground.bedrock.registry import operation_names
from bot.playground.bedrock.settling import settle
from bot.playground.bedrock.world import World


class Panel:
    """The page's view and its controls."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._controls: dict[str, Callable[[Any], None]] = {
            "speed": lambda speed: world.clock.set_speed(_number(speed, "speed")),
            "advance_seconds": lambda seconds: _ignore(
                world.clock.advance(_number(seconds, "advance_seconds"))
            ),
            "paused": lambda paused: world.clock.pause() if paused else world.clock.resume(),
            "lifecycle": self._set_lifecycle,
            "fault": self._order_fault,
            "clear_faults": lambda _: world.faults.clear(),
        }

    def state(self) -> dict[str, Any]:
        """Return what the page shows."""
        world = self._world
        with world.lock:
            settle(world)
            now = world.now()
            return {
                "now": now.isoformat(),
                "speed": world.clock.speed,
                "paused": world.clock.paused,
                "lifecycle": self._lifecycle(),
                "jobs": [
                    _job(standing, job) for job in world.jobs for standing in [progress.standing(job, now)]
                ]
                + [_batch(job, batch_progress.standing(job, now)) for job in world.batches],
                "throughputs": [
                    {
                        "name": record.name,
                        "status": progress.throughput_status(record, now),
                        "model": _model_name(world, record.region, progress.served_model(record, now)),
                        "units": record.units,
                    }
                    for record in world.throughputs
                ],
                "deployments": [
                    {
                        "name": record.name,
                        "status": progress.deployment_status(record, now),
                        "model": _model_name(world, record.region, progress.deployed_model(record, now)),
                        "base": record.base_id,
                    }
                    for record in world.deployments
                ],
                "faults": [order.as_dict() for order in world.faults.orders()],
                "fault_kinds": [
                    {"kind": kind.kind, "label": kind.label, "operations": _operations(kind)}
                    for kind in KINDS.values()
                ],
            }

    def control(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Do what ``order`` says, one key or several, and return the new state.

        Raises ValueError, with a sentence for the person, when it is not understood; then nothing was done of it.
        """
        unknown = [name for name in order if name not in self._controls]
        if unknown or not order:
            wanted = ", ".join(self._controls)
            raise ValueError(
                f"The stand-in has no control {', '.join(unknown) or 'without a name'}. Use: {wanted}."
            )
        with self._world.lock:
            for name, value in order.items():
                self._controls[name](value)
            self._world.remember_time()
        return self.state()

    def _lifecycle(self) -> str:
        base = by_model_id(CLAUDE_3_HAIKU)
        assert base is not None
        over = self._world.dates(base).is_legacy(self._world.now())
        return "ended" if over else "open"

    def _set_lifecycle(self, wanted: object) -> None:
        if wanted not in {"open", "ended"}:
            raise ValueError("The lifecycle is either 'open' or 'ended'.")
        world = self._world
        world.set_lifecycle(open_table() if wanted == "open" else ended_table(world.now()))

    def _order_fault(self, fault: object) -> None:
        if not isinstance(fault, Mapping) or not isinstance(fault.get("kind"), str):
            raise ValueError("A fault needs a kind; operation and times may be added.")
        operation = fault.get("operation") or ""
        self._world.faults.order(fault["kind"], str(operation), int(fault.get("times") or 1))


def _operations(kind: Kind) -> list[str]:
    """Return what the page offers for ``kind``: any operation, each of Bedrock's, and the two of S3 that matter."""
    if kind.operations != (EVERY,):
        return list(kind.operations)
    return [EVERY, *operation_names(), S3_EVERY, "GetObject", "PutObject"]


def _job(standing: progress.Standing, job: Job) -> dict[str, Any]:
    return {"name": job.name, "status": standing.status, "stage": standing.current, "base": job.base_id}


def _batch(job: BatchJob, at: batch_progress.Standing) -> dict[str, Any]:
    done = f"{at.processed} of {job.records} answered"
    return {"name": job.name, "status": at.status, "stage": done, "base": job.model_id}


def _model_name(world: World, region: str, arn: str) -> str:
    model = world.models.find(region, arn)
    return model.name if model is not None else arn.rsplit("/", 1)[-1]


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} must be a number.")
    return float(value)


def _ignore(_: object) -> None:
    """Take a result that nobody needs."""
