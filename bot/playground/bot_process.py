"""The unmodified bot as a process of its own: started, watched, killed, started again."""

import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from bot.playground.guard import Guarded

ROOT = Path(__file__).resolve().parents[2]

COMMAND = (sys.executable, "-m", "bot", "run")
BREATH = 0.5
"""Seconds before a bot that died is started again, so that one that dies at once is not started in a tight loop."""


class BotProcess:
    """``python -m bot run`` with the playground's addresses in its environment.

    Nothing else tells it where it runs. Its log goes to ``log``; a process that died by itself is started again,
    as a service manager would do. It ends with us, however we end.
    """

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        # Not the person's own AWS or Slack settings: the bot must see the playground and nothing else.
        ours = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("AWS_", "SLACK_", "TUNESMITH_"))
        }
        # Unbuffered: a kill would take the last lines of its log with it.
        self._environment = ours | dict(environment) | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        self._log = log
        self._process: Guarded | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """The process's ID while it runs."""
        process = self._process
        return process.pid if process is not None and process.running else None

    def start(self) -> None:
        """Start it, and go on starting it whenever it dies, until ``stop``."""
        self._stopping.clear()
        self._spawn()
        self._watcher = threading.Thread(target=self._watch, name="bot-watcher", daemon=True)
        self._watcher.start()

    def kill(self) -> None:
        """``kill -9``: no clean-up, no goodbye. The watcher starts the next one."""
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def stop(self) -> None:
        """Ask it to finish what is in hand and wait for it; it is killed when it takes too long."""
        self._stopping.set()
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.end()
        if self._watcher is not None:
            self._watcher.join()

    def _spawn(self) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            self._log.parent.mkdir(parents=True, exist_ok=True)
            with self._log.open("ab") as log:
                self._process = Guarded(
                    [*COMMAND],
                    output=log,
                    environment=self._environment,
                    folder=self._log.parent,  # no `.env` of the person's is read by chance
                )
            self.starts += 1

    def _watch(self) -> None:
        while not self._stopping.is_set():
            process = self._process
            if process is None:
                return
            process.wait()
            if not self._stopping.wait(BREATH):
                # Its guard ended with it, and is put away.
                process.end()
                self._spawn()
