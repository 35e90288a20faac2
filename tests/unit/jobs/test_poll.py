from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from bot.controller.context import AnyContext
from bot.controller.controller import Controller
from bot.controller.crash_points import crashing
from bot.controller.model import Done, Key, Registration, RequeueAfter
from bot.jobs import poll
from bot.jobs.dependencies import Cadence
from bot.jobs.history import Run
from bot.jobs.model import StageState
from bot.jobs.poll import PollReconciler, last_listing
from bot.kinds import KINDS
from tests.doubles import bedrock
from tests.doubles.resources import claimed, claimed_step
from tests.doubles.world import Crash, World
from tests.unit.jobs.samples import plan

WEST = "us-west-2"
POLL = Key("poll", WEST)


@pytest.fixture
def world() -> World:
    return World(cadence=Cadence(poll=60, refresh=60))


def started(world: World, name: str = plan().job_name) -> str:
    job = world.jobs.propose(plan(job_name=name, model_name=name))
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    return job


def claim(world: World, region: str) -> AnyContext:
    return claimed(world.store, world.clock, poll.registration(region), poll.SCHEMA)


def polled(world: World, seed: int = 1) -> RequeueAfter | Done:
    reconciler = PollReconciler(
        world.customization, world.observations, world.store, world.clock, Random(seed), 60.0
    )
    context = claim(world, WEST)
    outcome = reconciler(context)
    context.finish(outcome)
    return outcome


def test_with_nothing_to_follow_it_asks_nothing_and_ends(world: World) -> None:
    assert polled(world) == Done()
    assert world.customization.calls["list_since"] == 0


def test_it_is_quick_while_a_job_is_young_and_calm_after(world: World) -> None:
    started(world)
    young = polled(world)
    world.clock.advance(200)
    old = polled(world)

    assert isinstance(young, RequeueAfter)
    assert isinstance(old, RequeueAfter)
    assert 13.5 <= young.seconds <= 16.5
    assert 54 <= old.seconds <= 66


def test_intervals_are_spread_by_a_tenth(world: World) -> None:
    started(world)
    world.clock.advance(200)
    waits = set()
    for seed in range(30):
        outcome = polled(world, seed)
        assert isinstance(outcome, RequeueAfter)
        waits.add(outcome.seconds)
        world.clock.advance(40)

    assert len(waits) > 20
    assert min(waits) >= 54
    assert max(waits) <= 66


def test_an_unchanged_job_is_not_woken(world: World) -> None:
    job = Key("job", started(world))
    world.clock.advance(200)
    polled(world)
    world.pass_time(1)
    before = world.store.get(job)
    world.clock.advance(10)
    polled(world)
    after = world.store.get(job)

    assert before is not None
    assert after is not None
    assert after.due_at == before.due_at


def test_a_job_is_listed_however_wrong_our_clock_is(world: World) -> None:
    started(world)
    world.clock.step(-1800)
    polled(world)

    listed = last_listing(world.observations, WEST, plan().job_name)
    assert listed is not None
    assert listed.observation is not None


def test_a_followed_job_that_is_not_listed_is_known_as_that(world: World) -> None:
    started(world)
    polled(world)
    world.customization.jobs.clear()
    polled(world)

    listed = last_listing(world.observations, WEST, plan().job_name)
    assert listed is not None
    assert listed.observation is None


def test_jobs_of_other_regions_are_left_to_their_own_poll(world: World) -> None:
    started(world)
    reconciler = PollReconciler(
        world.customization, world.observations, world.store, world.clock, Random(1), 60.0
    )
    context = claim(world, "us-east-1")

    assert reconciler(context) == Done()


def test_ensuring_a_poll_adds_it_once_and_brings_it_back(world: World) -> None:
    poll.ensure(world.store, WEST)
    poll.ensure(world.store, WEST)
    assert len(world.store.of_kind("poll")) == 1
    world.turn()
    done = world.store.get(POLL)
    assert done is not None
    assert done.done

    poll.ensure(world.store, WEST)
    back = world.store.get(POLL)
    assert back is not None
    assert not back.done


def test_a_job_whose_poll_was_forgotten_brings_it_back(world: World) -> None:
    started(world)
    world.pass_time(120)
    del world.store._rows[POLL]
    world.pass_time(timedelta(minutes=6).total_seconds())

    resource = world.store.get(POLL)
    assert resource is not None
    assert not resource.done


# Cadence


def waited(world: World) -> float:
    outcome = polled(world)
    assert isinstance(outcome, RequeueAfter)
    return outcome.seconds


@pytest.mark.slow
def test_it_is_quick_again_when_an_end_is_expected(world: World) -> None:
    """Three earlier jobs took an hour: from two minutes before the earliest of them ended."""
    for n, minutes in enumerate([60, 61, 66]):
        ended = world.clock.now() - timedelta(days=1)
        took = minutes * 60.0
        world.history.save(Run(f"old-{n}", "claude-3-haiku", 85, 2, (("Training", took),), took, ended))
    started(world)
    world.customization.training(plan().job_name)
    world.pass_time(130)
    assert waited(world) >= 54

    world.pass_time(3600 - 130 - 90)
    assert waited(world) < 17
    world.pass_time(520)
    assert waited(world) >= 54, "it takes longer than any before: nothing to hurry for"


def test_it_is_quick_while_a_job_is_being_stopped(world: World) -> None:
    job = started(world)
    world.pass_time(300)
    assert waited(world) >= 54
    world.jobs.stop(job, "UTRAIN")
    world.pass_time(120)

    assert waited(world) < 17


