"""*Change settings* submitted when its plan is no longer what it was when the form was opened."""

from collections.abc import Callable

import pytest

from bot.controller.model import Key
from bot.errors import Refused
from bot.leases.cards import LeaseCard
from bot.leases.model import LEASE_SCHEMA
from bot.spending.votes import Votes
from handlers.ui.render import render
from tests.attacks.test_sole import house, planned
from tests.doubles.world import World


def votes_of(world: World, lease: str) -> Votes:
    resource = world.store.get(Key("lease", lease))
    assert resource is not None
    return LEASE_SCHEMA.spec_of(resource).votes


def started(world: World, lease: str) -> None:
    world.press("lease", lease, "start", "UCHIEF")


def cancelled(world: World, lease: str) -> None:
    world.press("lease", lease, "cancel", "UCHIEF")


@pytest.mark.parametrize(
    ("meanwhile", "why"), [(started, "started this already; it waits"), (cancelled, "cancelled this already")]
)
@pytest.mark.parametrize("by", ["UTRAIN", "UBOSS"])
def test_what_another_decided_meanwhile_is_theirs(
    meanwhile: Callable[[World, str], None], why: str, by: str
) -> None:
    """A form that was opened before called somebody else's request for approval off, at once and for good."""
    world = house(dear=True)
    lease = planned(world, "r1")
    world.turn()
    meanwhile(world, lease)
    before = votes_of(world, lease)
    with pytest.raises(Refused, match=why):
        world.votes.make_way(Key("lease", lease), by)
    assert votes_of(world, lease) == before


def test_ones_own_cancel_is_final_once_another_plan_takes_its_place() -> None:
    """*Keep* took the cancel back, and both plans were open."""
    world = house()
    lease = planned(world, "r1")
    world.turn()
    world.press("lease", lease, "cancel", "UTRAIN")
    assert votes_of(world, lease).is_undoable
    for _ in range(2):  # the form may be submitted anew, when what followed did not come off
        world.votes.make_way(Key("lease", lease), "UTRAIN")
    assert not votes_of(world, lease).is_undoable
    world.turn()
    card = [each for each in world.renderer.cards if isinstance(each, LeaseCard)][-1]
    assert "Replaced by <@UTRAIN> with a new plan." in str(render(card).blocks)
    with pytest.raises(Refused, match="too late"):
        world.votes.keep(Key("lease", lease), "UTRAIN")
