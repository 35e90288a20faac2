"""A change that is written wakes the loop of its process; a loop sleeps no longer than it was told to."""

import threading
from collections.abc import Callable

import pytest

from bot.clock import SystemClock
from bot.controller.model import Key, Registration
from bot.controller.wakeup import Bell, WakingStore
from bot.errors import Unavailable
from tests.doubles.clock import FakeClock
from tests.doubles.resources import InMemoryResources

JOB = Key("job", "a1b2")

CHANGES: dict[str, Callable[[WakingStore], object]] = {
    "register": lambda store: store.register(Registration(Key("job", "new"), {})),
    "register_sole": lambda store: store.register_sole("a word", lambda: Registration(Key("job", "new"), {})),
    "amend": lambda store: store.amend(JOB, lambda spec: {**spec, "stop": True}),
    "enqueue_now": lambda store: store.enqueue_now(JOB),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_written_and_then_wakes_the_loop(change: Callable[[WakingStore], object]) -> None:
    inner, seen = InMemoryResources(FakeClock()), []
    inner.register(Registration(JOB, {}, due_in=100))

    def wake() -> None:
        resource = inner.get(JOB)
        assert resource is not None
        seen.append(
            (
                dict(resource.spec),
                resource.generation,
                resource.due_at,
                inner.get(Key("job", "new")) is not None,
            )
        )

    due_before = inner.now() + 100
    change(WakingStore(inner, wake))

    assert len(seen) == 1
    assert seen[0] != ({}, 1, due_before, False), "the loop must not look before there is something to see"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_was_not_written_wakes_nobody(change: Callable[[WakingStore], object]) -> None:
    inner, woken = InMemoryResources(FakeClock()), []
    inner.down = True

    with pytest.raises(Unavailable):
        change(WakingStore(inner, lambda: woken.append(True)))

    assert woken == []


def test_what_changes_nothing_wakes_nobody() -> None:
    inner, woken = InMemoryResources(FakeClock()), []
    inner.register(Registration(JOB, {}))
    store = WakingStore(inner, lambda: woken.append(True))

    assert not store.register(Registration(JOB, {}))
    store.enqueue_now()

    assert woken == []


def test_looking_wakes_nobody() -> None:
    inner, woken = InMemoryResources(FakeClock()), []
    inner.register(Registration(JOB, {"model": "claims"}))
    store = WakingStore(inner, lambda: woken.append(True))

    resource = store.get(JOB)

    assert resource is not None
    assert resource.spec == {"model": "claims"}
    assert [each.key for each in store.of_kind("job")] == [JOB]
    assert [each.key for each in store.unfinished("job")] == [JOB]
    assert woken == []


# The bell: its sleeps end by themselves only after minutes, so whatever ends them was the bell

FOR_EVER = 600.0


def test_a_bell_that_was_rung_before_ends_the_next_sleep_and_only_that() -> None:
    bell = Bell(SystemClock())
    bell.ring()
    bell.ring()
    bell.sleep(FOR_EVER)
    bell.sleep(0)
    bell.ring()
    bell.sleep(FOR_EVER)


@pytest.mark.parametrize("ring", [Bell.ring, lambda bell: bell.ring_in(0.01)])
def test_a_sleeper_is_woken(ring: Callable[[Bell], None]) -> None:
    bell, woken = Bell(SystemClock()), threading.Event()

    def sleep() -> None:
        bell.sleep(FOR_EVER)
        woken.set()

    sleeper = threading.Thread(target=sleep)
    sleeper.start()
    ring(bell)
    assert woken.wait(10)
    sleeper.join(10)


def test_the_soonest_of_several_moments_counts_and_the_others_are_not_forgotten() -> None:
    clock = FakeClock()
    bell = Bell(clock)
    bell.ring_in(20)
    bell.ring_in(5)
    clock.advance(6)
    bell.sleep(FOR_EVER)
    clock.advance(15)
    bell.sleep(FOR_EVER)
