"""A guarded child ends with its parent, however the parent ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.playground.guard import Guarded

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).resolve().parents[2]

# Announces itself, then waits on a pipe that nobody writes to: only a signal ends it.
CHILD = "import os, sys; print(os.getpid(), file=sys.stderr, flush=True); os.read(os.pipe()[0], 1)"

PARENT = f"""
import sys
from bot.playground.guard import Guarded
child = Guarded([sys.executable, "-c", {CHILD!r}], output=2)
print(child.pid, flush=True)
sys.stdin.read()
"""


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def start() -> Guarded:
    return Guarded([sys.executable, "-c", CHILD])


def test_end_asks_the_child_and_waits() -> None:
    child = start()
    assert child.running

    child.end()

    assert gone(child.pid)


def test_a_killed_child_is_noticed() -> None:
    child = start()

    child.kill()
    child.wait(10)

    assert not child.running
    child.end()


def test_a_child_that_is_gone_can_be_ended() -> None:
    child = start()
    child.kill()
    child.wait(10)

    child.end()

    assert gone(child.pid)


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGTERM])
def test_the_child_ends_when_its_parent_is_killed(blow: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True,
    ) as parent:
        assert parent.stdout is not None
        assert parent.stderr is not None
        pid = int(parent.stdout.readline())
        assert int(parent.stderr.readline()) == pid

        parent.send_signal(blow)
        parent.wait(10)
        # The guard and the child hold the other end of this pipe: it closes when both are gone.
        assert parent.stderr.read() == ""

    assert gone(pid)
