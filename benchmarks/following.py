"""How fast the work queue is, and how punctual the loop, against plain SET and GET on the same server in the same run.

Then the whole bot, as one process and as three, with a thousand jobs that it follows between the stand-ins: what that
costs of AWS, Slack, Redis (told apart by script) and processor, and how long it takes from a change in Bedrock to its
post in Slack.

Usage: python -m benchmarks.following [--pairs 3000] [--things 1000] [--seconds 10] [--processes 2]
                                      [--jobs 1000] [--minutes 1] [--poll 15]
Prints one JSON object. The server is private, with an append-only file (everysec), as in the demo. The stand-ins take
a part of the processor; the bot's own is told apart.
"""

import argparse
import json
import multiprocessing
import statistics
import tempfile
import threading
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import _whole_bot
from bot.clock import SystemClock
from bot.controller.context import AnyContext
from bot.controller.controller import Controller, Pace
from bot.controller.model import Key, Outcome, Registration, RequeueAfter
from bot.controller.schema import Schema
from bot.kinds import KINDS
from bot.playground.redis_server import PrivateRedis
from storage.clients import worker
from storage.keys import Keys
from storage.redis_resources import RedisResources

KIND = {"job": replace(KINDS["job"], schema=Schema("job", dict, dict))}
STATUS = {
    "v": 1,
    "phase": "training",
    "outbox": {name: {"state": "posted", "ts": "1.000001"} for name in ("card", "end")},
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
        result[f"whole bot, {replicas} process{'es' if replicas > 1 else ''}"] = _whole_bot.measured(
            replicas, _whole_bot.Options(options.jobs, options.minutes, options.poll)
        )
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
        resources = RedisResources(client, Keys("pairs"))
        for n in range(1000):
            resources.register(Registration(Key("job", str(n)), {"v": 1}))
        began = time.perf_counter()
        for _ in range(pairs):
            [claim] = resources.claim(1, {"job": 30.0})
            resources.commit(claim, STATUS, RequeueAfter(0))
        return round(pairs / (time.perf_counter() - began))


def _punctuality(url: str, options: argparse.Namespace) -> dict[str, float]:
    """Things that want to be looked at again a second later: how long it really is between two looks."""
    with worker(url) as client:
        resources = RedisResources(client, Keys("gaps"))
        for n in range(options.things):
            resources.register(Registration(Key("job", str(n)), {"v": 1}, due_in=n / options.things))
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


def _follow(url: str, seconds: float) -> dict[str, list[float]]:
    """Follow for a while in this process and return when each thing was looked at, by the machine's own clock."""
    moments: dict[str, list[float]] = {}

    def reconcile(context: AnyContext) -> Outcome:
        moments.setdefault(context.key.id, []).append(time.time())
        context.status.update(STATUS)
        return RequeueAfter(1)

    stop = threading.Event()
    with worker(url) as client:
        resources, pace = RedisResources(client, Keys("gaps")), Pace(busy=0.01, idle=0.05)
        controller = Controller(
            resources,
            {"job": reconcile},
            SystemClock(),
            pace,
            kinds=KIND,
        )
        timer = threading.Timer(seconds, stop.set)
        timer.start()
        controller.run(stop)
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
