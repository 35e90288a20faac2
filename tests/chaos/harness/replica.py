"""One process of the bot with the proxies at its exits: started, killed, frozen, started again."""

import contextlib
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.chaos.harness import front_door, names
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
    """One replica: ``number`` tells it from others. ``died`` is told of the claims that a kill left behind.

    With ``behind_http`` it runs behind HTTP, and Slack's requests come in through ``door``.
    """

    def __init__(
        self,
        number: int,
        starter: Starter,
        register: Register,
        upstreams: Mapping[str, str],
        buckets: tuple[str, ...],
        died: Callable[[list[str]], None],
        *,
        behind_http: bool = False,
    ) -> None:
        self.number = number
        self.kills = 0
        self.frozen = False
        """Whether it is frozen now."""
        self.exits = Exits(register, self)
        redis = urlsplit(upstreams["redis"])
        self.slack = HttpProxy(upstreams["slack"], "slack", names.of_slack, self.exits)
        self.aws = HttpProxy(upstreams["aws"], "aws", names.of_aws(buckets), self.exits)
        self.redis = RedisProxy(redis.port or 6379, names.of_redis, self.exits, self._note_claim)
        netloc = f":{redis.password}@127.0.0.1:{self.redis.port}"
        self._port = spare_port() if behind_http else 0
        self.door = (
            HttpProxy(f"http://127.0.0.1:{self._port}", "door", front_door.kind_of, self.exits)
            if behind_http
            else None
        )
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
        arguments = ("run", "--http", str(self._port)) if self._port else ("run",)
        self._launch = lambda: self._starter.start(ours, log, *arguments)
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

    @property
    def listening(self) -> bool:
        """Whether it takes requests; always, where it opens the connection itself."""
        if not self._port:
            return True
        request = http.client.HTTPConnection("127.0.0.1", self._port, timeout=1)
        try:
            request.request("GET", "/anybody-there")  # no health check: that would be a call to Redis
            return bool(request.getresponse().status)
        except (OSError, http.client.HTTPException):
            return False
        finally:
            request.close()

    def killed(self, life: int) -> bool:
        """Kill -9 this life of the process, have its leases lapse, and start the next one."""
        with self._lock:
            if life != self.exits.life or self._ending:
                return False
            end_at_once(self._pid)
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
        self.frozen = True
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGSTOP)
        threading.Event().wait(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGCONT)
        self.frozen = False

    def stop(self) -> None:
        """Kill it for good, and close its exits."""
        with self._lock:
            self._ending = True
            end_at_once(self._pid)
            self.exits.bury()
        for proxy in (self.slack, self.aws, self.redis, self.door):
            if proxy:
                proxy.stop()

    def _note_claim(self, words: list[bytes]) -> None:
        holder = names.claimed_by(words)
        if holder:
            self._claims.append(holder)
            del self._claims[:-2000]


def end_at_once(pid: int) -> None:
    """Kill a process and its children, as the end of a container does, and wait until they are gone."""
    with contextlib.ExitStack() as open_files:
        handles = []
        for each in (pid, *_children(pid)):
            with contextlib.suppress(ProcessLookupError):
                handles.append(os.pidfd_open(each))
                open_files.callback(os.close, handles[-1])
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        for handle in handles:
            select.select([handle], [], [], 10)


def _children(pid: int) -> list[int]:
    """Return the processes that a process has begun: gunicorn's worker."""
    with contextlib.suppress(OSError):
        return [
            int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        ]
    return []


def spare_port() -> int:
    """Return a port of this machine that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
