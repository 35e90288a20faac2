"""Child processes that end with us, however we end: even ``kill -9`` of the demo leaves nothing running.

Between us and the child stands a tiny process that holds the other end of a pipe. When the pipe closes, as it does
when we die in any way, it asks the child to end and, after a while, kills it. (Linux could do the same by
``PR_SET_PDEATHSIG``, macOS could not.)
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

PATIENCE = 15.0
"""Seconds that a child may take to end after it was asked to."""

_GUARD = f"""
import os, signal, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr)
print(child.pid, flush=True)
def ended(*_):
    if child.poll() is not None:
        os._exit(0)
signal.signal(signal.SIGCHLD, ended)
ended()
sys.stdin.read()
signal.signal(signal.SIGCHLD, signal.SIG_DFL)
if child.poll() is None:
    child.terminate()
try:
    child.wait({PATIENCE})
except subprocess.TimeoutExpired:
    child.kill()
    child.wait()
"""


class Guarded:
    """A child process that cannot outlive us. ``pid`` is the child's own."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        output: IO[bytes] | int = subprocess.DEVNULL,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self._guard = subprocess.Popen(  # noqa: S603 -- our own guard, and a command of ours
            # Without the environment's settings and without site-packages: it starts in a moment, and holds
            # little memory.
            [sys.executable, "-I", "-S", "-c", _GUARD, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            env=None if environment is None else dict(environment),
            cwd=folder,
            text=True,
            start_new_session=True,  # Ctrl-C is for us; the child is asked to end when its turn comes
        )
        assert self._guard.stdout is not None
        self.pid = int(self._guard.stdout.readline())

    @property
    def running(self) -> bool:
        """Whether the child is still there."""
        return self._guard.poll() is None

    def wait(self, timeout: float | None = None) -> None:
        """Wait for the child to end by itself.

        Raises:
            subprocess.TimeoutExpired: it did not.
        """
        self._guard.wait(timeout)

    def kill(self) -> None:
        """``kill -9`` the child: no clean-up, no goodbye."""
        if self.running:
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """Ask the child to end, and wait until it has; it is killed when it takes too long."""
        assert self._guard.stdin is not None
        assert self._guard.stdout is not None
        self._guard.stdin.close()
        self._guard.wait()
        self._guard.stdout.close()
