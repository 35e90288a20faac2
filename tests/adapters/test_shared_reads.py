"""One read for many: nobody begins one of their own, and nobody is given what was read before they asked."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.shared_reads import SharedReads
from bot.errors import Unavailable

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
PATIENCE = 20.0


class Slow:
    """A read that the test lets go on; it gives the number of the read."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        self.since: list[datetime] = []
        self.error: Exception | None = None

    def __call__(self, since: datetime) -> int:
        self.since.append(since)
        self.begun.release()
        assert self.go_on.acquire(timeout=PATIENCE)
        if self.error:
            raise self.error
        return len(self.since)


def joined(reads: SharedReads[int], pool: ThreadPoolExecutor, read: Slow, count: int) -> list[Future[int]]:
    """Ask from so many threads, and return when all of them wait for the next read."""
    asked = [pool.submit(reads.get, "C1", NOON + timedelta(minutes=n), read) for n in range(count)]
    until(lambda: len(reads._next) == 1 and waiting_for(reads) == count)
    return asked


def waiting_for(reads: SharedReads[int]) -> int:
    """Return how many threads wait for the next read, its leader included."""
    [following] = reads._next.values()
    return 1 + len(following.outcome._condition._waiters)  # type: ignore[attr-defined]


def until(holds: Callable[[], bool]) -> None:
    tick, tries = threading.Event(), 0
    while not holds():
        tries += 1
        assert tries < PATIENCE * 200
        tick.wait(0.005)


def test_of_many_who_ask_at_once_two_reads_are_made_and_none_is_too_old() -> None:
    reads: SharedReads[int] = SharedReads()
    read = Slow()
    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(reads.get, "C1", NOON, read)
        assert read.begun.acquire(timeout=PATIENCE)
        others = joined(reads, pool, read, 10)
        read.go_on.release(2)
        assert first.result(PATIENCE) == 1
        assert {each.result(PATIENCE) for each in others} == {2}, "what was under way began before they asked"
    assert read.since == [NOON, NOON], "the earliest of all who take part"
    assert reads.get("C1", NOON, lambda _: 7) == 7
    assert (reads._next, reads._turns, reads._wanted) == ({}, {}, {}), "and nothing is kept"


def test_other_places_wait_for_nobody() -> None:
    reads: SharedReads[int] = SharedReads()
    read = Slow()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(reads.get, "C1", NOON, read)
        assert read.begun.acquire(timeout=PATIENCE)
        assert reads.get("C2", NOON, lambda _: 5) == 5
        read.go_on.release()
        assert first.result(PATIENCE) == 1


def test_a_read_that_fails_fails_for_all_who_took_part_and_for_nobody_after() -> None:
    reads: SharedReads[int] = SharedReads()
    read = Slow()
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(reads.get, "C1", NOON, read)
        assert read.begun.acquire(timeout=PATIENCE)
        others = joined(reads, pool, read, 3)
        read.error = Unavailable("away")
        read.go_on.release(2)
        for each in [first, *others]:
            with pytest.raises(Unavailable):
                each.result(PATIENCE)
    assert reads.get("C1", NOON, lambda _: 1) == 1
