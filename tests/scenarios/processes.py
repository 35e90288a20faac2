"""The bot and the demo as processes of their own, as an operator starts them."""

import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds of real time that a process may take to do anything at all."""


class Process:
    """``python -m bot ARGUMENTS`` in a folder and an environment of its own; what it prints is kept."""

    def __init__(self, *arguments: str, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
            | {"PYTHONUNBUFFERED": "1"}
            | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.pid = self._process.pid
        self._lines: list[str] = []
        self._told = threading.Condition()
        self._reader = threading.Thread(target=self._read, name="reader")
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._told:
                self._lines.append(line)
                self._told.notify_all()

    @property
    def output(self) -> str:
        """Everything that it has printed."""
        with self._told:
            return "".join(self._lines)

    def waits_for(self, pattern: str) -> re.Match[str]:
        """Wait until it has printed something."""
        found: list[re.Match[str]] = []

        def look() -> bool:
            match = re.search(pattern, "".join(self._lines))
            found[:] = [match] if match else []
            return bool(match)

        with self._told:
            self._told.wait_for(look, PATIENCE)
        assert found, f"waited for {pattern!r}; it printed:\n{self.output}"
        return found[0]

    def ends(self, number: int | None = None) -> int:
        """Send a signal, if one is given, wait for the end, and return the exit status."""
        if number is not None:
            self._process.send_signal(number)
        status = self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self._process.stdout is not None
        self._process.stdout.close()
        return status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self.ends()


def until(holds: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Wait until something holds, so many seconds at most."""
    deadline, pause = time.monotonic() + patience, threading.Event()
    while not holds():
        assert time.monotonic() < deadline, f"waited {patience:.0f} s for {what}"
        pause.wait(0.05)


def status_of(url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> int:
    """Return the status that an address answers with; 0 when nobody is there."""
    request = urllib.request.Request(url, data=body, headers=dict(headers or {}))
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code
    except OSError:
        return 0


def is_running(pid: int) -> bool:
    """Return whether a process is there, and not only waiting to be reaped."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
