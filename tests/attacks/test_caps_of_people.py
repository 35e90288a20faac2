"""A personal cap gone over by having others plan, or by pressing *Start* on what others planned."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from bot.errors import Refused
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from tests.doubles.classroom import Classroom
from tests.doubles.world import World
from tests.unit.jobs.samples import model, plan

PRICES = PriceBook(
    {
        ("claude-3-haiku", PriceKind.TRAINING): Decimal("0.01"),
        ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(8),
    }
)


def house(cap: str) -> World:
    world = World(prices=PRICES)
    world.models.save(model())
    world.budgets = {"UBOSS": Decimal(cap)}
    return world.rebuilt()


def a_job(world: World) -> Callable[[], None]:
    job = world.jobs.propose(plan())
    world.turn()
    return lambda: world.press("job", job, "start", "UBOSS")


def a_sweep(world: World) -> Callable[[], None]:
    sweep = world.sweeps.propose(
        source="claims", hyperparameter="epochCount", values=["1", "2"], owner="UTRAIN", channel="C1"
    )
    world.turn()
    return lambda: world.press("sweep", sweep, "start", "UBOSS")


def a_lease(world: World) -> Callable[[], None]:
    wanted = world.leases.plan(model="claims-router", minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(wanted)
    world.turn()
    return lambda: world.press("lease", lease, "start", "UBOSS")


KINDS = {"job": (a_job, "0.84"), "sweep": (a_sweep, "1.26"), "lease": (a_lease, "16")}
kinds = pytest.mark.parametrize(("propose", "usd"), KINDS.values(), ids=KINDS)


@kinds
def test_start_on_anothers_plan_is_refused_over_ones_own_cap(
    propose: Callable[[World], Callable[[], None]], usd: str
) -> None:
    """Tried: a cap of a month gone over by pressing *Start* on what somebody else planned."""
    world = house(str(Decimal(usd) - Decimal("0.01")))
    press = propose(world)
    with pytest.raises(Refused, match="<@UBOSS>'s"):
        press()
    world.turn()

    assert world.ledger.kept == {}
    assert world.endpoints.calls["create"] == world.customization.calls["create"] == 0


@kinds
def test_what_was_started_for_others_counts_for_both(
    propose: Callable[[World], Callable[[], None]], usd: str
) -> None:
    world = house(usd)
    propose(world)()
    world.turn()

    used = world.ledger.used("2026-11")
    assert used["UBOSS"] == used["UTRAIN"] == used["all"] == Decimal(usd)
    with pytest.raises(Refused, match="<@UBOSS>'s"):
        world.press("job", other(world), "start", "UBOSS")


def other(world: World) -> str:
    job = world.jobs.propose(plan(job_name="other", model_name="other"))
    world.turn()
    return job


def test_a_distillation_of_anothers_is_held_to_ones_own_cap(tmp_path: Path) -> None:
    """Tried: the same with answers of a teacher, which another has planned."""
    world = Classroom(tmp_path)
    world.budgets = {"UBOSS": Decimal("0.01")}
    world.rebuilt()
    asked = world.propose()
    world.turn()
    with pytest.raises(Refused, match="<@UBOSS>'s"):
        world.press("distillation", asked.id, "start", "UBOSS")
    assert world.ledger.kept == {}
    world.budgets["UBOSS"] = Decimal(1000)
    world.rebuilt()
    world.press("distillation", asked.id, "start", "UBOSS")
    world.turn()

    [entry] = world.ledger.kept.values()
    assert entry.scopes == ("all", "UTRAIN", "C1", "UBOSS")
