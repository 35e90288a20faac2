"""A sweep whose base is not open, planned on another once its dataset is converted: one at a time, nothing started."""

from dataclasses import replace

import pytest

from bot.controller.documents import dump
from bot.controller.model import Done
from bot.derivations.model import DerivationStatus
from bot.derivations.service import DerivationService
from bot.errors import Refused
from bot.models.model import Lifecycle
from bot.spending.model import Decision
from bot.sweeps.cards import SweepCard
from bot.sweeps.model import SCHEMA
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import dataset

BASE = "anthropic.claude-3-haiku-20240307-v1:0:200k"
COPY = replace(dataset("claims.nova-micro", profile="nova-micro", sha256="cd" * 32), parent="ab" * 32)
MADE = DerivationStatus(told=True, made=(COPY.id,))


def waiting(hyperparameter: str = "epochs", values: tuple[str, ...] = ("2", "3")) -> tuple[World, str, str]:
    """Return a bot with a sweep that is planned anew as soon as its dataset is converted; the IDs of both."""
    world = World()
    world.customization.lifecycles[BASE] = Lifecycle("ENDED")
    sweep = world.sweeps.propose(
        source="claims", hyperparameter=hyperparameter, values=list(values), owner="UTRAIN", channel="C1"
    )
    world.turn()
    derivations = DerivationService(world.store, world.directory(), world.clock)
    began, conversion = derivations.conversion(
        dataset(), "nova-micro", channel="C1", thread_ts="1.0", user="UTRAIN", asked_in=f"instead of {sweep}"
    )
    assert began
    world.sweeps.plan_instead(sweep, "nova-micro", conversion, "UTRAIN")
    world.turn()
    return world, sweep, conversion


def converted(world: World, status: DerivationStatus = MADE) -> None:
    """The conversion ends so."""
    [claim] = [
        each for each in world.store.claim(50, {"derivation": 30.0}) if each.resource.key.kind == "derivation"
    ]
    world.store.commit(claim, {"derivation": dump(status)}, Done())
    world.datasets.datasets = [*world.datasets.datasets, COPY]


def others(world: World, but: str) -> list[str]:
    return [each.key.id for each in world.store.of_kind("sweep") if each.key.id != but]


def shown(world: World, sweep: str) -> SweepCard:
    return [each for each in world.renderer.cards if isinstance(each, SweepCard) and each.id == sweep][-1]


def test_the_sweep_comes_once_the_dataset_is_converted_and_takes_the_old_ones_place() -> None:
    world, sweep, _ = waiting()
    assert shown(world, sweep).instead == "nova-micro"
    world.pass_time(10)
    assert others(world, sweep) == []

    converted(world)
    world.pass_time(10)
    [made] = others(world, sweep)
    old, new = shown(world, sweep), shown(world, made)
    assert (old.decision, old.is_planned_anew) == (Decision.CANCELLED, True)
    assert (new.decision, new.is_planned_anew) == (Decision.OPEN, False)
    assert (new.plan.profile, new.plan.dataset_id) == ("nova-micro", COPY.id)
    assert [each.value for each in new.rows] == ["2", "3"]
    assert all(each.ok for each in new.preflight)
    [there] = [each for each in world.store.of_kind("sweep") if each.key.id == made]
    assert SCHEMA.spec_of(there).source == COPY.id
    assert world.store.of_kind("job") == []
    assert world.customization.calls["create"] == 0


def test_where_nothing_can_come_of_it_the_sweep_has_its_way_out_again() -> None:
    with table() as row:
        for why, asked, status in (
            ("the conversion failed", ("epochs", ("2", "3")), DerivationStatus(told=True, failed=True)),
            ("it made nothing", ("epochs", ("2", "3")), DerivationStatus(told=True)),
            ("that base has no such setting", ("batch-size", ("16", "32")), MADE),
            ("that base takes no such value", ("epochs", ("2", "9")), MADE),
        ):
            with row(why):
                world, sweep, _ = waiting(*asked)
                converted(world, status)
                world.pass_time(10)
                assert others(world, sweep) == []
                assert (shown(world, sweep).instead, shown(world, sweep).decision) == ("", Decision.OPEN)


def test_a_sweep_that_was_called_off_meanwhile_is_not_planned_anew() -> None:
    world, sweep, conversion = waiting()
    world.press("sweep", sweep, "cancel", "UTRAIN")
    converted(world)
    world.pass_time(10)
    assert others(world, sweep) == []
    with pytest.raises(Refused, match="cancelled this already"):
        world.sweeps.plan_instead(sweep, "nova-micro", conversion, "UTRAIN")


@pytest.mark.slow
def test_whatever_dies_in_between_there_is_one_sweep_in_the_end() -> None:
    with table() as row:
        for point in ("before-commit", "after-commit"):
            for occurrence in range(1, 4):
                with row(point, occurrence):
                    world, sweep, _ = waiting()
                    converted(world)
                    world.clock.advance(5)
                    world.crash_at(point, occurrence)
                    world.rebuilt().pass_time(60)
                    assert len(others(world, sweep)) == 1
                    assert shown(world, sweep).decision is Decision.CANCELLED
