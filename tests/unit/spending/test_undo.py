"""What ends something can be taken back for ten seconds, whatever it would end; then it is carried out, once."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.controller.model import Key
from bot.deletions.service import DeletionService, key_of
from bot.errors import Refused
from bot.jobs.model import Phase
from bot.leases.model import RELEASE_SCHEMA
from bot.leases.remembered_deadlines import deadline_of
from bot.schedules import hours
from bot.spending import undo
from bot.spending.model import Request
from tests.doubles.classroom import Classroom
from tests.doubles.world import World
from tests.unit.jobs.samples import PRICES, model, plan

MADE = model()


@dataclass
class Ending:
    """Something that somebody wishes to end."""

    world: World
    wish: Callable[[str], object]
    keep: Callable[[str], object]
    ended: Callable[[], int]
    """How often it was carried out."""


def _job(world: World) -> str:
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    return job


def a_job(folder: Path) -> Ending:
    world = World()
    job = _job(world)
    return Ending(
        world,
        lambda by: world.jobs.stop(job, by),
        lambda by: world.jobs.keep(job, by),
        lambda: world.customization.calls["stop"],
    )


def _lease(world: World) -> str:
    world.models.save(MADE)
    wanted = world.leases.plan(model=MADE.name, minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(wanted)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    return lease


def a_lease(folder: Path) -> Ending:
    world = World()
    lease = _lease(world)
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return Ending(
        world,
        lambda by: world.leases.release(lease, by, of_another=True),
        lambda by: world.leases.keep(lease, by),
        lambda: world.endpoints.calls["delete"],
    )


def a_distillation(folder: Path) -> Ending:
    world = Classroom(folder)
    started = world.started()
    return Ending(
        world,
        lambda by: world.service.stop(started, by),
        lambda by: world.service.keep(started, by),
        lambda: world.jobs_at_bedrock.calls["stop"],
    )


def a_deployment(folder: Path) -> Ending:
    world = World()
    world.models.save(model("claims-nova", profile="nova-lite"))
    made = world.deploying.deploy(model="claims-nova", owner="UTRAIN", channel="C1", request="r")
    world.turn()
    world.deployments.active()
    world.pass_time(20)
    return Ending(
        world,
        lambda by: world.deploying.remove(made, by, of_another=True),
        lambda by: world.deploying.take_back(made, by),
        lambda: world.deployments.calls["delete"],
    )


def _plan(world: World, key: Key) -> Ending:
    world.turn()

    def over() -> int:
        resource = world.store.get(key)
        assert resource is not None
        return int(resource.status[key.kind]["phase"] == "cancelled")

    return Ending(
        world,
        lambda by: world.press(key.kind, key.id, "cancel", by),
        lambda by: world.votes.keep(key, by),
        over,
    )


def a_plan_of_a_job(folder: Path) -> Ending:
    world = World()
    return _plan(world, Key("job", world.jobs.propose(plan())))


def office_hours(folder: Path) -> Ending:
    world = World()
    world.models.save(MADE)
    made = world.schedules.propose(
        model=MADE.name, hours=hours.parse("daily/9-10"), weeks=1, owner="UTRAIN", channel="C1", request="r"
    )
    world.turn()
    world.press("schedule", made, "start", "UTRAIN")
    world.press("schedule", made, "approve", "UBOSS")
    world.turn()

    def over() -> int:
        resource = world.store.get(Key("schedule", made))
        assert resource is not None
        return int(resource.status["schedule"]["phase"] == "ended")

    return Ending(
        world, lambda by: world.schedules.stop(made, by), lambda by: world.schedules.keep(made, by), over
    )


def a_plan_of_a_lease(folder: Path) -> Ending:
    world = World()
    world.models.save(MADE)
    wanted = world.leases.plan(model=MADE.name, minutes=60, owner="UTRAIN", channel="C1", request="r")
    return _plan(world, Key("lease", world.leases.propose(wanted)))


def a_plan_of_a_sweep(folder: Path) -> Ending:
    world = World()
    values = ["2", "4"]
    sweep = world.sweeps.propose(
        source="claims", hyperparameter="epochs", values=values, owner="UTRAIN", channel="C1"
    )
    return _plan(world, Key("sweep", sweep))


def a_plan_of_a_distillation(folder: Path) -> Ending:
    world = Classroom(folder)
    return _plan(world, Key("distillation", world.propose().id))


def a_model(folder: Path) -> Ending:
    world = World()
    world.models.save(MADE)
    world.customization.models["us-west-2", MADE.name] = MADE.arn
    key = key_of(MADE.arn)

    def service(by: str) -> DeletionService:
        return DeletionService(
            world.store, world.directory(by), PRICES, replace(world.access, operator="UBOSS"), world.clock
        )

    return Ending(
        world,
        lambda by: service(by).delete(MADE.name, key, channel="C1", thread_ts=None),
        lambda by: service(by).keep(key),
        lambda: len(world.customization.deleted),
    )


EVERY = (
    a_job,
    a_lease,
    a_deployment,
    a_distillation,
    a_plan_of_a_job,
    office_hours,
    a_plan_of_a_lease,
    a_plan_of_a_sweep,
    a_plan_of_a_distillation,
    a_model,
)
every = pytest.mark.parametrize("made", EVERY, ids=lambda each: each.__name__)
Made = Callable[[Path], Ending]


@every
def test_what_is_kept_goes_on_and_who_comes_later_is_told_by_whom(tmp_path: Path, made: Made) -> None:
    it = made(tmp_path)
    it.wish("UTRAIN")
    it.world.pass_time(undo.SECONDS - 1, step=3)
    assert it.ended() == 0

    it.keep("UBOSS")
    it.keep("UBOSS")
    with pytest.raises(Refused, match="<@UBOSS> kept it already"):
        it.keep("UTRAIN")
    it.world.pass_time(60, step=30)
    assert it.ended() == 0

    it.wish("UTRAIN")
    it.world.pass_time(undo.SECONDS + 6, step=4)
    assert it.ended() == 1, "another wish is another one"


@every
def test_what_nobody_keeps_is_carried_out_once_and_a_late_press_is_told_who_had_asked(
    tmp_path: Path, made: Made
) -> None:
    it = made(tmp_path)
    it.wish("UTRAIN")
    it.world.turn()
    assert it.ended() == 0
    it.world.pass_time(undo.SECONDS + 6, step=4)
    assert it.ended() == 1
    with pytest.raises(Refused, match=re.escape("<@UTRAIN> asked for it, and it is carried out")):
        it.keep("UBOSS")
    it.world.pass_time(60, step=30)
    assert it.ended() == 1


@every
def test_a_press_in_the_last_moment_is_too_late_though_no_worker_has_looked(
    tmp_path: Path, made: Made
) -> None:
    it = made(tmp_path)
    it.wish("UTRAIN")
    it.world.clock.advance(undo.SECONDS)
    with pytest.raises(Refused, match="came too late"):
        it.keep("UTRAIN")
    it.world.turn()
    assert it.ended() == 1


@pytest.mark.chaos
@every
def test_it_is_carried_out_once_though_everything_dies_meanwhile(tmp_path: Path, made: Made) -> None:
    for number, point in enumerate(("before-take-wish", "after-take-wish", "before-commit", "after-commit")):
        folder = tmp_path / str(number)
        folder.mkdir()
        it = made(folder)
        it.wish("UTRAIN")
        it.world.turn()
        it.world.clock.advance(undo.SECONDS)
        assert it.world.crash_at(point), point
        it.world.rebuilt().pass_time(200, step=40)
        assert it.ended() == 1, point


def test_what_is_not_bought_yet_is_not_bought_while_its_end_can_be_taken_back() -> None:
    for kept in (False, True):
        world = World()
        world.models.save(MADE)
        wanted = world.leases.plan(model=MADE.name, minutes=60, owner="UTRAIN", channel="C1", request="r")
        lease = world.leases.propose(wanted)
        world.turn()
        world.press("lease", lease, "start", "UTRAIN")
        assert world.crash_at("before-create-endpoint")
        world.leases.release(lease, "UTRAIN")
        world.clock.advance(5)
        world.rebuilt().turn()
        assert world.endpoints.calls["create"] == 0
        if kept:
            world.leases.keep(lease, "UTRAIN")
        world.pass_time(300, step=60)
        assert world.endpoints.calls["create"] == int(kept)


def test_a_model_whose_lease_may_be_kept_is_not_leased_twice() -> None:
    world = World()
    lease = _lease(world)
    world.leases.release(lease, "UTRAIN")
    with pytest.raises(Refused, match="is already starting"):
        world.leases.plan(model=MADE.name, minutes=60, owner="UTRAIN", channel="C1", request="other")


def test_a_store_that_is_silent_from_then_on_keeps_no_release_from_being_carried_out() -> None:
    world = World()
    lease = _lease(world)
    asked = world.clock.now()
    world.leases.release(lease, "UTRAIN")
    release, known = world.store.get(Key("release", lease)), world.store.get(Key("lease", lease))
    assert release is not None
    deadline = deadline_of(RELEASE_SCHEMA.spec_of(release), known)
    assert (deadline.wished, deadline.until) == (True, asked + timedelta(seconds=undo.SECONDS))


def test_a_plan_that_is_called_off_is_wanted_again_at_once() -> None:
    world = World()
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "cancel", "UTRAIN")
    world.turn()
    with pytest.raises(Refused, match="cancelled this already"):
        world.press("job", job, "start", "UTRAIN")
    assert world.jobs.propose(plan()) == job
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(60)
    assert world.jobs.find(job).phase is Phase.VALIDATING


def test_a_sweep_that_is_called_off_is_wanted_again_at_once() -> None:
    """Asked for again within the ten seconds it was said to follow, and was cancelled."""
    world = World()

    def proposed() -> str:
        values = ["2", "4"]
        return world.sweeps.propose(
            source="claims", hyperparameter="epochs", values=values, owner="UTRAIN", channel="C1"
        )

    sweep = proposed()
    world.turn()
    world.press("sweep", sweep, "cancel", "UTRAIN")
    world.turn()
    assert proposed() == sweep
    world.pass_time(20)
    world.press("sweep", sweep, "start", "UTRAIN")
    world.turn()
    resource = world.store.get(Key("sweep", sweep))
    assert resource is not None
    assert resource.spec["votes"]["started"]["by"] == "UTRAIN"


@pytest.mark.parametrize(
    ("due", "taken", "left"),
    [(None, False, 0.0), (107.0, False, 7.0), (107.0, True, 0.0), (100.0, False, 0.0), (3700.0, False, 0.0)],
    ids=["at once", "pending", "taken", "due", "the clock was set back"],
)
def test_how_long_a_wish_can_be_taken_back(due: float | None, taken: bool, left: float) -> None:
    wish = Request("UTRAIN", World().clock.now(), due, taken)
    assert undo.left(wish, 100.0) == left


@pytest.mark.slow
def test_nobody_takes_back_what_nobody_asked_for(tmp_path: Path) -> None:
    for made in EVERY[:-1]:
        folder = tmp_path / made.__name__
        folder.mkdir()
        with pytest.raises(Refused, match="Nobody has asked to end this"):
            made(folder).keep("UTRAIN")
