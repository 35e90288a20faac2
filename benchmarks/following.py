"""How fast the due-set is, and how punctual the loop, against plain SET and GET on the same server in the same run.

Then the whole bot, as one process and as three, with a thousand jobs that it follows between the stand-ins: what that
costs of AWS, Slack, Redis and processor, and how long it takes from a change in Bedrock to its post in Slack.

Usage: python -m benchmarks.following [--pairs 3000] [--things 1000] [--seconds 10] [--processes 2]
                                      [--jobs 1000] [--minutes 1] [--poll 15]
Prints one JSON object. The server is private, with an append-only file (everysec), as in the demo. The stand-ins take
a part of the processor; the bot's own is told apart.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from bot.following.loop import Follower, Pace
from bot.following.model import Again, Key, Outcome, Registration
from bot.following.step import Step
from bot.playground.redis_server import PrivateRedis
from storage.clients import worker
from storage.keys import Keys
from storage.redis_things import RedisThings
from tests.chaos.harness import crowd
from tests.chaos.harness.playground import Playground

STATUS = {
    "v": 1,
    "phase": "training",
    "notes": {name: {"state": "posted", "ts": "1.000001"} for name in ("card", "end")},
}


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder, PrivateRedis(Path(folder)) as server:
        result: dict[str, Any] = {
            "plain SET+GET pairs/s": _plain(server.url, options.pairs),
            "claim+commit pairs/s, one connection": _pairs(server.url, options.pairs),
            "self-rescheduling every second": _punctuality(server.url, options),
        }
    for replicas in (1, 3):
        result[f"whole bot, {replicas} process{'es' if replicas > 1 else ''}"] = _crowd(replicas, options)
    print(json.dumps(result, indent=2))


def _plain(url: str, pairs: int) -> float:
    """The reference: two round trips that do as little as a round trip can."""
    text = json.dumps(STATUS)
    with worker(url) as client:
        began = time.perf_counter()
        for n in range(pairs):
            client.set(f"plain:{n % 1000}", text)
            client.get(f"plain:{n % 1000}")
        return round(pairs / (time.perf_counter() - began))


def _pairs(url: str, pairs: int) -> float:
    with worker(url) as client:
        things = RedisThings(client, Keys("pairs"))
        for n in range(1000):
            things.register(Registration(Key("job", str(n)), {"v": 1}))
        began = time.perf_counter()
        for _ in range(pairs):
            [claim] = things.claim(1, {"job": 30.0})
            things.commit(claim, STATUS, Again(0))
        return round(pairs / (time.perf_counter() - began))


def _punctuality(url: str, options: argparse.Namespace) -> dict[str, float]:
    """Things that want to be looked at again a second later: how long it really is between two looks."""
    with worker(url) as client:
        things = RedisThings(client, Keys("gaps"))
        for n in range(options.things):
            things.register(Registration(Key("job", str(n)), {"v": 1}, due_in=n / options.things))
    context = multiprocessing.get_context("spawn")
    with context.Pool(options.processes) as pool:
        parts = pool.starmap(_follow, [(url, options.seconds)] * options.processes)
    runs: dict[str, list[float]] = {}
    for part in parts:
        for name, moments in part.items():
            runs.setdefault(name, []).extend(moments)
    gaps = [late - early for each in runs.values() for early, late in pairwise(sorted(each))]
    centiles = statistics.quantiles(gaps, n=100)
    return {
        "things": options.things,
        "processes": options.processes,
        "runs/s": round(sum(map(len, runs.values())) / options.seconds),
        "gap p50 s": round(centiles[49], 4),
        "gap p99 s": round(centiles[98], 4),
        "gap max s": round(max(gaps), 4),
        "shortest gap s": round(min(gaps), 4),
        "things never run": options.things - len(runs),
    }


def _crowd(replicas: int, options: argparse.Namespace) -> dict[str, Any]:
    """The whole bot with many jobs: a while of nothing new, then some that end."""
    settings = {"TUNESMITH_POLL_SECONDS": str(options.poll)}
    with Playground(replicas=replicas, settings=settings, aws_speed=1.0) as playground:
        members = crowd.follow_many(playground, options.jobs)
        time.sleep(2 * options.poll)  # until each was looked at once
        quiet = _measured(playground, options.minutes * 60)
        ticks = max(quiet["seconds"] / options.poll, 1)
        return {
            "jobs followed": options.jobs,
            "poll every s": options.poll,
            "AWS calls a tick": round(quiet["aws"] / ticks, 1),
            "Slack calls a minute": round(quiet["slack"] / quiet["seconds"] * 60, 1),
            "of them edits": round(quiet["edits"] / quiet["seconds"] * 60, 1),
            "Redis commands a tick": round(quiet["redis"] / ticks),
            "bot's CPU s a tick": round(quiet["cpu"] / ticks, 3),
            "from change to post, s": _told_after(playground, members[:20], 5 * options.poll),
        }


def _measured(playground: Playground, seconds: float) -> dict[str, float]:
    def counts() -> dict[str, float]:
        return {
            "aws": len(playground.bedrock.log.all()),
            "slack": len(playground.slack.log.of("api_call")),
            "edits": len(playground.slack.log.calls("chat.update")),
            "redis": int(playground.raw.info("stats")["total_commands_processed"]),
            "cpu": sum(map(_cpu_seconds, [replica.pid for replica in playground.replicas])),
            "seconds": time.monotonic(),
        }

    before = counts()
    time.sleep(seconds)
    after = counts()
    return {name: after[name] - before[name] for name in before}


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told_after(playground: Playground, members: list[crowd.Member], patience: float) -> dict[str, float]:
    """Let some jobs end in the same moment, and see when the end of each is posted."""
    began = time.time()
    crowd.finish(playground, members)
    wanted = {member.name.replace("job", "model") for member in members}
    told: dict[str, float] = {}
    while len(told) < len(wanted) and time.time() - began < patience:
        time.sleep(0.2)
        for entry in playground.slack.log.of("api_call", method="chat.postMessage", ok=True):
            words = json.dumps(entry.data["args"])
            for name in wanted - told.keys():
                if f"`{name}` is trained" in words:
                    told[name] = entry.at - began
    waits = sorted(told.values()) or [float("nan")]
    return {
        "jobs that ended": len(wanted),
        "told": len(told),
        "median": round(statistics.median(waits), 2),
        "longest": round(waits[-1], 2),
    }


def _follow(url: str, seconds: float) -> dict[str, list[float]]:
    """Follow for a while in this process and return when each thing was looked at, by the machine's own clock."""
    moments: dict[str, list[float]] = {}

    def reconcile(step: Step) -> Outcome:
        moments.setdefault(step.key.id, []).append(time.time())
        step.status.update(STATUS)
        return Again(1)

    stop = threading.Event()
    with worker(url) as client:
        things, pace = RedisThings(client, Keys("gaps")), Pace(busy=0.01, idle=0.05)
        follower = Follower(things, {"job": reconcile}, SystemClock(), pace)
        timer = threading.Timer(seconds, stop.set)
        timer.start()
        follower.run(stop)
    return moments


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=3000)
    parser.add_argument("--things", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--poll", type=float, default=15)
    return parser.parse_args()


if __name__ == "__main__":
    main()
