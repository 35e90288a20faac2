import threading
from collections.abc import Sequence
from typing import Any

import pytest

from bot.controller.context import Context
from bot.controller.keep_alive import KeepAlive
from bot.controller.model import Claim, Document, Done, Key, Registration, RequeueAfter, StaleClaim
from bot.controller.schema import Schema
from bot.errors import Interrupted, Unavailable
from tests.doubles.clock import FakeClock
from tests.doubles.resources import InMemoryResources, claimed_step

KEY = Key("upload", "1")
Held = Context[dict[str, Any], dict[str, Any]]


class Watched(InMemoryResources):
    """A store that says when a lease was renewed, and can be away for a while."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.renewed = threading.Semaphore(0)
        self.failures = 0
        self.failed = threading.Event()

    def commit(
        self,
        claim: Claim,
        status: Document,
        outcome: RequeueAfter | Done | None,
        also: Sequence[Registration] = (),
    ) -> Claim:
        if self.failures:
            self.failures -= 1
            self.failed.set()
            raise Unavailable("away")
        done = super().commit(claim, status, outcome, also)
        self.renewed.release()
        return done


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(clock: FakeClock) -> Watched:
    return Watched(clock)


@pytest.fixture
def context(store: Watched, clock: FakeClock) -> Held:
    return claimed_step(store, clock, KEY, {"v": 1})


def test_a_step_that_waits_is_held(store: Watched, clock: FakeClock, context: Held) -> None:
    clock.advance(20)
    assert context.seconds_left() < 30
    while store.renewed.acquire(blocking=False):
        pass
    with KeepAlive(context, every=0.001):
        assert store.renewed.acquire(timeout=5)
    assert context.seconds_left() == pytest.approx(30)
    clock.advance(20)
    assert store.claim(10, 30.0) == [], "nobody else can take it"


def test_long_work_lets_go_when_the_process_is_to_end(store: Watched, clock: FakeClock) -> None:
    stopping = threading.Event()
    store.register(Registration(KEY, {"v": 1}))
    (claim,) = store.claim(1, {KEY.kind: 30.0})
    context = Context(store, claim, clock, Schema(KEY.kind, dict, dict), stopping.is_set)
    with KeepAlive(context) as hold:
        hold.keep()
        stopping.set()
        with pytest.raises(Interrupted, match="being restarted"):
            hold.keep()


def test_the_step_is_usable_in_between(context: Held) -> None:
    with KeepAlive(context, every=0.0005):
        for number in range(200):
            context.status["number"] = number
            context.save()
    assert context.saved[KEY.kind]["number"] == 199


def test_what_a_step_has_not_saved_is_not_saved_for_it(store: Watched, context: Held) -> None:
    context.status["number"] = 1
    context.save()
    context.status["number"] = 2
    while store.renewed.acquire(blocking=False):
        pass
    with KeepAlive(context, every=0.001):
        assert store.renewed.acquire(timeout=5)
    assert context.saved[KEY.kind] == {"number": 1}
    assert context.status == {"number": 2}


def test_a_store_that_is_away_is_tried_again(store: Watched, context: Held) -> None:
    store.failures = 2
    with KeepAlive(context, every=0.001):
        assert store.failed.wait(5)
        assert store.renewed.acquire(timeout=5)


def test_a_claim_that_was_lost_shows_at_the_next_save(
    store: Watched, clock: FakeClock, context: Held
) -> None:
    clock.advance(31)
    assert len(store.claim(10, 30.0)) == 1
    with KeepAlive(context, every=0.001) as hold:
        hold._thread.join(timeout=5)
        assert not hold._thread.is_alive(), "there is nothing to renew"
    with pytest.raises(StaleClaim):
        context.save()


def test_keeping_renews_only_when_half_of_it_is_over(store: Watched, clock: FakeClock, context: Held) -> None:
    with KeepAlive(context, every=60) as hold:
        clock.advance(10)
        hold.keep()
        assert context.seconds_left() == pytest.approx(20)
        clock.advance(10)
        hold.keep()
        assert context.seconds_left() == pytest.approx(30)
