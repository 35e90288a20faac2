from datetime import timedelta
from random import Random

import pytest

from bot.following.kinds import poll
from bot.following.kinds.job_work import Cadence
from bot.following.kinds.poll import PollReconciler, last_listing
from bot.following.model import Again, Done, Key
from tests.doubles.things import claimed_step
from tests.doubles.world import World
from tests.unit.jobs.samples import plan

WEST = "us-west-2"
POLL = Key("poll", WEST)


@pytest.fixture
def world() -> World:
    return World(cadence=Cadence(poll=60, refresh=60))


def started(world: World, name: str = plan().job_name) -> str:
    job = world.jobs.propose(plan(job_name=name, model_name=name))
    world.turn()
    world.jobs.press(job, "start", "UTRAIN")
    world.turn()
    return job


def polled(world: World, seed: int = 1) -> Again | Done:
    reconciler = PollReconciler(
        world.customization, world.observations, world.store, world.clock, Random(seed), 60.0
    )
    step = claimed_step(world.store, world.clock, POLL, {"v": 1, "region": WEST})
    outcome = reconciler(step)
    step.finish(outcome)
    return outcome


def test_with_nothing_to_follow_it_asks_nothing_and_ends(world: World) -> None:
    assert polled(world) == Done()
    assert world.customization.calls["list_since"] == 0


def test_it_is_quick_while_a_job_is_young_and_calm_after(world: World) -> None:
    started(world)
    young = polled(world)
    world.clock.advance(200)
    old = polled(world)

    assert isinstance(young, Again)
    assert isinstance(old, Again)
    assert 13.5 <= young.seconds <= 16.5
    assert 54 <= old.seconds <= 66


def test_intervals_are_spread_by_a_tenth(world: World) -> None:
    started(world)
    world.clock.advance(200)
    waits = set()
    for seed in range(30):
        outcome = polled(world, seed)
        assert isinstance(outcome, Again)
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
    step = claimed_step(world.store, world.clock, Key("poll", "us-east-1"), {"v": 1, "region": "us-east-1"})

    assert reconciler(step) == Done()


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

    thing = world.store.get(POLL)
    assert thing is not None
    assert not thing.done
