"""Memory that was let go is given back."""

import sys
import threading

import pytest

from bot.cli import memory

GLIBC = pytest.mark.skipif(sys.platform != "linux", reason="the C library is another one")


@GLIBC
def test_what_is_free_is_given_back() -> None:
    held = [bytearray(60_000) for _ in range(400)]
    del held[::2]  # what is free lies between what is not
    assert memory._of_glibc("malloc_trim") is not None
    assert memory.give_back()


def test_it_is_done_again_and_again_until_it_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, times = threading.Event(), list[int]()

    def third() -> bool:
        times.append(1)
        if len(times) == 3:
            stop.set()
        return True

    monkeypatch.setattr(memory, "give_back", third)
    memory.keep_giving_back(stop, 0.001)
    assert len(times) == 3


def test_where_it_cannot_be_done_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    memory.use_few_arenas()
    assert not memory.give_back()
