"""What a sweep's values are compared by: the validation set of the split, looked over before anything is paid for."""

from dataclasses import replace

import pytest

from bot.datasets.model import Role
from bot.sweeps.cards import SweepCard, SweepEnded
from bot.sweeps.model import SweepSpec
from tests.doubles.world import World
from tests.unit.datasets.samples import good, lines
from tests.unit.jobs.samples import dataset
from tests.unit.jobs.test_service import side

TRAINING = side("claims.train", Role.TRAINING, "a1")
VALIDATION = side("claims.validation", Role.VALIDATION, "a2")


@pytest.fixture
def world() -> World:
    world = World()
    world.datasets.save(TRAINING)
    world.datasets.save(VALIDATION)
    world.dataset_files.objects[TRAINING.locations["us-west-2"]] = lines(pad=40)
    world.dataset_files.objects[VALIDATION.locations["us-west-2"]] = lines(good(4), good(90), pad=0)
    return world


def drafted(world: World, source: str = "claims.train") -> SweepSpec:
    return world.sweeps.draft(
        source=source, hyperparameter="epochs", values=["2", "4"], owner="UTRAIN", channel="C1"
    )


def test_the_other_side_of_the_split_is_what_the_values_are_compared_by(world: World) -> None:
    made = drafted(world)

    assert {each.validation_dataset_id for each in made.plans} == {VALIDATION.id}
    assert {each.validation_uri for each in made.plans} == {VALIDATION.locations["us-west-2"]}
    assert {each.validation_dataset_id for each in drafted(world, "claims").plans} == {None}


def test_one_that_cannot_be_taken_keeps_nobody_from_a_sweep(world: World) -> None:
    world.datasets.save(replace(VALIDATION, locations={}))

    assert {each.validation_dataset_id for each in drafted(world).plans} == {None}


def test_what_leaks_is_on_the_plan_of_a_sweep_as_on_that_of_a_job(world: World) -> None:
    """Its jobs have no plans of their own: whoever agrees to all of them reads of it there or nowhere."""
    world.sweeps.propose_drafted(drafted(world))
    world.turn()

    shown = [each for each in world.renderer.cards if isinstance(each, SweepCard)][-1]
    [check] = [each for each in shown.preflight if each.name == "validation set"]
    assert check.notice
    assert "1 of its" in check.sentence


def test_the_sets_are_compared_once_and_without_a_validation_set_nothing_is(world: World) -> None:
    world.sweeps.propose_drafted(drafted(world))
    world.turn()
    first = [each for each in world.renderer.cards if isinstance(each, SweepCard)][-1].preflight[-1]
    world.dataset_files.objects.clear()  # another comparison would say that they cannot be had
    world.clock.advance(3600)
    world.turn()
    assert [each for each in world.renderer.cards if isinstance(each, SweepCard)][-1].preflight[-1] == first

    world.sweeps.propose_drafted(drafted(world, dataset().name))
    world.turn()
    shown = [each for each in world.renderer.cards if isinstance(each, SweepCard)][-1]
    assert "validation set" not in [each.name for each in shown.preflight]


def test_its_end_knows_by_how_many_records_it_was_compared(world: World) -> None:
    sweep = world.sweeps.propose_drafted(drafted(world))
    world.turn()
    world.press("sweep", sweep, "start", "UTRAIN")
    world.pass_time(60)
    for _, name in list(world.customization.jobs):
        world.customization.complete(name, validation_loss=0.4)
    world.pass_time(400)

    ended = [each for each in world.renderer.cards if isinstance(each, SweepEnded)][-1]
    assert ended.held_out == 40
