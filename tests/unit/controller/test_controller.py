"""The loop: what it makes of each outcome and each failure, and that nothing ends it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.controller.context import AnyContext, AnyReconciler, NotReady, OutOfTime
from bot.controller.controller import Controller, Pace
from bot.controller.lanes import Lanes
from bot.controller.model import Done, Key, Outcome, Registration, RequeueAfter, Resource, StaleClaim
from bot.errors import Interrupted, Misconfigured, NotItsTurn, Throttled, Unavailable, UnknownOutcome
from bot.logs import met_by
from tests.doubles.clock import FakeClock
from tests.doubles.following_logs import InMemoryHeartbeats
from tests.doubles.kinds import BARE
from tests.doubles.resources import InMemoryResources

JOB = Key("job", "a1b2")


class World:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = InMemoryResources(self.clock)
        self.store.register(Registration(JOB, {}))
        self.kinds = dict(BARE)

    def controller(self, *, pace: Pace | None = None, **reconcilers: AnyReconciler) -> Controller:
        return Controller(self.store, reconcilers, self.clock, pace, random=lambda: 1.0, kinds=self.kinds)

    @property
    def job(self) -> Resource:
        resource = self.store.get(JOB)
        assert resource is not None
        return resource

    @property
    def done(self) -> dict[str, Any]:
        """What the reconciler wrote."""
        own: dict[str, Any] = self.job.status.get("job", {})
        return own

    @property
    def failing(self) -> dict[str, Any]:
        """What goes wrong, as the engine keeps it."""
        failing: dict[str, Any] = self.job.status.get("failing", {})
        return failing

    @property
    def due_in(self) -> float:
        assert self.job.due_at is not None
        return self.job.due_at - self.store.now()


@pytest.fixture
def world() -> World:
    return World()


def failing(*errors: Exception, then: Outcome | None = None) -> AnyReconciler:
    left = list(errors)

    def reconcile(context: AnyContext) -> Outcome:
        context.status["half"] = True
        if left:
            raise left.pop(0)
        return then or RequeueAfter(60)

    return reconcile


def test_an_outcome_is_committed_with_the_status(world: World) -> None:
    def reconcile(context: AnyContext) -> Outcome:
        context.status["phase"] = "training"
        return RequeueAfter(60)

    controller = world.controller(job=reconcile)
    assert controller.tick() == 1
    assert (world.done, world.due_in) == ({"phase": "training"}, 54)
    assert controller.tick() == 0
    world.clock.advance(60)
    assert controller.tick() == 1


def test_done_is_done(world: World) -> None:
    controller = world.controller(job=lambda _: Done())
    controller.tick()
    assert world.job.done
    world.clock.advance(1000)
    assert controller.tick() == 0


def test_kinds_without_a_reconciler_are_left_to_others(world: World) -> None:
    assert world.controller(lease=lambda _: Done()).tick() == 0
    assert world.job.resource_version == 0


def test_failures_back_off_doubling_and_are_counted_until_one_succeeds(world: World) -> None:
    controller = world.controller(job=failing(*[Unavailable("AWS is away.")] * 12))
    waits = []
    for _ in range(12):
        assert controller.tick() == 1
        waits.append(world.due_in)
        world.clock.advance(world.due_in)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert world.failing["waits"] == 12
    assert not world.failing.get("tries"), "a vendor that is away is no failure"
    assert world.failing["error"] == "AWS is away."
    assert "half" not in world.done, "a step that failed half-way proves nothing"
    controller.tick()
    assert (world.done, world.failing) == ({"half": True}, {})


def test_jitter_takes_off_up_to_a_half(world: World) -> None:
    Controller(
        world.store,
        {"job": failing(Unavailable("x"))},
        world.clock,
        Pace(first_retry=10),
        random=lambda: 0.0,
        kinds=BARE,
    ).tick()
    assert world.due_in == 5


def test_a_throttled_step_waits_at_least_as_long_as_it_was_told(world: World) -> None:
    world.controller(job=failing(Throttled("slow", retry_after=45))).tick()
    assert world.due_in == 45


@pytest.mark.parametrize("times", [1, 4])
def test_what_was_interrupted_by_the_end_of_the_process_is_due_at_once_and_is_no_failure(
    world: World, times: int
) -> None:
    controller = world.controller(job=failing(*[Interrupted()] * times))
    for _ in range(times):
        controller.tick()
        assert world.due_in <= 0
    assert not world.failing.get("tries")


def test_throttles_are_never_counted_as_failures_and_wait_ever_longer(world: World) -> None:
    slow = Throttled("slow", retry_after=5)
    controller = world.controller(job=failing(*[slow] * 9, Unavailable("away"), slow))
    waits = []
    for _ in range(9):
        controller.tick()
        waits.append(world.due_in)
        world.clock.advance(world.due_in)
    assert waits == [5, 5, 5, 8, 16, 32, 60, 60, 60]
    assert not world.failing.get("tries")
    controller.tick()
    assert (world.failing["waits"], world.due_in) == (1, 1)
    world.clock.advance(1)
    controller.tick()
    assert world.failing["waits"] == 1
    world.clock.advance(60)
    controller.tick()
    assert (world.done, world.failing) == ({"half": True}, {}), "once it succeeds, all of it is forgotten"


def test_who_waits_for_its_turn_comes_back_when_it_is_however_often_it_waited(world: World) -> None:
    """Later, it would have lost its place: who had waited often came too late each time, and began anew each time."""
    controller = world.controller(job=failing(*[NotItsTurn("slow", retry_after=5)] * 9))
    for _ in range(9):
        controller.tick()
        assert world.due_in == 5
        world.clock.advance(5)
    assert not world.failing.get("tries")


def test_what_was_saved_stays_when_the_step_fails_later(world: World) -> None:
    def reconcile(context: AnyContext) -> Outcome:
        context.status["first"] = "done"
        context.save()
        context.status["second"] = "half"
        raise UnknownOutcome("no answer")

    world.controller(job=reconcile).tick()
    assert world.done["first"] == "done"
    assert "second" not in world.done


def test_later_keeps_the_status_and_counts_no_failure(world: World) -> None:
    world.controller(job=failing(NotReady(17))).tick()
    assert (world.done, world.due_in) == ({"half": True}, 17)


def test_out_of_time_gives_the_thing_back_at_once(world: World) -> None:
    world.controller(job=failing(OutOfTime())).tick()
    assert (world.done, world.due_in) == ({"half": True}, 0)


def test_a_stale_step_is_dropped_quietly(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        world.controller(job=failing(StaleClaim("other"))).tick()
    assert not caplog.records
    assert world.due_in == 30, "the other's lease"


@pytest.mark.parametrize("error", [ValueError("a defect"), Misconfigured("no role"), KeyError("x")])
def test_any_other_failure_is_logged_with_its_thing_and_backed_off(
    world: World, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    controller = world.controller(job=failing(error))
    assert controller.tick() == 1
    [record] = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "job:a1b2" in record.getMessage()
    assert record.exc_info
    assert world.due_in == 1
    world.clock.advance(1)
    assert controller.tick() == 1
    assert world.due_in == 54


def test_a_status_that_is_no_json_does_not_end_the_loop(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def reconcile(context: AnyContext) -> Outcome:
        context.status["x"] = object()
        return Done()

    assert world.controller(job=reconcile).tick() == 1
    assert "job:a1b2" in caplog.text
    assert world.due_in == 30, "it waits for its lease to end"


def test_a_store_that_goes_away_in_a_step_leaves_the_thing_to_its_lease(world: World) -> None:
    def reconcile(_: AnyContext) -> Outcome:
        world.store.down = True
        return Done()

    controller = world.controller(job=reconcile)
    controller.tick()
    with pytest.raises(Unavailable):
        controller.tick()
    world.store.down = False
    assert not world.job.done
    world.clock.advance(30)
    assert controller.tick() == 1


def test_urgent_kinds_go_first_however_much_waits(world: World) -> None:
    ran: list[str] = []

    def note(context: AnyContext) -> Outcome:
        ran.append(str(context.key))
        return RequeueAfter(100)

    for number in range(50):
        world.store.register(Registration(Key("job", f"{number}"), {}))
    world.clock.advance(100)
    world.store.register(Registration(Key("release", "money"), {}))
    world.controller(job=note, release=note, pace=Pace(lanes=Lanes(work=3))).tick()
    assert ran[0] == "release:money"
    assert len(ran) == 4


def test_a_kind_may_have_a_longer_lease(world: World) -> None:
    world.store.register(Registration(Key("question", "q"), {}))
    leases = {}

    def note(context: AnyContext) -> Outcome:
        leases[context.key.kind] = context.lease
        return Done()

    world.kinds["question"] = replace(BARE["question"], lease=120.0)
    world.controller(job=note, question=note).tick()
    assert leases == {"job": 30.0, "question": 120.0}


def test_a_new_spec_under_a_lease_is_worked_on_next(world: World) -> None:
    seen = []

    def reconcile(context: AnyContext) -> Outcome:
        seen.append(dict(context.spec))
        if len(seen) == 1:
            world.store.amend(JOB, lambda _: {"stop": True})
        return Done()

    controller = world.controller(job=reconcile)
    while controller.tick():
        pass
    assert seen == [{}, {"stop": True}]
    assert world.job.done


# The threads


def running(controller: Controller) -> tuple[threading.Event, threading.Thread, list[int]]:
    stop, left = threading.Event(), list[int]()
    thread = threading.Thread(target=lambda: left.append(controller.run(stop)))
    thread.start()
    return stop, thread, left


def finish(controller: Controller, stop: threading.Event, thread: threading.Thread) -> None:
    stop.set()
    controller.wake()
    thread.join(10)
    assert not thread.is_alive()


def test_run_follows_until_it_is_stopped_and_says_that_it_lives(world: World) -> None:
    ran = threading.Semaphore(0)
    beats = InMemoryHeartbeats(world.clock)

    def reconcile(_: AnyContext) -> Outcome:
        ran.release()
        return Done()

    controller = Controller(
        world.store, {"job": reconcile}, world.clock, heartbeats=beats, name="me", kinds=BARE
    )
    stop, thread, left = running(controller)
    assert ran.acquire(timeout=10)
    world.store.register(Registration(Key("job", "second"), {}))
    controller.wake()
    assert ran.acquire(timeout=10)
    finish(controller, stop, thread)
    assert left == [0]
    assert beats.last() == {"me": 0.0}


def test_what_stands_comes_back_when_the_store_was_emptied(world: World) -> None:
    """The sweep finds what a store has forgotten, so no store may forget the sweep."""
    empty = InMemoryResources(world.clock).image()
    sweep = Registration(Key("account", "us-west-2"), {"v": 1})
    controller = Controller(
        world.store, {"account": lambda _: RequeueAfter(60)}, world.clock, standing=[sweep], kinds=BARE
    )
    stop, thread, _ = running(controller)
    _until(lambda: world.store.get(sweep.key) is not None)
    world.store.roll_back(empty)
    assert world.store.get(sweep.key) is None
    world.clock.advance(6)
    controller.wake()
    _until(lambda: world.store.get(sweep.key) is not None)
    finish(controller, stop, thread)


def test_steps_run_side_by_side(world: World) -> None:
    barrier = threading.Barrier(3, timeout=10)

    def reconcile(_: AnyContext) -> Outcome:
        barrier.wait()
        return Done()

    for number in range(2):
        world.store.register(Registration(Key("job", f"{number}"), {}))
    controller = world.controller(job=reconcile, pace=Pace(lanes=Lanes(work=3)))
    stop, thread, _ = running(controller)
    _until(lambda: world.job.done)
    finish(controller, stop, thread)


SLEEPY = Pace(busy=600, idle=600)
"""Looks by itself once in ten minutes: whatever happens sooner was called for."""


def test_what_is_due_again_soon_is_not_slept_through(world: World) -> None:
    times: list[int] = []

    def reconcile(_: AnyContext) -> Outcome:
        times.append(1)
        return RequeueAfter(0) if len(times) < 5 else Done()

    controller = world.controller(job=reconcile, pace=SLEEPY)
    stop, thread, _ = running(controller)
    _until(lambda: world.job.done)
    finish(controller, stop, thread)
    assert len(times) == 5


def test_what_a_step_registers_begins_at_once(world: World) -> None:
    def reconcile(context: AnyContext) -> Outcome:
        context.save(also=[Registration(Key("notification", "t"), {})])
        return Done()

    controller = world.controller(job=reconcile, notification=lambda _: Done(), pace=SLEEPY)
    stop, thread, _ = running(controller)
    _until(lambda: bool((told := world.store.get(Key("notification", "t"))) and told.done))
    finish(controller, stop, thread)


def test_more_than_there_are_threads_for_follows_without_a_pause(world: World) -> None:
    for number in range(20):
        world.store.register(Registration(Key("job", str(number)), {}))
    controller = world.controller(job=lambda _: Done(), pace=replace(SLEEPY, lanes=Lanes(work=3)))
    stop, thread, _ = running(controller)
    _until(lambda: not world.store.unfinished("job"))
    finish(controller, stop, thread)


def test_urgent_things_have_threads_that_nothing_slow_runs_on(world: World) -> None:
    """However many slow steps hold all other threads: what is urgent and due now is done now."""
    slow, go_on, released = threading.Semaphore(0), threading.Event(), threading.Semaphore(0)

    def takes_long(_: AnyContext) -> Outcome:
        slow.release()
        assert go_on.wait(20)
        return Done()

    def release(_: AnyContext) -> Outcome:
        released.release()
        return Done()

    for number in range(9):
        world.store.register(Registration(Key("job", f"slow{number}"), {}))
    controller = world.controller(
        pace=Pace(lanes=Lanes(work=3), busy=0.01, idle=0.02), job=takes_long, release=release
    )
    stop, thread, _ = running(controller)
    for _ in range(3):
        assert slow.acquire(timeout=20)
    for number in range(4):
        world.store.register(Registration(Key("release", f"r{number}"), {}))
        controller.wake()
        assert released.acquire(timeout=20), "while all others wait"
    assert not slow.acquire(blocking=False), "and none of those has taken a reserved thread"
    go_on.set()
    finish(controller, stop, thread)


def test_run_outlives_a_store_that_is_away(world: World, caplog: pytest.LogCaptureFixture) -> None:
    ran, tried = threading.Event(), threading.Semaphore(0)
    claim = world.store.claim_for

    def watched(*args: Any) -> Any:
        tried.release()
        return claim(*args)

    world.store.claim_for = watched  # type: ignore[method-assign, assignment]
    world.store.down = True

    def reconcile(_: AnyContext) -> Outcome:
        ran.set()
        return Done()

    controller = world.controller(job=reconcile, pace=Pace(busy=0.001, away=0.002))
    stop, thread, _ = running(controller)
    for _ in range(5):
        assert tried.acquire(timeout=10)
    world.store.down = False
    assert ran.wait(10)
    finish(controller, stop, thread)
    warnings = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert len(warnings) >= 4, "each is counted; that it is written once is the log's part"
    assert len({met_by(each) for each in warnings}) == 1


def test_run_outlives_a_defect_of_the_store(world: World, caplog: pytest.LogCaptureFixture) -> None:
    ran, claim, defects = threading.Event(), world.store.claim_for, [RuntimeError("a defect")]

    def defective(*args: Any) -> Any:
        if defects:
            raise defects.pop()
        return claim(*args)

    world.store.claim_for = defective  # type: ignore[method-assign, assignment]

    def reconcile(_: AnyContext) -> Outcome:
        ran.set()
        return Done()

    controller = world.controller(job=reconcile, pace=Pace(busy=0.001))
    stop, thread, _ = running(controller)
    assert ran.wait(10)
    finish(controller, stop, thread)
    assert "Claiming failed" in caplog.text


def test_what_is_in_hand_is_finished_and_what_takes_too_long_is_told(world: World) -> None:
    started, go_on = threading.Event(), threading.Event()
    stopping: list[bool] = []

    def reconcile(context: AnyContext) -> Outcome:
        started.set()
        go_on.wait(10)
        stopping.append(context.stopping)
        return Done()

    controller = world.controller(job=reconcile, pace=Pace(drain=0.01))
    stop, thread, left = running(controller)
    assert started.wait(10)
    finish(controller, stop, thread)
    assert left == [1]
    go_on.set()
    _until(lambda: world.job.done)
    assert stopping == [True]


def _until(reached: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1000):
        if reached():
            return
        pause.wait(0.01)
    pytest.fail("it was not reached")


@pytest.mark.parametrize(
    ("kind", "asked", "random", "due_in"),
    [
        ("job", 60.0, 1.0, 54.0),
        ("job", 60.0, 0.5, 57.0),
        ("job", 60.0, 0.0, 60.0),
        ("job", 20.0, 1.0, 20.0),
        ("release", 60.0, 1.0, 60.0),
    ],
)
def test_long_waits_are_spread_and_never_late_but_nothing_urgent(
    kind: str, asked: float, random: float, due_in: float
) -> None:
    clock = FakeClock()
    store = InMemoryResources(clock)
    store.register(Registration(Key(kind, "a"), {"v": 1}))
    Controller(store, {kind: lambda _: RequeueAfter(asked)}, clock, random=lambda: random, kinds=BARE).tick()

    resource = store.get(Key(kind, "a"))
    assert resource is not None
    assert resource.due_at == pytest.approx(store.now() + due_in)
