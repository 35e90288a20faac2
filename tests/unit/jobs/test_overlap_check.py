"""A plan with a validation set shows what leaks from it, compares once, and can be started all the same."""

import pytest

from bot.errors import Refused
from bot.jobs.cards import PlanCard
from bot.jobs.model import Phase
from bot.spending.model import Check
from tests.doubles.world import World
from tests.unit.datasets.samples import good, lines
from tests.unit.jobs.samples import dataset, plan

VALIDATION = dataset("held-out", sha256="cd" * 32)
PLAN = plan(validation_dataset_id=VALIDATION.id, validation_uri=VALIDATION.locations["us-west-2"])


@pytest.fixture
def world() -> World:
    world = World()
    world.datasets.save(VALIDATION)
    world.dataset_files.objects[dataset().locations["us-west-2"]] = lines(pad=40)
    world.dataset_files.objects[VALIDATION.locations["us-west-2"]] = lines(good(4), good(90), pad=0)
    return world


def shown(world: World) -> Check:
    card = [each for each in world.renderer.cards if isinstance(each, PlanCard)][-1]
    return next(check for check in card.preflight if check.name == "validation set")


def test_leaks_are_on_the_plan_and_it_starts_all_the_same(world: World) -> None:
    job = world.jobs.propose(PLAN)
    world.turn()

    assert shown(world).notice
    assert "1 of its" in shown(world).sentence
    world.press("job", job, "start", "UTRAIN")
    world.turn()
    assert world.jobs.find(job).phase is Phase.VALIDATING


def test_sets_are_compared_once_however_often_the_plan_is_looked_at(world: World) -> None:
    world.account.role_check = Check(
        "role", False, "The role does not trust Bedrock.", "Add the trust policy."
    )
    job = world.jobs.propose(PLAN)
    world.turn()
    first = shown(world)
    world.dataset_files.objects.clear()  # another comparison would say that they cannot be had
    world.account.role_check = Check("role", True, "fine")
    world.clock.advance(60)
    with pytest.raises(Refused, match="does not trust"):
        world.press("job", job, "start", "UTRAIN")
    world.turn()

    assert shown(world) == first


def test_a_comparison_that_failed_is_made_again(world: World) -> None:
    objects = dict(world.dataset_files.objects)
    world.dataset_files.objects.clear()
    world.account.role_check = Check("role", False, "The role does not trust Bedrock.")
    job = world.jobs.propose(PLAN)
    world.turn()
    assert not shown(world).checked

    world.dataset_files.objects.update(objects)
    world.clock.advance(60)
    with pytest.raises(Refused, match="does not trust"):
        world.press("job", job, "start", "UTRAIN")
    world.turn()
    assert shown(world).notice
