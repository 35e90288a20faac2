"""How a process of the bot is told to end, and ends."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from types import FrameType

from bot import tracing

_log = logging.getLogger(__name__)


def stop_on_signals(stop: Callable[[], object]) -> None:
    """Have SIGTERM and SIGINT call ``stop``, in a thread of its own.

    A handler interrupts the main thread wherever it is, and may wait for nothing that the main thread holds just then:
    the lock of the event that it sets, or the stream that the log is written to. So it only passes the signal on, by a
    queue that may be written to there (docs.python.org/3/library/queue.html#queue.SimpleQueue).
    """
    received: SimpleQueue[int] = SimpleQueue()

    def handle(number: int, _frame: FrameType | None) -> None:
        received.put(number)

    def pass_on() -> None:
        while True:
            number = received.get()
            stop()
            _log.info("%s received", signal.Signals(number).name)

    threading.Thread(target=pass_on, name="signals", daemon=True).start()
    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)


LOST = 0.5
"""Seconds after which a signal that woke nobody is noticed."""


def wait_for(stop: threading.Event) -> None:
    """Return when it is set, by a signal's handler or otherwise. For the main thread.

    In short turns: Python runs a handler in the main thread between two instructions, so that a signal which arrives
    right before that thread begins to wait would be handled only when something else wakes it.
    """
    while not stop.wait(LOST):
        pass


def end_process(left: int) -> None:
    """End the process when work is still in hand that would not end; return when there is none.

    Python waits at its exit for every thread of a pool, and from then on a pool takes no work, so that a step that
    is still going would fail half-way with words about a shutdown. It is safe to cut it off: it is as if the process
    had been killed.

    Args:
        left: how many pieces of work are still in hand.
    """
    tracing.end()
    if not left:
        return
    _log.warning("%d pieces of work would not end; another process, or the next start, takes them up", left)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
