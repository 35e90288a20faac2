"""The files that a batch job leaves: answers from the stand-in's models, each labelled as such.

The folder and the names of the files are as in AWS's samples: ``OUTPUT/JOB/INPUT.jsonl.out`` and
``OUTPUT/JOB/manifest.json.out``. The order of the answers is not that of the questions: nobody may rely on it.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from bot.playground.bedrock.asking import reply_to
from bot.playground.bedrock.batch_progress import standing
from bot.playground.bedrock.bodies import Asked
from bot.playground.bedrock.bodies.nova import usage
from bot.playground.bedrock.buckets import Unreadable, split_uri
from bot.playground.bedrock.errors import ServiceFault
from bot.playground.bedrock.operations.converse import question_of
from bot.playground.bedrock.records import BatchJob
from bot.playground.bedrock.targets import Target, target
from bot.playground.bedrock.world import World

_INTERNAL = {
    "errorCode": 500,
    "errorMessage": "The system encountered an unexpected error during processing.",
}


def settle(world: World, now: datetime) -> None:
    """Write the answers of every batch job that has ended since the last look."""
    for job in world.batches:
        at = standing(job, now)
        if job.settled or at.ended is None:
            continue
        if at.processed:
            _write(world, job, at.processed)
        world.batches.put(job.model_copy(update={"settled": True}))


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