def test_a_throttled_listing_is_made_half_as_often_each_time_up_to_five_minutes(world: World) -> None:
    started(world)
    world.clock.advance(200)
    world.customization.order("list_since", *[bedrock.throttled()] * 5)
    waits = [waited(world) for _ in range(5)]

    for seconds, wanted in zip(waits, [120, 240, 300, 300, 300], strict=True):
        assert 0.9 * wanted <= seconds <= 1.1 * wanted
    assert waited(world) <= 66


def test_while_the_listing_is_throttled_no_job_asks_for_itself(world: World) -> None:
    started(world)
    world.pass_time(300)
    asked = world.customization.calls["get"]
    world.customization.order("list_since", *[bedrock.throttled()] * 4)
    world.pass_time(900)

    assert world.customization.calls["get"] == asked
    world.customization.complete(plan().job_name)
    world.pass_time(400)
    assert len(world.said("JobEnded")) == 1


@pytest.mark.slow
def test_many_jobs_cost_one_listing_and_a_question_for_what_ended(world: World) -> None:
    for n in range(20):
        started(world, f"job-{n}")
    world.pass_time(200, step=20)
    before = dict(world.customization.calls)
    world.customization.complete("job-7")
    world.pass_time(121, step=11)

    calls = {
        each: world.customization.calls[each] - before.get(each, 0) for each in world.customization.calls
    }
    assert calls["list_since"] <= 3
    assert calls["get"] == 1
    assert len(world.said("JobEnded")) == 1


# Level-triggered: nothing depends on a tick


def told(world: World) -> list[str]:
    return [each.message.text.split(":")[0] for each in world.messages.everything_posted]


def life(world: World, ticks: Callable[[World], None]) -> list[str]:
    """One job from its start to its end, with the same ticks all along."""
    started(world)
    world.customization.training(plan().job_name)
    for _ in range(6):
        ticks(world)
    world.customization.complete(plan().job_name)
    for _ in range(10):
        ticks(world)
    return told(world)


def missed(world: World) -> None:
    """Nobody looks for ten minutes, then once."""
    world.clock.advance(600)
    world.turn()


def repeated(world: World) -> None:
    """Everything is looked at again and again though nothing is due."""
    for _ in range(3):
        world.clock.advance(20)
        world.store.enqueue_now(*(each.key for kind in ("job", "poll") for each in world.store.of_kind(kind)))
        world.turn()


def two_at_once(world: World) -> None:
    """Two processes, tick by tick."""
    other = Controller(world.store, world.reconcilers(), world.clock, random=lambda: 1.0, kinds=KINDS)
    for _ in range(12):
        world.clock.advance(5)
        world.controller.tick(1)
        other.tick(1)


def in_time(world: World) -> None:
    world.pass_time(60)


@pytest.mark.slow
@pytest.mark.parametrize("ticks", [missed, repeated, two_at_once])
def test_a_missed_tick_a_repeated_one_or_two_at_once_change_nothing(ticks: Callable[[World], None]) -> None:
    usual, other = World(), World()

    assert life(other, ticks) == life(usual, in_time)
    assert other.customization.calls["create"] == 1
    assert len(other.messages.visible()) == len(other.messages.everything_posted)


def test_what_a_kill_kept_from_being_enqueued_is_enqueued_by_the_next_poll() -> None:
    """A job may sleep for minutes, so that it must not need its own look to see what a dead poll has kept."""
    world = World(cadence=Cadence(poll=60, refresh=290))
    job = Key("job", started(world))
    world.pass_time(200)
    world.store.enqueue_now(job)
    world.turn()
    world.customization.training(plan().job_name)

    def die(name: str) -> None:
        if name == "after-observations":
            raise Crash

    world.clock.advance(70)
    with crashing(die), pytest.raises(Crash):
        world.turn()
    listed = last_listing(world.observations, WEST, plan().job_name)
    before = world.store.get(job)
    assert listed is not None
    assert listed.observation is not None
    assert listed.observation.stages[-1].state is StageState.IN_PROGRESS, "it is kept, and nobody was told"
    assert before is not None
    assert before.due_at is not None

    world.clock.advance(31)
    assert before.due_at > world.store.now(), "it would not have looked by itself"
    world.turn()

    assert any("Phase.TRAINING" in each.message.text for each in world.said("JobCard"))
    left = world.store.get(POLL)
    assert left is not None
    assert "to enqueue" not in left.status


def test_what_is_not_followed_yet_is_news_to_the_first_listing_that_can_wake_it(world: World) -> None:
    started(world)
    polled(world)
    other = plan(job_name="made-elsewhere", model_name="made-elsewhere")
    world.customization.create(other, {})
    polled(world)

    assert world.observations.get(WEST, other.job_name) == [None]


def test_jobs_are_polled_however_many_have_ended_since(world: World) -> None:
    """Those that are done are kept for a week, and must not push out what still runs."""
    job = Key("job", started(world))
    for number in range(1_001):
        store_done(world, f"done-{number}")
    world.clock.advance(200)
    world.customization.training(plan().job_name)
    polled(world)

    woken = world.store.get(job)
    assert woken is not None
    assert woken.due_at == world.store.now()


def store_done(world: World, job_id: str) -> None:
    world.store.register(Registration(Key("job", job_id), {"plan": {"region": WEST}}))
    claimed_step(world.store, world.clock, Key("job", job_id), {}).finish(Done())
