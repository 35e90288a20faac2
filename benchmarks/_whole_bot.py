"""The whole bot with many followed jobs between the stand-ins: what a quiet while costs, and how soon news is told.

Calls and commands are counted, since times depend on who else uses the machine. What takes processor time is told for
the bot alone; the stand-ins and Redis take theirs besides.
"""

import json
import os
import random
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import _commands
from tests.chaos.harness import crowd
from tests.chaos.harness.playground import Playground

ALONE, TOGETHER = 12, 20
"""How many jobs end one by one, and how many in the same moment."""
IN_TRAINING = "2 of 3 stages done"
"""What a job's card says while it trains."""
SHOWN = 6
"""How many of the scripts are named that stand for the most commands."""


@dataclass(frozen=True)
class Options:
    """``poll`` is seconds between two listings, a tick; ``minutes`` is how long the quiet while is."""

    jobs: int
    minutes: float
    poll: float


def measured(replicas: int, options: Options) -> dict[str, Any]:
    """Follow many jobs in so many processes, and return what it costs by name."""
    settings = {"TUNESMITH_POLL_SECONDS": str(options.poll)}
    with Playground(replicas=replicas, settings=settings, aws_speed=1.0) as playground:
        members = crowd.follow_many(playground, options.jobs)
        those_that_end = members[: ALONE + TOGETHER]
        _train(playground, those_that_end, 10 * options.poll)
        time.sleep(2 * options.poll)  # until each was looked at
        quiet = _quiet_while(playground, options)
        commands = _commands.watched(playground.raw, options.poll)
        alone, together = those_that_end[:ALONE], those_that_end[ALONE:]
        return quiet | {
            "of them, in one tick, by script": dict(list(_commands.total(commands).items())[:SHOWN]),
            "steps a tick": commands.get("claim", {}).get("hincrby", 0),
            "ends, one by one: from change to post": _one_by_one(playground, alone, options.poll),
            f"{TOGETHER} ends at once: from change to post": _at_once(playground, together, options.poll),
        }


def _train(playground: Playground, members: list[crowd.Member], patience: float) -> None:
    """Have them be in training, and wait until that was told: an end is then all the news there is."""
    plan = {"validation_seconds": 0.1, "processing_seconds": 0.1, "training_seconds": crowd.NEVER}
    with playground.bedrock.world.lock:
        jobs = playground.bedrock.world.jobs
        for record in [each for each in jobs if each.arn in {member.arn for member in members}]:
            jobs.put(record.model_copy(update={"plan": record.plan.model_copy(update=plan)}))
    ends = time.monotonic() + patience
    while (told := _shown(playground, IN_TRAINING)) < len(members):
        if time.monotonic() > ends:
            raise AssertionError(f"of {len(members)} jobs {told} were told to be in training ({IN_TRAINING})")
        time.sleep(0.5)


def _shown(playground: Playground, words: str) -> int:
    """Return how many messages show these words, or showed them: most by an edit, some from the beginning."""
    edits = playground.slack.log.of("api_call", method="chat.update", ok=True)
    posts = playground.slack.log.of("api_call", method="chat.postMessage", ok=True)
    edited = {entry.data["args"]["ts"] for entry in edits if words in _text(entry.data["args"])}
    return len(edited) + sum(words in _text(entry.data["args"]) for entry in posts)


def _text(arguments: dict[str, Any]) -> str:
    return json.dumps(arguments, ensure_ascii=False)


def _quiet_while(playground: Playground, options: Options) -> dict[str, Any]:
    before = _counts(playground)
    time.sleep(options.minutes * 60)
    after = _counts(playground)
    of = {name: after[name] - before[name] for name in before}
    ticks, minutes = max(of["seconds"] / options.poll, 1), of["seconds"] / 60
    edits = [entry.at for entry in playground.slack.log.of("api_call", method="chat.update", ok=True)]
    return {
        "jobs followed": options.jobs,
        "poll every s": options.poll,
        "AWS calls a tick": round(of["aws"] / ticks, 1),
        "Slack calls a minute": round(of["slack"] / minutes, 1),
        "of them edits": round(of["edits"] / minutes, 1),
        "most edits in any minute": max((sum(at <= x < at + 60 for x in edits) for at in edits), default=0),
        "bot's CPU s a tick": round(of["cpu"] / ticks, 3),
        "Redis commands a tick": round(of["redis"] / ticks),
    }


def _counts(playground: Playground) -> dict[str, float]:
    return {
        "aws": len(playground.bedrock.log.all()),
        "slack": len(playground.slack.log.of("api_call")),
        "edits": len(playground.slack.log.calls("chat.update")),
        "redis": int(playground.raw.info("stats")["total_commands_processed"]),
        "cpu": sum(map(_cpu_seconds, [replica.pid for replica in playground.replicas])),
        "seconds": time.monotonic(),
    }


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _one_by_one(playground: Playground, members: list[crowd.Member], poll: float) -> dict[str, Any]:
    """Let jobs end at moments that have nothing to do with the poll's, and see when each end is listed and posted."""
    began: dict[str, float] = {}
    chance = random.Random(1)
    for member in members:
        began[member.name] = time.time()
        crowd.finish(playground, [member])
        time.sleep(chance.uniform(0.3, 0.9) * poll)
    told = _told(playground, began, 3 * poll)
    listings = [at for at in _listings(playground) if at >= min(began.values())]
    listed = {name: min((at for at in listings if at > began[name]), default=float("nan")) for name in told}
    return {
        "told": f"{len(told)} of {len(began)}",
        **_summed(told[name] - began[name] for name in told),
        "of that until the next listing": _summed(listed[name] - began[name] for name in told),
        "and from there": _summed(told[name] - listed[name] for name in told),
        "between two listings": _summed(late - early for early, late in pairwise(listings)),
    }


def _at_once(playground: Playground, members: list[crowd.Member], poll: float) -> dict[str, Any]:
    began = dict.fromkeys((member.name for member in members), time.time())
    crowd.finish(playground, members)
    told = _told(playground, began, 5 * poll)
    listed = min((at for at in _listings(playground) if at > min(began.values())), default=float("nan"))
    return {
        "told": f"{len(told)} of {len(began)}",
        **_summed(told[name] - began[name] for name in told),
        "from the listing": _summed(told[name] - listed for name in told),
    }


def _told(playground: Playground, began: dict[str, float], patience: float) -> dict[str, float]:
    """Return when the end of each was posted, for those that it was within so many seconds from now."""
    told: dict[str, float] = {}
    ends = time.monotonic() + patience
    while len(told) < len(began) and time.monotonic() < ends:
        time.sleep(0.2)
        for entry in playground.slack.log.of("api_call", method="chat.postMessage", ok=True):
            words = json.dumps(entry.data["args"])
            for name in began.keys() - told.keys():
                if entry.at > began[name] and f"`{name.replace('job', 'model')}` is trained" in words:
                    told[name] = entry.at
    return told


def _listings(playground: Playground) -> list[float]:
    """Return when the region was listed, by our clock: the stand-in's began with it and runs no faster here."""
    ahead = (playground.bedrock.world.clock.now() - datetime.now(UTC)).total_seconds()
    calls = playground.bedrock.log.of("ListModelCustomizationJobs")
    return [call.at.timestamp() - ahead for call in calls]


def _summed(seconds: Iterable[float]) -> dict[str, float]:
    ordered = sorted(seconds) or [float("nan")]
    return {"median s": round(statistics.median(ordered), 2), "longest s": round(ordered[-1], 2)}
