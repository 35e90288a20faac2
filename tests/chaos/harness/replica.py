"""One process of the bot with the proxies at its exits: started, killed, frozen, started again."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.chaos.harness import names
from tests.chaos.harness.boundaries import Register
from tests.chaos.harness.exits import Exits
from tests.chaos.harness.http_proxy import HttpProxy
from tests.chaos.harness.redis_proxy import RedisProxy

ROOT = Path(__file__).resolve().parents[3]


class Starter:
    """The process that all replicas are forked from. ``module`` is another than the plain one for planted defects."""

    def __init__(self, module: str = "tests.chaos.harness.zygote") -> None:
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SLACK_", "TUNESMITH_"))}
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=plain | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._lock = threading.Lock()

    def start(self, environment: Mapping[str, str], log: Path, *arguments: str) -> int:
        """Start a process of the bot and return its ID."""
        order = {
            "environment": dict(environment),
            "folder": str(log.parent),
            "log": str(log),
            "arguments": arguments or ("run",),
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())

    def stop(self) -> None:
        """End it, and whatever it started with it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


class Replica:
    """One replica: ``number`` tells it from others. ``died`` is told of the claims that a kill left behind."""

    def __init__(
        self,
        number: int,
        starter: Starter,
        register: Register,
        upstreams: Mapping[str, str],
        buckets: tuple[str, ...],
        died: Callable[[list[str]], None],
    ) -> None:
        self.number = number
        self.kills = 0
        self.pauses = 0
        self.exits = Exits(register, self)
        redis = urlsplit(upstreams["redis"])
        self.slack = HttpProxy(upstreams["slack"], "slack", names.of_slack, self.exits)
        self.aws = HttpProxy(upstreams["aws"], "aws", names.of_aws(buckets), self.exits)
        self.redis = RedisProxy(redis.port or 6379, names.of_redis, self.exits, self._note_claim)
        netloc = f":{redis.password}@127.0.0.1:{self.redis.port}"
        self.redis_url = urlunsplit(redis._replace(netloc=netloc))
        self._starter = starter
        self._died = died
        self._claims: list[str] = []
        self._lock = threading.RLock()
        self._pid = 0
        self._launch: Callable[[], int] = lambda: 0
        self._ending = False

    def start(self, environment: Mapping[str, str], log: Path) -> None:
        """Start the process, and again after each kill."""
        ours = dict(environment) | {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
        self._launch = lambda: self._starter.start(ours, log)
        self._pid = self._launch()

    @property
    def pid(self) -> int:
        """The process's ID."""
        return self._pid

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, 0)
            return self._pid > 0
        return False

    def killed(self, life: int) -> bool:
        """Kill -9 this life of the process, have its leases lapse, and start the next one."""
        with self._lock:
            if life != self.exits.life or self._ending:
                return False
            self._kill()
            self.exits.bury()
            self.kills += 1
            claims, self._claims = self._claims, []
            self._died(claims)
            self._pid = self._launch()
            return True

    def kill_now(self) -> bool:
        """Kill it wherever it is."""
        return self.killed(self.exits.life)

    def pause(self, seconds: float) -> None:
        """Freeze the process for so long."""
        self.pauses += 1
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGSTOP)
        threading.Event().wait(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGCONT)

    def stop(self) -> None:
        """Kill it for good, and close its exits."""
        with self._lock:
            self._ending = True
            self._kill()
            self.exits.bury()
        for proxy in (self.slack, self.aws, self.redis):
            proxy.stop()

    def _kill(self) -> None:
        try:
            handle = os.pidfd_open(self._pid)
        except ProcessLookupError:
            return
        try:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            select.select([handle], [], [], 10)
        finally:
            os.close(handle)

    def _note_claim(self, words: list[bytes]) -> None:
        holder = names.claimed_by(words)
        if holder:
            self._claims.append(holder)
            del self._claims[:-2000]
