"""A plan whose base is not open, planned on another once its dataset is converted: one plan at a time, none started."""

from dataclasses import replace

import pytest

from bot.controller.documents import dump
from bot.controller.model import Done, Key
from bot.derivations.model import DerivationStatus
from bot.derivations.service import DerivationService
from bot.errors import Refused
from bot.jobs.cards import PlanCard
from bot.jobs.model import JobPlan, Phase
from bot.jobs.record import SCHEMA
from bot.models.model import Lifecycle
from bot.spending.model import Decision
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import SETTINGS, dataset, plan

BASE = "anthropic.claude-3-haiku-20240307-v1:0:200k"
COPY = replace(dataset("claims.nova-micro", profile="nova-micro", sha256="cd" * 32), parent="ab" * 32)


def waiting() -> tuple[World, str, str]:
    """Return a bot with a plan that is planned anew as soon as its dataset is converted; the IDs of both."""
    world = World()
    world.customization.lifecycles[BASE] = Lifecycle("ENDED")
    job = world.jobs.propose(
        plan(hyperparameters={**plan().hyperparameters, "epochCount": "3"}), thread_ts="1.0"
    )
    world.turn()
    derivations = DerivationService(world.store, world.directory(), world.clock)
    began, conversion = derivations.conversion(
        dataset(), "nova-micro", channel="C1", thread_ts="1.0", user="UTRAIN", asked_in=f"instead of {job}"
    )
    assert began
    world.jobs.plan_instead(job, "nova-micro", conversion, "UTRAIN")
    world.turn()
    return world, job, conversion


def converted(world: World, status: DerivationStatus) -> None:
    """The conversion ends so."""
    [claim] = [
        each for each in world.store.claim(50, {"derivation": 30.0}) if each.resource.key.kind == "derivation"
    ]
    world.store.commit(claim, {"derivation": dump(status)}, Done())
    world.datasets.datasets = [*world.datasets.datasets, COPY]


def plans(world: World, but: str) -> list[JobPlan]:
    return [SCHEMA.spec_of(each).plan for each in world.store.of_kind("job") if each.key.id != but]


def shown(world: World, job: str) -> PlanCard:
    return [each for each in world.renderer.cards if isinstance(each, PlanCard) and each.plan.id == job][-1]


def test_the_plan_comes_once_the_dataset_is_converted_and_takes_the_old_ones_place() -> None:
    world, job, _ = waiting()
    assert shown(world, job).instead == "nova-micro"
    world.pass_time(10)
    assert plans(world, job) == []

    converted(world, DerivationStatus(told=True, made=(COPY.id,)))
    world.pass_time(10)
    [made] = plans(world, job)
    assert (made.profile, made.dataset_id) == ("nova-micro", COPY.id)
    assert (made.job_name, made.model_name) == (plan().job_name, plan().model_name)
    assert made.hyperparameters["epochCount"] == "3"
    assert "batchSize" not in made.hyperparameters
    old, new = shown(world, job), shown(world, made.id)
    assert (old.decision, old.is_planned_anew) == (Decision.CANCELLED, True)
    assert (new.decision, new.is_planned_anew) == (Decision.OPEN, False)
    assert all(each.ok for each in new.preflight)
    [there] = [each for each in world.store.of_kind("job") if each.key.id == made.id]
    assert there.spec["thread_ts"] == "1.0"
    assert world.customization.calls["create"] == 0


def test_where_the_conversion_comes_to_nothing_the_plan_has_its_way_out_again() -> None:
    with table() as row:
        for status in (DerivationStatus(told=True, failed=True), DerivationStatus(told=True)):
            with row(status.failed):
                world, job, _ = waiting()
                converted(world, status)
                world.pass_time(10)
                assert plans(world, job) == []
                assert shown(world, job).instead == ""
                assert shown(world, job).decision is Decision.OPEN


def test_a_plan_that_was_called_off_meanwhile_is_not_planned_anew() -> None:
    world, job, conversion = waiting()
    world.press("job", job, "cancel", "UTRAIN")
    converted(world, DerivationStatus(told=True, made=(COPY.id,)))
    world.pass_time(10)
    assert plans(world, job) == []
    with pytest.raises(Refused, match="cancelled this already"):
        world.jobs.plan_instead(job, "nova-micro", conversion, "UTRAIN")


def test_a_copy_that_no_job_can_start_from_is_no_plan() -> None:
    world, job, _ = waiting()
    converted(world, DerivationStatus(told=True, made=(COPY.id,)))
    world.datasets.datasets = [dataset(), replace(COPY, locations={})]
    world.pass_time(10)
    assert plans(world, job) == []
    assert shown(world, job).decision is Decision.OPEN


def test_whatever_dies_in_between_there_is_one_plan_in_the_end() -> None:
    with table() as row:
        for point in ("before-commit", "after-commit"):
            for occurrence in range(1, 4):
                with row(point, occurrence):
                    world, job, _ = waiting()
                    converted(world, DerivationStatus(told=True, made=(COPY.id,)))
                    world.clock.advance(5)
                    world.crash_at(point, occurrence)
                    world.rebuilt().pass_time(60)
                    assert len(plans(world, job)) == 1
                    assert world.jobs.find(job).phase is Phase.CANCELLED


def test_a_plan_that_was_called_off_before_is_planned_under_another_name() -> None:
    world, job, _ = waiting()
    converted(world, DerivationStatus(told=True, made=(COPY.id,)))
    before = world.store.image()
    world.pass_time(10)
    [first] = plans(world, job)
    spec = world.store.get(Key("job", first.id))
    assert spec is not None
    world.store.roll_back(before)
    world.store.register(SCHEMA.wanted(first.id, SCHEMA.spec_of(spec)))
    world.press("job", first.id, "cancel", "UTRAIN")
    world.pass_time(10)
    names = {each.job_name for each in plans(world, job)}
    assert len(names) == 2
    assert SETTINGS.role_arn == first.role_arn
