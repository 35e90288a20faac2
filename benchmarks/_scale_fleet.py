"""Listeners and workers of their own, on one store or a cluster: started, killed at random, started again, watched.

They are forked from a process that has everything imported, as in the chaos runs, since each of them dies many times;
all else is as it is for whoever types ``tunesmith run --only slack`` and ``run --only worker``.
"""

import random
import re
import threading
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

from benchmarks._ask_house import MODEL, House, Sizes, _is_ready, _Work
from bot.playground.bedrock.world import Quotas
from bot.playground.slack import log as slack_log
from storage.clients import worker
from storage.keys import Keys
from tests.chaos.harness import crowd
from tests.chaos.harness.playground import Playground
from tests.chaos.harness.replica import Starter, end_at_once, spare_port
from tests.chaos.harness.waiting import PREFIX
from tests.fixtures.redis_cluster import redis_cluster

PIECES, DELAY = 8, 0.02
"""How long answers are played: what is tried here is who answers, not for how long."""
BETWEEN_KILLS = (2.0, 6.0)
LYING = 0.5
"""Seconds for which whoever was killed stays down, as a supervisor has it."""
EACH = 2.0
"""Seconds between two looks at a process's figures: what it did since the last one dies with it."""
TURNS = re.compile(r'^tunesmith_step_seconds_count\{kind="(\w+)"\} (\S+)$', re.MULTILINE)
TAKEN = re.compile(r'^tunesmith_deliveries_total\{result="\w+"\} (\S+)$', re.MULTILINE)


@dataclass
class Member:
    """One process and those that came after it in its place."""

    name: str
    arguments: tuple[str, ...]
    door: int
    probes: int
    pid: int = 0
    kills: int = 0
    before: Counter[str] = field(default_factory=Counter)
    """What its dead predecessors had done when they were last looked at."""
    now: Counter[str] = field(default_factory=Counter)

    @property
    def done(self) -> Counter[str]:
        """Return what was done in this place: turns by kind, or deliveries."""
        return self.before + self.now


class Fleet(House):
    """A context manager: so many listeners and workers, ready, a model in service, plans to start, jobs to follow."""

    def __init__(
        self, listeners: int, workers: int, *, people: int, cluster: bool, jobs: int, plans: int
    ) -> None:
        super().__init__(Sizes(listeners, people, PIECES, DELAY))
        self._cluster, self._jobs, self._plans = cluster, jobs, plans
        self.members = [
            Member(f"listener {n + 1}", ("run", "--only", "slack", "--http", str(port)), port, spare_port())
            for n, port in enumerate(self.ports)
        ]
        self.members += [
            Member(f"worker {n + 1}", ("run", "--only", "worker"), 0, spare_port()) for n in range(workers)
        ]
        self.followed: list[crowd.Member] = []
        self.planned: list[_Work] = []
        self._guard = threading.Lock()
        self.over = threading.Event()
        """Set when nobody is to be killed any more."""
        slack_log.KEPT = 500_000  # everything is judged at the end

    def _store(self) -> str:
        if not self._cluster:
            return super()._store()
        made = self._rooms.enter_context(redis_cluster(self.data / "cluster"))
        self.raw: Any = self._rooms.enter_context(worker(made.url, cluster=Keys(PREFIX).kinds))
        return made.url

    def _start(self) -> None:
        self._starter = Starter()
        self._rooms.callback(self._starter.stop)
        for each in self.members:
            self._launch(each)
            self._rooms.callback(self._end, each)
        deadline = time.monotonic() + 60
        for each in self.members:
            while not _is_ready(each.probes):
                if time.monotonic() > deadline:
                    raise TimeoutError(self.log.read_text(encoding="utf-8")[-2000:])
                time.sleep(0.1)

    def _launch(self, member: Member) -> None:
        form = {"TUNESMITH_REDIS_FORM": "cluster"} if self._cluster else {}
        ours = {"TUNESMITH_HEALTH_PORT": str(member.probes), "TUNESMITH_POLL_SECONDS": "10"}
        member.pid = self._starter.start(self._environment() | form | ours, self.log, *member.arguments)

    def _end(self, member: Member) -> None:
        end_at_once(member.pid)

    def _serve(self) -> None:
        """Have a model in service, plans that nobody has started, and any number of jobs followed."""
        self.trainer = self.slack.person("trainer")
        self.bedrock.world.quotas = Quotas(10, scheduled_jobs=2 * (self._jobs + self._plans))
        house = cast("Playground", self)
        _Work(house, model=MODEL).go(until="lease")
        for n in range(self._plans):
            work = _Work(house, model=f"pressed-{n:02d}")
            work.go(until="plan")
            self.planned.append(work)
        self.followed = crowd.follow_many(house, self._jobs, model="crowd")
        self.frozen = True  # from here on nobody hurries time

    # While it runs

    def kill_at_random(self, chance: random.Random) -> None:
        """Kill one after the other, without a word, until it is over."""
        while not self.over.wait(chance.uniform(*BETWEEN_KILLS)):
            member = chance.choice(self.members)
            with self._guard:
                end_at_once(member.pid)
                member.kills += 1
                member.before, member.now = member.done, Counter()
            self.over.wait(LYING)
            with self._guard:
                self._launch(member)

    def watch(self, until: threading.Event) -> None:
        """Look at everybody's figures now and then."""
        while not until.wait(EACH):
            for each in self.members:
                self._look(each)

    def _look(self, member: Member) -> None:
        kills = member.kills
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{member.probes}/metrics", timeout=2) as answer:
                page = answer.read().decode()
        except OSError:
            return
        seen = Counter({kind: int(float(count)) for kind, count in TURNS.findall(page)})
        seen["deliveries"] = sum(int(float(count)) for count in TAKEN.findall(page))
        with self._guard:
            if kills == member.kills:  # else these are figures of a life that is over, and were added up
                member.now = seen
