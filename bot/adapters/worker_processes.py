"""``bot.datasets.workers.Workers`` in processes of their own: what reads a file for a minute holds nothing else up.

Python runs one thread at a time, so a validation in a thread of the bot's delays every acknowledgement and every
release beside it. Each worker does one piece at a time and is kept for the next; a file that is too much for the memory
takes its worker with it, and nothing else. No library of the house does that: ``concurrent.futures`` gives up all of
its processes when one dies, and leaves them behind when the bot is killed.

A worker ends with its bot however that ends: it waits for work on a pipe whose other end only the bot has, and while it
works a thread of it watches the bot. What a killed one leaves are files in the folder that it was told to write to.
"""

import atexit
import contextlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar, cast

from bot.errors import Interrupted, Refused, TunesmithError, is_full, no_room

P = ParamSpec("P")
T = TypeVar("T")

PIECES = 50
"""Pieces of work after which a worker is replaced, with whatever memory it has gathered."""
NICENESS = 5
"""How much a worker gives way to the bot itself, where both want the processor."""
LAST_WORD = 2.0
"""Seconds that a worker has to end by itself."""


class WorkerProcesses:
    """So many processes, started when they are first needed. Thread-safe: whoever finds all at work waits for one."""

    def __init__(self, count: int) -> None:
        # Not forked: a child of a process with threads inherits the locks that they hold, and nobody who
        # frees them.
        self._context = multiprocessing.get_context("spawn")
        self._free: SimpleQueue[_Worker | None] = SimpleQueue()
        for _ in range(count):
            self._free.put(None)
        self._lock = threading.Lock()
        self._alive: set[_Worker] = set()
        self._closed = False
        atexit.register(self.close)

    def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the function gives, called in another process. When that dies, another one tries once more."""
        try:
            return self._run(function, args, kwargs)
        except _Died:
            pass
        try:
            return self._run(function, args, kwargs)
        except _Died as died:
            raise self._why(died) from died

    def _run(self, function: Callable[..., T], args: Any, kwargs: Any) -> T:
        worker = self._free.get()
        try:
            if worker is None or not worker.is_alive:
                worker = self._start()
            done, result = worker.do(function, args, kwargs)
        finally:
            self._free.put(self._kept(worker))
        if is_full(result):
            raise no_room(result) from result
        if not done:
            raise cast("Exception", result)
        return cast("T", result)

    def close(self) -> None:
        """End all workers at once, whatever they do, and start none from then on: the bot is to end."""
        with self._lock:
            self._closed = True
            alive, self._alive = self._alive, set()
        for worker in alive:
            worker.kill()
        atexit.unregister(self.close)

    def _start(self) -> "_Worker":
        with self._lock:
            if self._closed:
                raise _Died("the bot is to end")
            worker = _Worker(self._context)
            self._alive.add(worker)
        return worker

    def _kept(self, worker: "_Worker | None") -> "_Worker | None":
        """Return the worker if it can do more; else end it, and return None."""
        if worker is None or (worker.is_alive and worker.pieces < PIECES):
            return worker
        with self._lock:
            self._alive.discard(worker)
        worker.kill()
        return None

    def _why(self, died: "_Died") -> TunesmithError:
        if self._closed:
            return Interrupted()
        return Refused(
            "The process that worked on this was ended twice: it is too much for my memory.",
            hint="Split the file, or ask the operator for more memory.",
            detail=str(died),
        )


class _Died(Exception):
    """The worker ended before its work did."""


class _Worker:
    """One process, and our end of its pipe."""

    def __init__(self, context: SpawnContext) -> None:
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), name="worker")
        self._process.start()
        theirs.close()  # so that the pipe ends when the worker does
        self.pieces = 0

    @property
    def is_alive(self) -> bool:
        """Whether it can be given work."""
        return self._process.is_alive()

    def do(self, function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[bool, Any]:
        """Return whether the work came to its end, and what it gave or raised.

        Raises:
            _Died: nobody knows, since the process is gone.
        """
        self.pieces += 1
        try:
            self._pipe.send((function, args, kwargs))
            connection.wait([self._pipe, self._process.sentinel])
            result: tuple[bool, Any] = self._pipe.recv()
        except (EOFError, OSError) as gone:
            self._process.join(LAST_WORD)
            raise _Died(f"exit status {self._process.exitcode}") from gone
        return result

    def kill(self) -> None:
        """End it. One that has ended is no error."""
        with contextlib.suppress(OSError):
            self._pipe.close()
        self._process.kill()
        self._process.join(LAST_WORD)


# In the worker


def _serve(pipe: Connection) -> None:
    """Do what comes through the pipe until nothing can come any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group, and the bot ends us
    threading.Thread(target=_end_with_the_bot, daemon=True).start()
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    while True:
        try:
            function, args, kwargs = pipe.recv()
        except (EOFError, OSError):
            return
        _answer(pipe, _outcome(function, args, kwargs))


def _outcome(function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[bool, Any]:
    try:
        return True, function(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 -- it is raised again, where it was asked for
        error.add_note(f"In the worker:\n{traceback.format_exc()}")
        return False, error


def _answer(pipe: Connection, outcome: tuple[bool, Any]) -> None:
    try:
        pipe.send(outcome)
    except OSError:
        return
    except Exception as defect:  # noqa: BLE001 -- what cannot be pickled is a defect of ours, told like any other
        pipe.send((False, RuntimeError(f"{outcome[1]!r} cannot be handed over: {defect!r}"[:2000])))


def _end_with_the_bot() -> None:
    bot = multiprocessing.parent_process()
    if bot is not None:
        connection.wait([bot.sentinel])
        # At once, since the thread that works may be in the middle of a long computation.
        os._exit(1)
