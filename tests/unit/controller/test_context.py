"""A claim in a reconciler's hands."""

import pytest

from bot.controller.context import OutOfTime
from bot.controller.model import Done, Key, Registration, RequeueAfter, StaleClaim
from tests.doubles.clock import FakeClock
from tests.doubles.resources import InMemoryResources, claimed_step

JOB = Key("job", "a1b2")


def saved(numbers: list[int]) -> dict[str, object]:
    return {"v": 1, "job": {"list": numbers}}


def test_spec_and_status_are_copies() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    step = claimed_step(store, clock, JOB, {"list": [1]}, {"list": [1]})
    step.spec["list"].append(2)
    step.status["list"].append(2)
    resource = store.get(JOB)
    assert resource is not None
    assert (resource.spec, resource.status, step.saved) == ({"list": [1]}, saved([1]), saved([1]))
    step.save()
    step.status["list"].append(3)
    assert step.saved == saved([1, 2]), "what was saved is not what is being worked on"


def test_saving_renews_the_lease_and_registers_others() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    step = claimed_step(store, clock, JOB, {})
    clock.advance(29)
    assert step.seconds_left() == pytest.approx(1)
    step.save(also=[Registration(Key("release", "r"), {})])
    assert step.seconds_left() == pytest.approx(30)
    assert store.get(Key("release", "r")) is not None


def test_time_is_asked_for_before_effects() -> None:
    clock = FakeClock()
    step = claimed_step(InMemoryResources(clock), clock, JOB, {})
    step.ensure_time(30)
    clock.advance(25)
    step.ensure_time(5)
    with pytest.raises(OutOfTime):
        step.ensure_time(5.1)


def test_an_effect_that_no_lease_is_long_enough_for_is_a_defect_and_no_endless_loop() -> None:
    clock = FakeClock()
    with pytest.raises(ValueError, match="too short"):
        claimed_step(InMemoryResources(clock), clock, JOB, {}).ensure_time(31)


def test_a_wall_clock_that_is_set_does_not_move_the_lease() -> None:
    clock = FakeClock()
    step = claimed_step(InMemoryResources(clock), clock, JOB, {})
    clock.step(-86400)
    assert step.seconds_left() == pytest.approx(30)
    clock.step(2 * 86400)
    assert step.seconds_left() == pytest.approx(30)


def test_a_step_that_was_overtaken_can_save_nothing() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    step = claimed_step(store, clock, JOB, {})
    clock.advance(31)
    store.claim(1, 30)
    step.status["x"] = 1
    with pytest.raises(StaleClaim):
        step.save()
    with pytest.raises(StaleClaim):
        step.finish(RequeueAfter(0))
    resource = store.get(JOB)
    assert resource is not None
    assert resource.status == {}


def test_it_knows_when_the_store_wants_it_again() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    step = claimed_step(store, clock, JOB, {})
    step.finish(RequeueAfter(40))
    assert step.wanted_in() == pytest.approx(40)
    clock.advance(15)
    clock.step(-7200)
    assert step.wanted_in() == pytest.approx(25)


def test_being_enqueued_under_the_lease_shows_when_it_is_given_back() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    step = claimed_step(store, clock, JOB, {})
    clock.advance(3)
    store.enqueue_now(JOB)
    step.finish(RequeueAfter(40))
    assert step.wanted_in() == pytest.approx(0)


def test_what_it_registered_is_wanted_at_once_and_what_is_done_never() -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    step = claimed_step(store, clock, JOB, {})
    step.save(also=[Registration(Key("release", "r"), {})])
    step.finish(RequeueAfter(40))
    assert step.wanted_in() == 0
    done = claimed_step(store, clock, Key("job", "other"), {})
    done.finish(Done())
    assert done.wanted_in() == float("inf")


def test_it_knows_whether_something_waits_for_its_turn() -> None:
    clock = FakeClock()
    step = claimed_step(InMemoryResources(clock), clock, JOB, {})
    assert not step.comes_back
    step.come_back_in(50)
    assert step.comes_back
