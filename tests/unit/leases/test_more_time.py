"""More time that needs an approver: who is asked for it next, and that an emergency goes over no budget."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.access import Access
from bot.errors import Refused
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.rosters import Holders
from bot.spending.cards import ApprovalCard
from bot.spending.model import Decision
from tests.attacks.test_extensions import house, minutes_of, question, running
from tests.doubles.memberships import FakeMemberships
from tests.doubles.rosters import FakeRosters, people
from tests.doubles.world import World

WHY = "The regulator's deadline is tonight."
RULES = Access(
    frozenset({"UTRAIN"}),
    frozenset({"UBOSS", "UCHIEF"}),
    people=FakeMemberships(),
    operator="UOPER",
    breaks_glass=True,
)


DEARER = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(80)})


def asked(access: Access = RULES, **caps: str) -> tuple[World, str]:
    """Return a lease for which more time waits for an approver."""
    world = house(access=access, **caps)
    lease = running(world)
    world.extensions.extend(lease, 420, "UTRAIN")
    return world, lease


def told(world: World, event: str) -> list[str]:
    """Return who is told of it directly, people and channels."""
    return sorted(
        str(each.spec["user"]) for each in world.store.of_kind("notification") if f":{event}:" in each.key.id
    )


def test_it_goes_over_no_budget() -> None:
    """Tried: an emergency as a way past a budget, by making a lease longer."""
    world, lease = asked(all="100")
    world.budgets["all"] = world.budgets["all"] / 2
    world.rebuilt()
    with pytest.raises(Refused, match="of the workspace's"):
        world.extensions.decide(lease, 1, "override", "UOPER", None, WHY)
    world.pass_time(65)
    assert minutes_of(world) == 60
    assert told(world, "override") == []


def test_the_next_approver_is_asked_directly_and_that_nobody_is_left_is_told() -> None:
    rosters, members = FakeRosters(S0BOSSES=people("UBOSS", "UCHIEF", "UTRAIN")), FakeMemberships()
    rosters.private = {"C1": frozenset({"UTRAIN"})}
    bosses = Holders({"S0BOSSES"}, rosters, counts_open=False)
    world, _ = asked(replace(RULES, approvers=bosses, people=members, rosters=rosters, breaks_glass=False))

    def later() -> ApprovalCard:
        world.pass_time(301, step=301)
        return question(world)

    assert later().approvers == ("UBOSS", "UCHIEF")
    assert told(world, "approve") == ["UBOSS"], "none of them sees the channel"
    rosters.there["S0BOSSES"] = people("UCHIEF", "UTRAIN")
    assert later().approvers == ("UCHIEF",)
    assert told(world, "approve") == ["UBOSS", "UCHIEF"], "who was only named has heard nothing yet"
    rosters.there["S0BOSSES"] = people("UTRAIN")
    assert later().decision is Decision.REQUESTED
    assert told(world, "nobody-left") == ["UOPER", "UTRAIN"]


def test_who_was_asked_directly_is_asked_again_when_it_has_become_dearer() -> None:
    rosters = FakeRosters()
    rosters.private = {"C1": frozenset({"UTRAIN"})}
    world, lease = asked(replace(RULES, rosters=rosters))
    old = question(world)
    world.prices = DEARER
    world.rebuilt()
    with pytest.raises(Refused, match="by now, and was offered for"):
        world.extensions.decide(lease, 1, "approve", "UBOSS")
    new = question(world)
    [sent] = [each for each in world.renderer.cards if isinstance(each, ApprovalCard) and each.is_anew]
    assert (told(world, "approve"), told(world, f"approve-{new.usd}")) == (["UBOSS"], ["UBOSS"])
    assert replace(sent, is_anew=False) == new != old
    world.pass_time(301, step=301)
    assert len(told(world, f"approve-{new.usd}")) == 1, "once"
