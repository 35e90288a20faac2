"""All that the stand-in knows, in one place: the account, its things, the clock, what is ordered to go wrong."""

import json
import secrets
import threading
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from moto.core.utils import get_service_model
from pydantic import TypeAdapter

from bot.playground.bedrock.buckets import Buckets
from bot.playground.bedrock.clock import SimulatedClock
from bot.playground.bedrock.durations import Durations
from bot.playground.bedrock.faults import Faults
from bot.playground.bedrock.foundation import BASES, BaseModel
from bot.playground.bedrock.lifecycle import OPEN, LifecycleDates, LifecycleTable, open_table
from bot.playground.bedrock.queues import Queues
from bot.playground.bedrock.recall import Recall
from bot.playground.bedrock.records import (
    BatchJob,
    CustomModel,
    Deployment,
    Exchange,
    Job,
    Record,
    Throughput,
)
from bot.playground.bedrock.registry import operation_names
from bot.playground.bedrock.sessions import Sessions
from bot.playground.bedrock.store import Store

R = TypeVar("R", bound=Record)
_EXCHANGES = TypeAdapter(list[Exchange])
_LIFECYCLE = TypeAdapter(dict[str, LifecycleDates])


class Shelf(Generic[R]):
    """The records of one kind, written through to the store on every change."""

    def __init__(self, store: Store, kind: str, model: type[R]) -> None:
        self._store = store
        self._kind = kind
        self._records = {key: model.model_validate_json(body) for key, body in store.all(kind)}

    def put(self, record: R) -> R:
        """Keep ``record`` in place of the one with its ARN, and return it."""
        self._store.put(self._kind, record.arn, record.model_dump_json())
        self._records[record.arn] = record
        return record

    def remove(self, arn: str) -> None:
        """Forget one record."""
        self._store.remove(self._kind, arn)
        self._records.pop(arn, None)

    def find(self, region: str, identifier: str) -> R | None:
        """Return the record of ``region`` with this ARN or name, or None."""
        return next((r for r in self.of(region) if identifier in {r.arn, r.name}), None)

    def of(self, region: str) -> Iterator[R]:
        """Yield the records of one region."""
        return (record for record in list(self._records.values()) if record.region == region)

    def __iter__(self) -> Iterator[R]:
        # A copy: `settle` puts records while it goes through them.
        return iter(list(self._records.values()))


class Quotas:
    """What the account may use. Real accounts start with no model units at all; the demo starts with some."""

    def __init__(self, model_units: int, scheduled_jobs: int = 10, deployments_in_progress: int = 2) -> None:
        self.model_units = model_units
        # Both defaults are those of AWS's accounts (docs.aws.amazon.com/general/latest/gr/bedrock.html).
        self.scheduled_jobs = scheduled_jobs
        self.deployments_in_progress = deployments_in_progress
        self.deployments = 10
        self.deployment_requests = 400
        self.deployment_tokens = 300_000
        """Of all deployments of one base together, in a minute."""
        self.tags_per_resource = 50
        self.least_batch_records = 100
        self.most_batch_records = 50_000


