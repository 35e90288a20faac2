"""What ``bench soak`` looks at and what it takes for a leak: tried on figures and on a bot that leaks."""

import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks._soak_people import SoakHouse
from benchmarks._soak_watch import Bounds, Look, judged, look
from benchmarks.soak import Options, soaked
from tests.examples import is_thorough

REST = Look(0, 100, 150, 50, 10, 20, 2)


def _looks(change: Callable[[int, Look], Look]) -> list[Look]:
    return [change(n, replace(REST, at=float(n))) for n in range(31)]


@pytest.mark.parametrize(
    ("change", "after", "words"),
    [
        (lambda _, one: one, REST, ""),
        (lambda n, one: replace(one, memory=100 + min(n, 9) * 5 + n % 2), REST, ""),  # a cache that fills up
        (lambda n, one: replace(one, sockets=20 + 9 * (n == 30)), REST, ""),  # a busy moment
        (lambda n, one: replace(one, memory=100 + 0.6 * n), REST, "memory grows by 0.60 MiB a minute"),
        (lambda n, one: replace(one, threads=50 + n // 2), REST, "threads grew by 10"),
        (lambda n, one: replace(one, files=10 + n), REST, "files grew by 20"),
        (lambda n, one: replace(one, sockets=20 + n), REST, "sockets grew by 20"),
        (lambda _, one: one, replace(REST, files=14), "files at rest: 10 before, 14 after"),
        (lambda _, one: one, replace(REST, children=4), "children at rest: 2 before, 4 after"),
    ],
)
def test_what_goes_on_growing_is_a_leak_and_what_fills_up_is_none(
    change: Callable[[int, Look], Look], after: Look, words: str
) -> None:
    found = judged(_looks(change), REST, after, Bounds())
    assert [each[: len(words)] for each in found] == ([words] if words else [])


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="a process is looked at by /proc")
def test_a_look_counts_what_a_process_has_open() -> None:
    before, done = look(os.getpid(), time.monotonic()), threading.Event()
    waiting = threading.Thread(target=done.wait)
    with ExitStack() as opened:
        opened.callback(waiting.join)
        opened.callback(done.set)
        waiting.start()
        opened.enter_context(Path(__file__).open(encoding="utf-8"))
        for _ in range(2):
            opened.enter_context(socket.socket())
        after = look(os.getpid(), time.monotonic())
    assert (after.threads, after.files, after.sockets) == (
        before.threads + 1,
        before.files + 1,
        before.sockets + 2,
    )
    assert after.memory > 10


@pytest.mark.scenario
@pytest.mark.slow
@pytest.mark.redis_server
@pytest.mark.skipif(not is_thorough(), reason="half a minute of a real bot: in CI, and where all is tried")
def test_a_bot_that_leaks_is_found_in_a_short_soak() -> None:
    house = SoakHouse(serves=False)
    house.program = ("-m", "tests.cli.leaky_bot")
    found = soaked(Options(minutes=0.2, rest=0.5, rounds=False), house)
    for words in ("memory grows by", "threads grew by", "files grew by", "key without an end: seen:"):
        assert any(words in each for each in found["leaks"]), (words, found["leaks"])
    assert sum(found["done"].values()) > 100
