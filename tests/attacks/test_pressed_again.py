"""The same button pressed again, by the same person or another, with other trigger IDs: it spends once."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from bot.errors import Refused
from bot.leases.cards import LeaseView
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from handlers.ui.parts.lease_buttons import HOUR, extend_value, read_extend
from handlers.ui.parts.plans import ends, keep_button
from tests.attacks.test_sole import house, planned
from tests.doubles.world import World
from tests.unit.spending.test_undo import Ending, a_deployment, a_distillation, a_job, a_lease
from tests.unit.trials.test_trial import Room


def test_a_trial_is_under_way_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    """Three presses asked sixty rows: each had a trigger ID of its own, and was held to the limit alone."""
    room = Room(tmp_path)
    assert room.begin("press1")
    for press in ("press2", "press3"):
        with pytest.raises(Refused, match="being tried already"):
            room.begin(press)
    room.turn()
    assert (len(room.inference.asked), len(room.ledger.kept), len(room.said("TrialEnded"))) == (20, 1, 1)
    assert room.begin("press4"), "what has ended may be tried again"


def test_others_try_the_same_for_themselves(tmp_path: Path) -> None:
    room = Room(tmp_path)
    assert room.begin("press1")
    assert room.begin("press2", user="UBOSS")


def awake(hour: int) -> tuple[World, str]:
    """A world with a lease of an hour that runs, at so many US dollars an hour."""
    world = house()
    world.prices = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(hour)})
    world.rebuilt()
    lease = planned(world, "r1")
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return world, lease


def pressed(world: World, view: LeaseView, usd: Decimal | None, by: str) -> None:
    lease, minutes, shown = read_extend(extend_value(view, HOUR, usd))
    world.extensions.extend(lease, minutes, by, shown)


def dearer(world: World) -> None:
    world.prices = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(6)})
    world.rebuilt()


def longer(world: World) -> None:
    world.extensions.extend(world.leases.live()[0].id, HOUR, "UBOSS")


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        (longer, "made longer by .*UBOSS.* meanwhile. With 1 h more it costs at most \\$16.00 by now"),
        (dearer, "With 1 h more it costs at most \\$18.00 by now, and at most \\$12.00 was shown"),
    ],
)
def test_more_time_costs_no_more_than_its_button_said(meanwhile: Callable[[World], None], why: str) -> None:
    """Two people pressed *Extend 1 h* under the same card: the second made it longer by two, for more than it said."""
    world, lease = awake(4)
    view = world.leases.find(lease)
    meanwhile(world)
    before = world.leases.find(lease)
    with pytest.raises(Refused, match=why):
        pressed(world, view, view.hour_more_usd, "UTRAIN")
    assert world.leases.find(lease).minutes == before.minutes
    pressed(world, before, before.hour_more_usd, "UTRAIN")
    assert world.leases.find(lease).minutes == before.minutes + HOUR


@pytest.mark.parametrize("made", [a_job, a_lease, a_distillation, a_deployment])
def test_no_press_promises_ten_seconds_that_are_not_there(
    tmp_path: Path, made: Callable[[Path], Ending]
) -> None:
    """A second press nine seconds later said *in 10 s* once more, with a *Keep* that came too late."""
    it = made(tmp_path)

    def said() -> str:
        left = cast("LeaseView", it.wish("UTRAIN")).ends_in
        drawn = ends("Ending it", left, "UTRAIN", "", keep_button("keep", "it"))
        return f"{drawn.text} {'Keep' if 'Keep' in str(drawn.blocks) else 'too late'}"

    asked = [said()]
    for seconds in (9, 2):
        it.world.clock.advance(seconds)
        asked.append(said())
    assert asked == [
        "Ending it in 10 s. Keep",
        "Ending it in 1 s, as <@UTRAIN> asked already. Keep",
        "Ending it already, as <@UTRAIN> asked. too late",
    ]
