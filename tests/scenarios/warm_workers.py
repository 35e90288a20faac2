"""Workers that begin at once: forks of a process that has imported what they need, instead of new interpreters.

Each journey's bot has workers of its own, and starting one anew takes longer than most of what it then does.
``tests/adapters/test_worker_processes.py`` and whatever runs as a process of its own start them as the bot does.
"""

import multiprocessing
from typing import Any, cast

from bot.adapters.worker_processes import WorkerProcesses

IMPORTED = [
    "bot.adapters.worker_processes",
    "bot.derivations.reconciler.operations",
    "bot.uploads.reconciler.upload",
    "bot.uploads.screening",
    "bot.datasets.service",
]


class WarmWorkers(WorkerProcesses):
    """``WorkerProcesses`` whose processes are forked."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(IMPORTED)
        self._context = cast(Any, context)
