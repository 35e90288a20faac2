"""Work in other processes: what comes back, what a death leaves, and that nobody stays behind."""

import errno
import json
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import errors
from bot.adapters.worker_processes import WorkerProcesses
from bot.datasets.leakage import leakage
from bot.datasets.model import Role, Verdict
from bot.datasets.validation import validate
from bot.distillations.answers import join
from bot.errors import Misconfigured, Refused, TunesmithError, Unavailable
from bot.profiles import registry
from tests.unit.datasets.samples import lines

PATIENCE = 60.0


def its_process(_: object = None) -> int:
    return os.getpid()


def refuse() -> None:
    raise Refused("No.", hint="Do this.", detail="raw")


def stumble() -> None:
    raise ZeroDivisionError


def fill_the_disk() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def give_what_cannot_be_pickled() -> object:
    return threading.Lock()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wait_in(fifo: str) -> None:
    """Say that it works, and work until somebody reads no more."""
    with Path(fifo).open("w") as pipe:
        pipe.write(f"{os.getpid()}\n")
        pipe.flush()
        signal.pause()


@pytest.fixture(scope="module")
def workers() -> Iterator[WorkerProcesses]:
    """One worker for all that leave it as it was, or replace it."""
    made = WorkerProcesses(1)
    yield made
    made.close()


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    return path


@pytest.mark.slow
def test_work_is_done_in_another_process_which_is_kept_for_the_next(workers: WorkerProcesses) -> None:
    first = workers.run(its_process)
    assert first != os.getpid()
    assert workers.run(its_process) == first


@pytest.mark.slow
def test_a_file_is_judged_as_it_is_here(workers: WorkerProcesses, tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(lines("this is no JSON", pad=40))
    profile = registry.get("claude-3-haiku")
    report = workers.run(validate, path, profile, Role.TRAINING, "claims.jsonl")
    assert report == validate(path, profile, Role.TRAINING, "claims.jsonl")
    assert report.verdict is not Verdict.READY


@pytest.mark.slow
def test_answers_are_joined_and_sets_compared_as_they_are_here(
    workers: WorkerProcesses, tmp_path: Path
) -> None:
    profile, sets = registry.get("claude-3-haiku"), (tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    for path in sets:
        path.write_bytes(lines(pad=40))
    assert workers.run(leakage, *sets, profile) == leakage(*sets, profile) != ()
    asked, said = tmp_path / "asked.jsonl", tmp_path / "said.jsonl"
    asked.write_text(json.dumps({"recordId": "ROW00000001", "modelInput": {"messages": []}}) + "\n")
    said.write_text("")
    work = (asked, [said], tmp_path / "out.jsonl", profile.record_format)
    assert workers.run(join, *work) == join(*work)


@pytest.mark.slow
def test_what_it_refuses_keeps_its_words(workers: WorkerProcesses) -> None:
    with pytest.raises(Refused) as refused:
        workers.run(refuse)
    assert (refused.value.sentence, refused.value.detail) == ("No. Do this.", "raw")


@pytest.mark.slow
def test_a_disk_that_is_full_is_the_operators_and_no_defect(workers: WorkerProcesses) -> None:
    with pytest.raises(Misconfigured, match="disk"):
        workers.run(fill_the_disk)


@pytest.mark.slow
def test_a_defect_tells_where_it_was(workers: WorkerProcesses) -> None:
    with pytest.raises(ZeroDivisionError) as defect:
        workers.run(stumble)
    assert any("in stumble" in note for note in defect.value.__notes__)


@pytest.mark.slow
def test_what_cannot_be_handed_over_is_a_defect_and_harms_nothing(workers: WorkerProcesses) -> None:
    with pytest.raises(RuntimeError, match="cannot be handed over"):
        workers.run(give_what_cannot_be_pickled)
    assert workers.run(its_process)


OTHERS_RAISE = (errors.Throttled, errors.NotItsTurn, errors.Interrupted, errors.BadField)
"""Vendors, the limiter, the pool itself, and forms."""
OURS = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, TunesmithError) and each not in OTHERS_RAISE
]


@pytest.mark.slow
@pytest.mark.parametrize("error", OURS)
def test_errors_of_ours_survive_the_way_back(error: type[TunesmithError]) -> None:
    before = error("What.", hint="Do.", detail="raw")
    after = pickle.loads(pickle.dumps(before))
    assert (type(after), after.sentence, after.detail) == (error, "What. Do.", "raw")


@pytest.mark.slow
def test_a_worker_that_dies_costs_its_work_alone(workers: WorkerProcesses) -> None:
    first = workers.run(its_process)
    with pytest.raises(Refused, match="too much for my memory") as died:
        workers.run(die)
    assert "-9" in died.value.detail
    assert workers.run(its_process) not in (first, os.getpid())


@pytest.mark.slow
def test_no_more_work_at_once_than_there_are_workers() -> None:
    workers = WorkerProcesses(2)
    try:
        with ThreadPoolExecutor(8) as pool:
            seen = set(pool.map(workers.run, [its_process] * 8))
        assert len(seen) <= 2
    finally:
        workers.close()


@pytest.mark.slow
def test_closing_ends_what_is_in_hand_at_once(fifo: Path) -> None:
    workers = WorkerProcesses(1)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(workers.run, wait_in, str(fifo))
        with fifo.open() as pipe:
            at_work = int(pipe.readline())
            workers.close()
            assert pipe.read() == "", "it is gone"
        with pytest.raises(Unavailable, match="being restarted"):
            future.result(PATIENCE)
    assert is_gone(at_work)
    with pytest.raises(Unavailable):
        workers.run(its_process)


BOT = """
from bot.adapters.worker_processes import WorkerProcesses
from tests.adapters.test_worker_processes import wait_in
import sys
if __name__ == "__main__":
    WorkerProcesses(1).run(wait_in, sys.argv[1])
"""


@pytest.mark.slow
def test_a_bot_that_is_killed_leaves_no_worker_behind(fifo: Path) -> None:
    bot = subprocess.Popen([sys.executable, "-c", BOT, str(fifo)], stderr=subprocess.DEVNULL)
    with fifo.open() as pipe:
        at_work = int(pipe.readline())
        bot.kill()
        bot.wait(PATIENCE)
        assert pipe.read() == "", "its end of the pipe is closed: it has ended"
    assert is_gone(at_work)


def is_gone(process: int) -> bool:
    """Return whether the process ends within our patience."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    poll = select.poll()
    poll.register(watched, select.POLLIN)
    try:
        return bool(poll.poll(PATIENCE * 1000))
    finally:
        os.close(watched)


def die_once(mark: str) -> str:
    if not Path(mark).exists():
        Path(mark).touch()
        die()
    return "done"


@pytest.mark.slow
def test_what_killed_one_worker_alone_is_tried_in_another(workers: WorkerProcesses, tmp_path: Path) -> None:
    assert workers.run(die_once, str(tmp_path / "mark")) == "done"
