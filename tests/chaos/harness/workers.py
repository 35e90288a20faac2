"""A worker for files that is there when its bot begins, forked as the bot is: an interpreter of its own takes seconds.

Whatever is wanted beyond the first is started as the bot does by itself; ``tests/adapters/test_worker_processes.py``
and the bots of ``tests/scenarios`` that are processes of their own start all of theirs so.
"""

import multiprocessing
import os
from typing import Any, cast

import bot.derivations.reconciler.operations
import bot.uploads.screening  # noqa: F401 -- imported for the forks
from bot.adapters import worker_processes
from bot.adapters.worker_processes import WorkerProcesses

_start_anew = WorkerProcesses._start


def fork_one() -> None:
    """Have this process's first worker ready. To be called while it has one thread."""
    ready = [worker_processes._Worker(cast(Any, multiprocessing.get_context("fork")))]
    parent = os.getpid()

    def start(workers: WorkerProcesses) -> worker_processes._Worker:
        if not ready or os.getpid() != parent:  # gunicorn's worker is another process, and has none ready
            return _start_anew(workers)
        with workers._lock:
            if workers._closed:
                raise worker_processes._Died("the bot is to end")
            workers._alive.add(worker := ready.pop())
        return worker

    WorkerProcesses._start = start  # type: ignore[method-assign, assignment]
