"""How a batch job goes, and the files it leaves: answers from the stand-in's models, each labelled as such.

The folder and the names of the files are as in AWS's samples: ``OUTPUT/JOB/INPUT.jsonl.out`` and
``OUTPUT/JOB/manifest.json.out``. The order of the answers is not that of the questions: nobody may rely on it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.playground.bedrock.asking import reply_to
from bot.playground.bedrock.bodies import Asked
from bot.playground.bedrock.bodies.nova import usage
from bot.playground.bedrock.buckets import Unreadable, split_uri
from bot.playground.bedrock.errors import ServiceFault
from bot.playground.bedrock.operations.converse import question_of
from bot.playground.bedrock.records import BatchJob
from bot.playground.bedrock.targets import Target, target
from bot.playground.bedrock.world import World

ENDED = frozenset({"Completed", "Failed", "Stopped"})
_VALIDATING, _SCHEDULED = 0.2, 0.6
"""When, of the time in the queue, a job is no longer Submitted, and no longer Validating."""
_INTERNAL = {
    "errorCode": 500,
    "errorMessage": "The system encountered an unexpected error during processing.",
}


@dataclass(frozen=True)
class Standing:
    """A batch job's status at a moment, how many records are through, and when it ended."""

    status: str
    processed: int
    ended: datetime | None = None


def standing(job: BatchJob, now: datetime) -> Standing:
    """Return where the job stands at ``now``."""
    begins = job.created + timedelta(seconds=job.queue_seconds)
    ends = begins + timedelta(seconds=job.running_seconds)
    stop = job.stop_requested
    if stop is not None and stop < ends:
        stopped = stop + timedelta(seconds=job.stopping_seconds)
        done = _processed(job, stop, begins)
        return Standing("Stopped", done, stopped) if now >= stopped else Standing("Stopping", done)
    if job.fails:
        failed = job.created + timedelta(seconds=job.queue_seconds * _SCHEDULED)
        return Standing("Failed", 0, failed) if now >= failed else Standing("Validating", 0)
    if now >= ends:
        return Standing("Completed", job.records, ends)
    if now >= begins:
        return Standing("InProgress", _processed(job, now, begins))
    return Standing(_queued(job, now), 0)


def settle(world: World, now: datetime) -> None:
    """Write the answers of every batch job that has ended since the last look."""
    for job in world.batches:
        at = standing(job, now)
        if job.settled or at.ended is None:
            continue
        if at.processed:
            _write(world, job, at.processed)
        world.batches.put(job.model_copy(update={"settled": True}))


def _queued(job: BatchJob, now: datetime) -> str:
    share = (now - job.created).total_seconds() / max(job.queue_seconds, 0.001)
    return "Submitted" if share < _VALIDATING else "Validating" if share < _SCHEDULED else "Scheduled"


def _processed(job: BatchJob, now: datetime, begins: datetime) -> int:
    if now <= begins:
        return 0
    share = (now - begins).total_seconds() / max(job.running_seconds, 0.001)
    return min(job.records, int(job.records * share))


def _write(world: World, job: BatchJob, processed: int) -> None:
    input_uri = str(job.request["inputDataConfig"]["s3InputDataConfig"]["s3Uri"])
    output = str(job.request["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]).rstrip("/")
    folder = f"{output}/{job.arn.rsplit('/', 1)[-1]}"
    try:
        lines = world.buckets.read(input_uri, job.region).splitlines()[:processed]
    except Unreadable:
        return
    model = target(world, job.region, job.model_id)
    records = [
        _answered(world, model, json.loads(line), fails=n < job.failing) for n, line in enumerate(lines)
    ]
    records.sort(key=lambda each: hashlib.sha256(each["recordId"].encode()).digest())
    body = b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in records)
    name = split_uri(input_uri)[1].rsplit("/", 1)[-1]
    world.buckets.write(f"{folder}/{name}.out", body, "application/octet-stream")
    manifest = json.dumps(_manifest(job, records)).encode()
    world.buckets.write(f"{folder}/manifest.json.out", manifest, "application/json")


def _answered(world: World, model: Target, record: dict[str, Any], *, fails: bool) -> dict[str, Any]:
    asked = record["modelInput"]
    head = {"recordId": record["recordId"], "modelInput": asked}
    if fails:
        return {**head, "error": _INTERNAL}
    try:
        limit = asked.get("inferenceConfig", {}).get("maxTokens", model.base.max_output_tokens)
        reply = reply_to(world, model, Asked(question_of(asked), limit, ()))
    except ServiceFault as fault:
        return {**head, "error": {"errorCode": 400, "errorMessage": fault.message}}
    message = {"role": "assistant", "content": [{"text": reply.text}]}
    output = {"output": {"message": message}, "stopReason": reply.stop_reason, "usage": usage(reply)}
    return {**head, "modelOutput": output}


def _manifest(job: BatchJob, records: list[dict[str, Any]]) -> dict[str, int]:
    good = [each["modelOutput"]["usage"] for each in records if "modelOutput" in each]
    return {
        "totalRecordCount": job.records,
        "processedRecordCount": len(records),
        "successRecordCount": len(good),
        "errorRecordCount": len(records) - len(good),
        "inputTokenCount": sum(each["inputTokens"] for each in good),
        "outputTokenCount": sum(each["outputTokens"] for each in good),
    }
