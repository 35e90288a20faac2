"""Many jobs at once: one that was started in earnest, and any number of copies of it in Redis, Bedrock and Slack."""

import json
import secrets
import time
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk import WebClient

from bot.controller.documents import dump, load
from bot.jobs.model import JobPlan
from storage.keys import Keys
from tests.chaos.harness.journey import CHANNEL, Journey
from tests.chaos.harness.playground import Playground
from tests.chaos.harness.waiting import PREFIX

Json = dict[str, Any]
NEVER = 1e6
"""Seconds of training: longer than anybody measures."""


@dataclass(frozen=True)
class Member:
    """One job of the crowd: the name of the job and of its record's ARN in the stand-in."""

    name: str
    arn: str


def follow_many(playground: Playground, count: int, model: str = Journey.model) -> list[Member]:
    """Have ``count`` jobs trained and followed, each with a card of its own."""
    Journey(playground, model=model).go(until="start")
    [record] = [each for each in playground.bedrock.world.jobs if each.name == f"{model}-job"]
    keys = Keys(PREFIX)
    jobs = [each for each in playground.unfinished() if each.startswith("job:")]
    rows: list[Json] = [playground.raw.hgetall(f"{keys.root}:resource:{each}") for each in jobs]
    [first] = [each for each in rows if record.arn in each["status"]]
    slow = record.plan.model_copy(update={"validation_seconds": NEVER})
    playground.bedrock.world.jobs.put(record.model_copy(update={"plan": slow}))
    slack = WebClient(
        playground.slack.bot_token, base_url=playground.slack.api_url, retry_handlers=[], timeout=30
    )
    return [_copy(playground, slack, first, record, n) for n in range(1, count)]


def _copy(playground: Playground, slack: WebClient, first: Json, record: Any, n: int) -> Member:
    spec = json.loads(first["spec"])
    plan = load(JobPlan, spec["plan"])
    name = f"job-{n:04d}"
    ours = replace(plan, job_name=name, model_name=f"model-{n:04d}")
    spec["plan"] = dump(ours)
    arn = record.arn.rpartition("/")[0] + f"/{n:012x}"
    _in_bedrock(playground, record, ours, arn, n)
    status = json.loads(
        first["status"]
        .replace(record.arn, arn)
        .replace(plan.job_name, ours.job_name)
        .replace(plan.digest, ours.digest)
    )
    thread = None
    for note in status["outbox"]:
        posted = slack.chat_postMessage(
            channel=playground.slack.channel_id(CHANNEL), text=f"{note} of {name}", thread_ts=thread
        )
        status["outbox"][note] |= {"ts": posted["ts"], "thread": thread}
        thread = posted["ts"]
    _in_redis(playground, ours.id, spec, status)
    return Member(name, arn)


def _in_bedrock(playground: Playground, record: Any, plan: JobPlan, arn: str, n: int) -> None:
    changes = {
        "arn": arn,
        "name": plan.job_name,
        "model_name": plan.model_name,
        "model_arn": record.model_arn.rpartition("/")[0] + f"/{n:012x}",
        "token": plan.digest,
        "plan": record.plan.model_copy(update={"validation_seconds": NEVER}),
    }
    with playground.bedrock.world.lock:
        playground.bedrock.world.jobs.put(record.model_copy(update=changes))


def _in_redis(playground: Playground, id_: str, spec: Json, status: Json) -> None:
    keys, now = Keys(PREFIX), time.time()
    fields = {
        "v": "1",
        "spec": json.dumps(spec),
        "generation": 1,
        "status": json.dumps(status),
        "resource_version": 1,
        "lease": 0,
        "enqueued": 0,
    }
    pipe = playground.raw.pipeline()
    pipe.hset(f"{keys.root}:resource:job:{id_}", mapping=fields)
    pipe.zadd(keys.index("job"), {id_: now * 1e6})
    pipe.zadd(keys.due("job"), {id_: now * 1000 + secrets.randbelow(60_000)})
    pipe.execute()


def finish(playground: Playground, members: list[Member]) -> None:
    """Have these jobs be done at once, as Bedrock sees it."""
    with playground.bedrock.world.lock:
        jobs = playground.bedrock.world.jobs
        for record in [each for each in jobs if each.arn in {member.arn for member in members}]:
            quick = record.plan.model_copy(
                update={"validation_seconds": 0.1, "processing_seconds": 0.1, "training_seconds": 0.1}
            )
            jobs.put(record.model_copy(update={"plan": quick}))