class World:
    """One account on one simulated Bedrock. Whoever reads or changes it holds ``lock``."""

    def __init__(
        self, account: str, clock: SimulatedClock, store: Store, durations: Durations, quotas: Quotas
    ) -> None:
        self.lock = threading.RLock()
        self.account = account
        self.clock = clock
        self.store = store
        self.durations = durations
        self.quotas = quotas
        self.faults = Faults(known_operations)
        self.buckets = Buckets(account, store, clock)
        self._recalls: dict[str, Recall] = {}
        self._asked: dict[tuple[str, str], deque[datetime]] = {}
        self.jobs = Shelf(store, "job", Job)
        self.models = Shelf(store, "model", CustomModel)
        self.throughputs = Shelf(store, "throughput", Throughput)
        self.deployments = Shelf(store, "deployment", Deployment)
        self.batches = Shelf(store, "batch", BatchJob)
        self.queues = Queues(self)
        self.sessions = Sessions(account)
        if seen := store.get("setting", "clock"):
            self._go_on_from(json.loads(seen))
        saved = store.get("setting", "lifecycle")
        self._lifecycle: LifecycleTable = _LIFECYCLE.validate_json(saved) if saved else open_table()

    def now(self) -> datetime:
        """Return the simulated time to the millisecond, which is what the service's timestamps carry."""
        moment = self.clock.now()
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def remember_time(self) -> None:
        """Write the clock through, so that after a restart time goes on from what clients have seen."""
        clock = {"now": self.clock.now().isoformat(), "speed": self.clock.speed, "paused": self.clock.paused}
        self.store.put("setting", "clock", json.dumps(clock))

    def arn(self, region: str, kind: str, *parts: str) -> str:
        """Return an ARN with a new random last segment: ``kind``, then ``parts``, then twelve characters."""
        path = "/".join((kind, *parts, secrets.token_hex(6)))
        return f"arn:aws:bedrock:{region}:{self.account}:{path}"

    def _go_on_from(self, seen: dict[str, Any]) -> None:
        """Set the clock to what it showed last, unless it is later already: clients never see it run back."""
        self.clock.move_to(datetime.fromisoformat(seen["now"]))

    # Tokens: a repeat of a used one is answered with the first call's ARN and changes nothing.

    def remembered(self, region: str, operation: str, token: str | None) -> str | None:
        """Return the ARN that ``token`` made with ``operation``, or None."""
        return self.store.get("token", f"{region} {operation} {token}") if token else None

    def remember(self, region: str, operation: str, token: str | None, arn: str) -> None:
        """Keep what ``token`` made."""
        if token:
            self.store.put("token", f"{region} {operation} {token}", arn)

    # Tags

    def tags(self, arn: str) -> dict[str, str]:
        """Return a resource's tags."""
        saved = self.store.get("tags", arn)
        return dict(json.loads(saved)) if saved else {}

    def set_tags(self, arn: str, tags: dict[str, str]) -> None:
        """Replace a resource's tags."""
        self.store.put("tags", arn, json.dumps(tags))

    def has_room_for_a_request(self, region: str, base_id: str) -> bool:
        """Return whether deployments of that base may be asked once more in this minute, which counts then."""
        asked, now = self._asked.setdefault((region, base_id), deque()), self.now()
        while asked and now - asked[0] >= timedelta(minutes=1):
            asked.popleft()
        if len(asked) >= self.quotas.deployment_requests:
            return False
        asked.append(now)
        return True

    # What a job's model learnt

    def exchanges(self, job_arn: str) -> list[Exchange]:
        """Return the exchanges of the job's training set."""
        saved = self.store.get("exchanges", job_arn)
        return _EXCHANGES.validate_json(saved) if saved else []

    def keep_exchanges(self, job_arn: str, exchanges: list[Exchange]) -> None:
        """Keep the exchanges of the job's training set."""
        self.store.put("exchanges", job_arn, _EXCHANGES.dump_json(exchanges).decode())

    def recall(self, job_arn: str) -> Recall:
        """Return the job's training set, ready to be searched; it is made on first use."""
        if job_arn not in self._recalls:
            self._recalls[job_arn] = Recall(self.exchanges(job_arn))
        return self._recalls[job_arn]

    # Lifecycle

    @property
    def lifecycle_table(self) -> LifecycleTable:
        """The dates of the bases that have any; the others are open."""
        return dict(self._lifecycle)

    def set_lifecycle(self, table: LifecycleTable) -> None:
        """Replace the table of dates, by on-demand model ID."""
        self._lifecycle = dict(table)
        self.store.put("setting", "lifecycle", _LIFECYCLE.dump_json(self._lifecycle).decode())

    def dates(self, base: BaseModel) -> LifecycleDates:
        """Return a base's dates."""
        return self._lifecycle.get(base.model_id, OPEN)

    def base_in(self, region: str, identifier: str) -> BaseModel | None:
        """Return the base with this on-demand ID, training ID or ARN of either, if it is in ``region``."""
        prefix = f"arn:aws:bedrock:{region}::foundation-model/"
        model_id = identifier.removeprefix(prefix)
        for base in BASES:
            ids = {base.model_id} | ({base.tuning.train_id} if base.tuning else set())
            if model_id in ids and region in base.regions:
                return base
        return None


def known_operations() -> set[str]:
    """Return every operation that a failure can be ordered for by name: those served here, and S3's."""
    return {*operation_names(), *get_service_model("s3").operation_names}


def foundation_arn(region: str, model_id: str) -> str:
    """Return a foundation model's ARN: it has no account."""
    return f"arn:aws:bedrock:{region}::foundation-model/{model_id}"
