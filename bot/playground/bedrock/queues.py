"""Queues of SQS, one a region, into which EventBridge has put what became of customization and batch jobs.

What has happened follows from the jobs and the time, as everything here does; kept is only what was deleted. A message
that was handed out is hidden for half a minute of real time, as a client's time-outs are, and then handed out again.
Delivery is at least once, in no order that anybody may rely on.
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.playground.bedrock import batch_progress, progress
from bot.playground.bedrock.records import BatchJob, Job

if TYPE_CHECKING:
    from bot.playground.bedrock.world import World

NAME = "tunesmith-events"
HIDDEN = 30.0
"""Seconds that a message is hidden once it was handed out: SQS's own default."""
_LOOK = 0.05
_DELETED = "message deleted"


@dataclass(frozen=True)
class Message:
    """One message: its ID, and what stands in it."""

    id: str
    body: str


class Queues:
    """The account's queues. Whoever calls holds the world's lock, but for ``wait``."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._posted: dict[str, list[Message]] = {}
        self._hidden: dict[str, float] = {}
        self._receipts: dict[str, str] = {}
        self._closing = threading.Event()
        self.waiting = 0
        """How many wait for something to come."""
        self.attributes: dict[str, dict[str, str]] = {}
        """What is to be told of a region's queue, in place of what is so."""
        self.missing: set[str] = set()
        """Regions whose queue was deleted."""

    def url(self, region: str) -> str:
        """Return the URL of a region's queue."""
        return f"https://sqs.{region}.amazonaws.com/{self._world.account}/{NAME}"

    def arn(self, region: str) -> str:
        """Return its ARN."""
        return f"arn:aws:sqs:{region}:{self._world.account}:{NAME}"

    def post(self, region: str, body: str) -> None:
        """Put in whatever somebody else may have written there."""
        posted = self._posted.setdefault(region, [])
        posted.append(Message(f"posted-{region}-{len(posted)}", body))

    def all(self, region: str) -> list[Message]:
        """Return what is in the queue, hidden or not."""
        found = [*self._events(region), *self._posted.get(region, [])]
        return [each for each in found if self._world.store.get(_DELETED, each.id) is None]

    def receive(self, region: str, most: int) -> list[tuple[Message, str]]:
        """Hand out so many messages at most, each with its receipt."""
        now, taken = time.monotonic(), []
        for each in self._visible(region)[:most]:
            self._hidden[each.id] = now + HIDDEN
            receipt = f"receipt-{len(self._receipts)}-{each.id}"
            self._receipts[receipt] = each.id
            taken.append((each, receipt))
        return taken

    def delete(self, receipt: str) -> bool:
        """Forget the message that was handed out under that receipt; return False for one that never was."""
        if receipt not in self._receipts:
            return False
        self._world.store.put(_DELETED, self._receipts[receipt], "{}")
        return True

    def wait(self, region: str, seconds: float) -> None:
        """Return when there is something to hand out, the time is over, or the stand-in ends."""
        until = time.monotonic() + seconds
        self._count(1)
        while time.monotonic() < until and not self._closing.wait(_LOOK):
            with self._world.lock:
                if self._visible(region):
                    break
        self._count(-1)

    def close(self) -> None:
        """Have nobody wait any longer."""
        self._closing.set()

    def _count(self, by: int) -> None:
        with self._world.lock:
            self.waiting += by

    def _visible(self, region: str) -> list[Message]:
        now = time.monotonic()
        return [each for each in self.all(region) if self._hidden.get(each.id, 0.0) <= now]

    def _events(self, region: str) -> Iterator[Message]:
        now = self._world.now()
        for job in self._world.jobs.of(region):
            for status, at in _changes(job, now):
                yield self._event(
                    job, "Model Customization Job State Change", status, at, _of_job(job, status, at)
                )
        for batch in self._world.batches.of(region):
            for status, at in _changes_of_batch(batch, now):
                detail = self._of_batch(batch, status)
                yield self._event(batch, "Batch Inference Job State Change", status, at, detail)

    def _event(
        self, job: Job | BatchJob, of_type: str, status: str, at: datetime, detail: dict[str, Any]
    ) -> Message:
        """Return EventBridge's envelope."""
        envelope = {
            "version": "0",
            "id": _id(job.arn, status),
            "detail-type": of_type,
            "source": "aws.bedrock",
            "account": self._world.account,
            "time": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "region": job.region,
            "resources": [job.arn],
            "detail": detail,
        }
        return Message(_id(job.arn, status), json.dumps(envelope))

    def _of_batch(self, job: BatchJob, status: str) -> dict[str, Any]:
        """Return the members that Bedrock's guide shows of a batch job."""
        return {
            "version": "0.0",
            "accountId": self._world.account,
            "batchJobName": job.name,
            "batchJobArn": job.arn,
            "batchModelId": job.model_id,
            "status": status,
            "failureMessage": (job.fails or "") if status == "Failed" else "",
            "creationTime": f"{job.created:%b %d, %Y, %I:%M:%S %p}",
        }


def _of_job(job: Job, status: str, at: datetime) -> dict[str, Any]:
    """Return the members that Bedrock's guide shows of a customization job."""
    return {
        "version": "0.0",
        "jobName": job.name,
        "jobArn": job.arn,
        "outputModelName": job.model_name,
        "outputModelArn": job.model_arn,
        "roleArn": job.request["roleArn"],
        "jobStatus": status,
        "creationTime": f"{job.created:%Y-%m-%dT%H:%M:%SZ}",
        "lastModifiedTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "baseModelArn": job.base_arn,
        "hyperParameters": job.hyper_parameters,
        "trainingDataConfig": job.request["trainingDataConfig"],
        "outputDataConfig": job.request["outputDataConfig"],
    }


def _changes_of_batch(job: BatchJob, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield the states of a batch job that its reader cares for, and when it came to them."""
    yield "Submitted", job.created
    standing = batch_progress.standing(job, now)
    if standing.ended is not None:
        yield standing.status, standing.ended


def _changes(job: Job, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield the states that a job has come to, and when."""
    yield "InProgress", job.created
    if job.stop_requested is not None:
        yield "Stopping", job.stop_requested
    standing = progress.standing(job, now)
    if standing.ended is not None:
        yield standing.status, standing.ended


def _id(arn: str, status: str) -> str:
    digest = hashlib.sha256(f"{arn} {status}".encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
