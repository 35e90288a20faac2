"""A claim in a reconciler's hands."""

import pytest

from bot.controller.context import TOLD, OutOfTime
from bot.controller.model import Done, Key, Registration, RequeueAfter, StaleClaim
from tests.doubles.clock import FakeClock
from tests.doubles.resources import InMemoryResources, claimed_step

JOB = Key("job", "a1b2")


def saved(numbers: list[int]) -> dict[str, object]:
    return {"v": 1, "job": {"list": numbers}}


def test_spec_and_status_are_copies() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    context = claimed_step(store, clock, JOB, {"list": [1]}, {"list": [1]})
    context.spec["list"].append(2)
    context.status["list"].append(2)
    resource = store.get(JOB)
    assert resource is not None
    assert (resource.spec, resource.status, context.saved) == ({"list": [1]}, saved([1]), saved([1]))
    context.save()
    context.status["list"].append(3)
    assert context.saved == saved([1, 2]), "what was saved is not what is being worked on"


def test_saving_renews_the_lease_and_registers_others() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    context = claimed_step(store, clock, JOB, {})
    clock.advance(29)
    assert context.seconds_left() == pytest.approx(1)
    context.save(also=[Registration(Key("release", "r"), {})])
    assert context.seconds_left() == pytest.approx(30)
    assert store.get(Key("release", "r")) is not None


def test_time_is_asked_for_before_effects() -> None:
    clock = FakeClock()
    context = claimed_step(InMemoryResources(clock), clock, JOB, {})
    context.ensure_time(30)
    clock.advance(25)
    context.ensure_time(5)
    with pytest.raises(OutOfTime):
        context.ensure_time(5.1)


def test_an_effect_that_no_lease_is_long_enough_for_is_a_defect_and_no_endless_loop() -> None:
    clock = FakeClock()
    with pytest.raises(ValueError, match="too short"):
        claimed_step(InMemoryResources(clock), clock, JOB, {}).ensure_time(31)


def test_a_wall_clock_that_is_set_does_not_move_the_lease() -> None:
    clock = FakeClock()
    context = claimed_step(InMemoryResources(clock), clock, JOB, {})
    clock.step(-86400)
    assert context.seconds_left() == pytest.approx(30)
    clock.step(2 * 86400)
    assert context.seconds_left() == pytest.approx(30)


def test_the_store_is_asked_for_its_time_once_a_second_of_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    context = claimed_step(store, clock, JOB, {})
    asked: list[float] = []
    now = store.now

    def counted() -> float:
        asked.append(now())
        return asked[-1]

    monkeypatch.setattr(store, "now", counted)
    for _ in range(4):
        assert context.now() == pytest.approx(now())
        clock.advance(TOLD / 4)
    clock.step(-60)
    assert context.now() == pytest.approx(now()), "a clock that was set is seen a second later"
    assert len(asked) == 2


def test_a_step_that_was_overtaken_can_save_nothing() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    context = claimed_step(store, clock, JOB, {})
    clock.advance(31)
    store.claim(1, 30)
    context.status["x"] = 1
    with pytest.raises(StaleClaim):
        context.save()
    with pytest.raises(StaleClaim):
        context.finish(RequeueAfter(0))
    resource = store.get(JOB)
    assert resource is not None
    assert resource.status == {}


def test_it_knows_when_the_store_wants_it_again() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    context = claimed_step(store, clock, JOB, {})
    context.finish(RequeueAfter(40))
    assert context.wanted_in() == pytest.approx(40)
    clock.advance(15)
    clock.step(-7200)
    assert context.wanted_in() == pytest.approx(25)


def test_being_enqueued_under_the_lease_shows_when_it_is_given_back() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    context = claimed_step(store, clock, JOB, {})
    clock.advance(3)
    store.enqueue_now(JOB)
    context.finish(RequeueAfter(40))
    assert context.wanted_in() == pytest.approx(0)


def test_what_it_registered_is_wanted_at_once_and_what_is_done_never() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    context = claimed_step(store, clock, JOB, {})
    context.save(also=[Registration(Key("release", "r"), {})])
    context.finish(RequeueAfter(40))
    assert context.wanted_in() == 0
    done = claimed_step(store, clock, Key("job", "other"), {})
    done.finish(Done())
    assert done.wanted_in() == float("inf")


def test_it_knows_whether_something_waits_for_its_turn() -> None:
    clock = FakeClock()
    context = claimed_step(InMemoryResources(clock), clock, JOB, {})
    assert not context.comes_back
    context.come_back_in(50)
    assert context.comes_back
