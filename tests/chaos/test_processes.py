"""Two processes on a real server are killed, frozen and cut off; the server is killed and forgets its last second.

What is checked is the world: nothing lost, nothing doubled, no old text left, nothing released early or never.
``TUNESMITH_CHAOS_SEEDS=1,2,3`` runs other seeds, ``TUNESMITH_CHAOS_SECONDS`` longer ones.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot.controller.model import Key, Registration
from bot.playground.redis_server import PrivateRedis
from storage.clients import worker
from storage.keys import Keys
from storage.redis_resources import RedisResources
from tests.chaos.worker import PREFIX
from tests.chaos.world import World

SEEDS = [int(seed) for seed in os.environ.get("TUNESMITH_CHAOS_SEEDS", "20261122").split(",")]
SECONDS = float(os.environ.get("TUNESMITH_CHAOS_SECONDS", "5"))
JOBS = 30
ENDS_WITHIN = 40.0
"""Seconds after the last disturbance by which everything must have come to its end."""

SNAPSHOT = """
local kept = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  kept[#kept + 1] = {key, redis.call('PTTL', key), redis.call('DUMP', key)}
end
return kept
"""
ROLL_BACK = """
for _, key in ipairs(redis.call('KEYS', '*')) do redis.call('DEL', key) end
for n = 1, #ARGV, 3 do
  redis.call('RESTORE', ARGV[n], math.max(tonumber(ARGV[n + 1]), 0), ARGV[n + 2])
end
"""

pytestmark = [pytest.mark.chaos, pytest.mark.redis_server]


class Run:
    """The processes, the two servers, and what was done to them."""

    def __init__(self, engine: PrivateRedis, world: PrivateRedis, seed: int) -> None:
        self.numbers = random.Random(seed)
        self.engine, self.world_server = engine, world
        self.done: Counter[str] = Counter()
        self.workers = [self._start(), self._start()]
        self.raw = Redis.from_url(engine.url)
        self.frozen: dict[subprocess.Popen[bytes], float] = {}

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.chaos.worker", self.engine.url, self.world_server.url]
        here = Path(__file__).parents[2]
        seed = str(self.numbers.randrange(10**6))
        return subprocess.Popen([*command, seed], cwd=here, stderr=subprocess.DEVNULL)

    def revive(self) -> None:
        """Start another process for each that died."""
        for n, process in enumerate(self.workers):
            if process.poll() is not None:
                self.done["deaths"] += 1
                self.workers[n] = self._start()

    def disturb(self) -> None:
        """Do one bad thing."""
        what: Callable[[], None] = self.numbers.choices(
            [self._kill, self._freeze, self._kill_redis, self._freeze_redis, self._fail_over, lambda: None],
            weights=[2, 6, 1, 2, 3, 10],
        )[0]
        what()

    def _kill(self) -> None:
        self.numbers.choice(self.workers).kill()

    def _freeze(self) -> None:
        """Freeze a process for up to twice its lease, while the other one goes on."""
        process = self.numbers.choice(self.workers)
        if process not in self.frozen:
            process.send_signal(signal.SIGSTOP)
            self.frozen[process] = time.monotonic() + self.numbers.uniform(0.2, 3.0)
            self.done["freezes"] += 1

    def thaw(self, *, everybody: bool = False) -> None:
        """Let processes go on whose time has come."""
        for process, until in list(self.frozen.items()):
            if everybody or time.monotonic() > until:
                process.send_signal(signal.SIGCONT)
                del self.frozen[process]

    def _kill_redis(self) -> None:
        self.engine.kill()
        time.sleep(self.numbers.uniform(0.05, 0.5))
        self.engine.start()
        self.done["redis kills"] += 1

    def _freeze_redis(self) -> None:
        os.kill(self.engine.pid, signal.SIGSTOP)
        time.sleep(self.numbers.uniform(0.1, 1.0))
        os.kill(self.engine.pid, signal.SIGCONT)
        self.done["redis freezes"] += 1

    def _fail_over(self) -> None:
        """Go back to what the server knew some time ago, as a replica does that lagged behind."""
        kept: Any = self.raw.eval(SNAPSHOT, 0)
        time.sleep(self.numbers.uniform(0.1, 0.8))
        self.raw.eval(ROLL_BACK, 0, *[part for row in kept for part in row])
        self.done["failovers"] += 1

    def end(self) -> None:
        for process in self.workers:
            process.kill()
            process.wait()
        self.raw.close()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[PrivateRedis, PrivateRedis]]:
    with PrivateRedis(tmp_path / "engine") as engine, PrivateRedis(tmp_path / "world") as world:
        yield engine, world


@pytest.mark.timeout(120 + 2 * int(SECONDS))
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_and_nothing_is_doubled(
    servers: tuple[PrivateRedis, PrivateRedis], seed: int, record_property: Callable[[str, object], None]
) -> None:
    engine, world_server = servers
    numbers = random.Random(seed)
    with Redis.from_url(world_server.url, decode_responses=True) as client, worker(engine.url) as own:
        world, store = World(client, numbers), RedisResources(own, Keys(PREFIX))
        jobs = {f"job-{n}": numbers.uniform(0, SECONDS) for n in range(JOBS)}
        world.begin(jobs)
        for name in jobs:
            store.register(Registration(Key("job", name), {"channel": f"C{name}", "since": world.now()}))
        run = Run(engine, world_server, seed)
        try:
            deadline = time.monotonic() + SECONDS
            while time.monotonic() < deadline:
                run.revive()
                run.thaw()
                run.disturb()
                time.sleep(0.1)
            run.thaw(everybody=True)
            everything_ends(run, store)
        finally:
            run.end()
        doubled = Counter(line[0] for line in world.log())["delete"]
        record_property("disturbances", dict(run.done))
        print(f"seed {seed}: {dict(run.done)}, copies deleted: {doubled}")  # noqa: T201
        judge(world, list(jobs))


def everything_ends(run: Run, store: RedisResources) -> None:
    """Wait for every job's end, with nothing but the processes' own deaths to disturb it."""
    deadline = time.monotonic() + ENDS_WITHIN
    while True:
        run.revive()
        open_things = [str(resource.key) for resource in store.of_kind("job") if not resource.done]
        if not open_things:
            return
        assert time.monotonic() < deadline, f"These did not end: {open_things}"
        time.sleep(0.1)


def judge(world: World, jobs: list[str]) -> None:
    texts = {
        name: sorted(each.text for each in world.messages() if each.channel == f"C{name}") for name in jobs
    }
    wanted = ["It is completed.", "It is released.", "The job is completed."]
    assert {name: told for name, told in texts.items() if told != wanted} == {}
    markers = Counter(each.marker for each in world.messages())
    assert [marker for marker, times in markers.items() if times > 1] == []
    assert world.still_held() == 0
    assert world.released_early() == []
