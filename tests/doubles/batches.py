"""Batch jobs in memory: the twins of Bedrock's control plane for them, and of what they write to S3."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.distillations.plan import BatchObservation, BatchOrder, DescribedBatch
from bot.errors import NotFound, Refused
from tests.doubles.bedrock import ACCOUNT, Orders

_ENDED = frozenset({"Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"})


def answered(record_id: str, text: str = "An answer.", **more: Any) -> dict[str, Any]:
    """Return one line of a job's output."""
    output = {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 10, "outputTokens": 5},
    }
    return {"recordId": record_id, "modelInput": {}, "modelOutput": output | more}


def failed(record_id: str, code: int = 400, message: str = "bad request") -> dict[str, Any]:
    """Return the line of a record that could not be answered."""
    error = {"errorCode": code, "errorMessage": message}
    return {"recordId": record_id, "modelInput": {}, "error": error}


@dataclass
class FakeBatch:
    """A batch job as Bedrock keeps it."""

    order: BatchOrder
    tags: Mapping[str, str]
    arn: str
    submitted: datetime
    status: str = "Submitted"
    ended: datetime | None = None
    message: str | None = None
    processed: int = 0


class InMemoryBatches(Orders):
    """A ``Batches`` in memory. ``end`` and ``move`` do what time does at Bedrock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._numbers = itertools.count(1)
        self.jobs: dict[str, FakeBatch] = {}

    # What tests do to it

    def only(self) -> FakeBatch:
        """Return the one job there is."""
        [job] = self.jobs.values()
        return job

    def move(self, status: str, processed: int = 0) -> None:
        """The one job has this status now."""
        self.only().status, self.only().processed = status, processed

    def end(self, status: str = "Completed", message: str | None = None) -> None:
        """The one job ends so."""
        job = self.only()
        job.status, job.ended, job.message = status, self._clock.now(), message

    # What the port says

    def create(self, order: BatchOrder, tags: Mapping[str, str]) -> str:
        return self._call("create", lambda: self._create(order, tags))

    def find(self, region: str, name: str) -> BatchObservation | None:
        def act() -> BatchObservation | None:
            named = [
                each for each in self.jobs.values() if (each.order.region, each.order.name) == (region, name)
            ]
            return self._seen(named[-1]) if named else None

        return self._call("find", act)

    def get(self, region: str, arn: str) -> BatchObservation | None:
        def act() -> BatchObservation | None:
            return self._seen(self.jobs[arn]) if arn in self.jobs else None

        return self._call("get", act)

    def list_since(self, region: str, since: datetime) -> list[BatchObservation]:
        def act() -> list[BatchObservation]:
            here = [each for each in self.jobs.values() if each.order.region == region]
            return [self._seen(each) for each in reversed(here) if each.submitted > since]

        return self._call("list_since", act)

    def describe(self, region: str, arn: str) -> DescribedBatch | None:
        def act() -> DescribedBatch | None:
            if arn not in self.jobs:
                return None
            order = self.jobs[arn].order
            return DescribedBatch(order.model_id, order.role_arn, order.input_uri, order.output_uri)

        return self._call("describe", act)

    def tags(self, region: str, arn: str) -> Mapping[str, str]:
        def act() -> Mapping[str, str]:
            if arn not in self.jobs:
                raise NotFound("There is no such resource.")
            return self.jobs[arn].tags

        return self._call("tags", act)

    def stop(self, region: str, arn: str) -> None:
        def act() -> None:
            if arn not in self.jobs:
                raise NotFound("There is no such job.")
            if self.jobs[arn].status not in _ENDED:
                self.jobs[arn].status = "Stopping"

        self._call("stop", act)

    # How

    def _create(self, order: BatchOrder, tags: Mapping[str, str]) -> str:
        for each in self.jobs.values():
            if each.order.digest == order.digest:
                return each.arn
            if (each.order.region, each.order.name) == (order.region, order.name):
                raise Refused("The name is in use.", detail="ConflictException: name in use")
        arn = f"arn:aws:bedrock:{order.region}:{ACCOUNT}:model-invocation-job/{next(self._numbers):012d}"
        self.jobs[arn] = FakeBatch(order, dict(tags), arn, self._clock.now())
        return arn

    def _seen(self, job: FakeBatch) -> BatchObservation:
        return BatchObservation(
            name=job.order.name,
            arn=job.arn,
            status=job.status,
            submitted=job.submitted,
            seen_at=self._clock.now(),
            ended=job.ended,
            message=job.message,
            client_token=job.order.digest,
            processed=job.processed,
            failed=0,
        )


class InMemoryAnswers(Orders):
    """A ``BatchResults`` in memory: ``lines`` are what the job wrote, None when it wrote nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] | None = None

    def fetch(
        self, region: str, output_uri: str, job_arn: str, folder: Path, breathe: Callable[[], None]
    ) -> tuple[Path, ...]:
        def act() -> tuple[Path, ...]:
            if self.lines is None:
                return ()
            path = folder / "answers-0.jsonl.out"
            path.write_text("".join(json.dumps(each) + "\n" for each in self.lines), encoding="utf-8")
            return (path,)

        breathe()
        return self._call("fetch", act)
