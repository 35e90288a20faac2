"""More time for a lease as a way round what was decided about it: alone, in slices, twice, too late, over a budget."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.access import Access
from bot.errors import NotAllowed, NotFound, Refused
from bot.leases.endpoint import LeasePhase
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.spending.cards import ApprovalCard
from bot.spending.model import Decision
from bot.spending.offers import Shown
from tests.doubles.memberships import FakeMemberships
from tests.doubles.rosters import FakeRosters
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import model

MODEL, APPROVAL = "claims-router", "without approval"
TWO_BOSSES = Access(frozenset({"UTRAIN", "UBOSS"}), frozenset({"UBOSS", "UCHIEF"}), people=FakeMemberships())


def house(hour: str | None = "8", access: Access = TWO_BOSSES, **caps: str) -> World:
    """Return a world with a model; $25 need no approver, and a lease of two hours costs three of its hours."""
    kind = ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR)
    world = World(prices=PriceBook({kind: Decimal(hour)} if hour else {}), access=access)
    world.budgets = {scope: Decimal(usd) for scope, usd in caps.items()}
    world.models.save(model())
    return world.rebuilt()


def running(world: World, owner: str = "UTRAIN", minutes: int = 60) -> str:
    plan = world.leases.plan(model=MODEL, minutes=minutes, owner=owner, channel="C1", request="r")
    lease = world.leases.propose(plan)
    world.turn()
    world.press("lease", lease, "start", owner)
    world.turn()
    if not world.endpoints.endpoints:
        world.press("lease", lease, "approve", "UCHIEF")
        world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return lease


def minutes_of(world: World) -> int:
    return world.leases.running(MODEL).minutes


def question(world: World) -> ApprovalCard:
    world.pass_time(2)
    return [each for each in world.renderer.cards if isinstance(each, ApprovalCard)][-1]


def test_an_approver_does_not_extend_alone_what_they_took_under_the_limit() -> None:
    """They took an hour under the limit and made it eight, alone."""
    world = house()
    lease = running(world, "UBOSS")
    asked = world.extensions.extend(lease, 420, "UBOSS")

    assert APPROVAL in asked.needs_approval
    assert minutes_of(world) == 60
    with pytest.raises(NotAllowed, match="yourself"):
        world.extensions.decide(lease, 1, "approve", "UBOSS")
    assert minutes_of(world) == 60
    assert question(world).approvers == ("UCHIEF",)
    world.extensions.decide(lease, 1, "approve", "UCHIEF")
    assert minutes_of(world) == 480


def test_an_approver_does_not_approve_what_they_asked_for_on_anothers_lease() -> None:
    """Tried: an approver asks for more time on another's lease, and approves it."""
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 420, "UBOSS")
    with pytest.raises(NotAllowed, match="yourself"):
        world.extensions.decide(lease, 1, "approve", "UBOSS")


def test_the_owner_does_not_approve_what_another_asked_for() -> None:
    world = house()
    lease = running(world, "UBOSS")
    world.extensions.extend(lease, 420, "UTRAIN")
    with pytest.raises(NotAllowed, match="yourself"):
        world.extensions.decide(lease, 1, "approve", "UBOSS")


def test_nobody_asks_for_more_time_that_nobody_could_approve() -> None:
    world = house(
        access=Access(frozenset({"UTRAIN", "UBOSS"}), frozenset({"UBOSS"}), people=FakeMemberships())
    )
    lease = running(world, "UBOSS")
    for by in ("UBOSS", "UTRAIN"):
        with pytest.raises(NotAllowed, match="Nobody could approve"):
            world.extensions.extend(lease, 420, by)
    with pytest.raises(NotAllowed, match="Nobody could approve"):
        world.extensions.offer(lease, 420)
    assert world.extensions.extend(lease, 30, "UTRAIN").done, "nothing waits for anybody"

    of_another = house(
        access=Access(frozenset({"UTRAIN", "UBOSS"}), frozenset({"UBOSS"}), people=FakeMemberships())
    )
    lease = running(of_another)
    with pytest.raises(NotAllowed, match="only one who could"):
        of_another.extensions.extend(lease, 420, "UBOSS")
    of_another.extensions.extend(lease, 420, "UTRAIN")
    of_another.extensions.decide(lease, 1, "approve", "UBOSS")
    assert minutes_of(of_another) == 480


@pytest.mark.parametrize("slice_", [20, 60, 90])
def test_slices_under_the_limit_are_held_to_it_as_a_whole(slice_: int) -> None:
    """Tried: more time for a lease in slices, each under the limit above which an approver agrees."""
    world = house()
    lease = running(world)
    taken = 0
    while not world.extensions.extend(lease, slice_, "UTRAIN").needs_approval:
        taken += slice_
        assert taken < 480

    entry = next(iter(world.ledger.kept.values()))
    assert entry.committed is not None
    assert entry.committed <= 25


def test_minutes_that_cost_nothing_more_are_no_new_decision() -> None:
    """An hour that has begun is paid whole: what fits into it was agreed to already."""
    world = house()
    lease = running(world, minutes=181)
    assert world.extensions.extend(lease, 30, "UTRAIN").needs_approval == ""
    assert minutes_of(world) == 211


def test_what_was_approved_is_not_approved_for_more() -> None:
    world = house()
    lease = running(world, minutes=240)
    assert world.extensions.extend(lease, 60, "UTRAIN").needs_approval


def test_an_unknown_price_needs_an_approver_each_time() -> None:
    world = house(hour=None)
    lease = running(world, minutes=60)
    for number in (1, 2):
        assert "unknown" in world.extensions.extend(lease, 60, "UTRAIN").needs_approval
        world.extensions.decide(lease, number, "approve", "UCHIEF")
    assert minutes_of(world) == 180


def test_nothing_more_is_asked_while_an_approver_is_asked() -> None:
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 420, "UTRAIN")
    for minutes in (1, 60):
        with pytest.raises(Refused, match="waits for an approver"):
            world.extensions.extend(lease, minutes, "UBOSS")


@pytest.mark.parametrize("second", ["approve", "decline"])
@pytest.mark.parametrize("first", ["approve", "decline"])
def test_the_first_decision_wins_and_counts_once(first: str, second: str) -> None:
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 120, "UTRAIN")
    world.extensions.decide(lease, 1, first, "UCHIEF")  # type: ignore[arg-type]
    if first == second:
        world.extensions.decide(lease, 1, second, "UCHIEF")  # type: ignore[arg-type]
    else:
        with pytest.raises(Refused, match="already"):
            world.extensions.decide(lease, 1, second, "UCHIEF")  # type: ignore[arg-type]

    assert minutes_of(world) == (180 if first == "approve" else 60)


@pytest.mark.parametrize("number", [-1, 0, 2, 999_999])
def test_a_number_that_was_guessed_approves_nothing(number: int) -> None:
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 120, "UTRAIN")
    with pytest.raises(NotFound):
        world.extensions.decide(lease, number, "approve", "UCHIEF")
    assert minutes_of(world) == 60


def test_a_button_that_was_forged_decides_nothing() -> None:
    """Tried: more time is neither started nor cancelled, and what names no request is none."""
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 120, "UTRAIN")
    with table() as row:
        for choice in ("start", "cancel"):
            with row(choice), pytest.raises(Refused, match="approved or declined"):
                world.extensions.press(f"{lease} 1", choice, "UCHIEF")
        for number in ("", "0", "-1", "01", "1 ", "1 1", "\u0661", "²", "1" * 5_000, "x"):
            with row(number), pytest.raises(NotFound):
                world.extensions.press(f"{lease} {number}", "approve", "UCHIEF")
    assert minutes_of(world) == 60

    world.extensions.press(f"{lease} 1", "approve", "UCHIEF")
    assert minutes_of(world) == 180


@pytest.mark.parametrize("by", ["UTRAIN", "UASKER"])
def test_who_is_no_approver_approves_nothing(by: str) -> None:
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 120, "UTRAIN")
    with pytest.raises(NotAllowed, match="Only an approver"):
        world.extensions.decide(lease, 1, "approve", by)


def test_an_approval_after_the_end_buys_nothing_and_the_question_is_closed() -> None:
    """Tried: *Approve* on more time for a lease that is over."""
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 120, "UTRAIN")
    world.leases.release(lease, "UTRAIN")
    world.pass_time(200)
    with pytest.raises(Refused, match="<@UTRAIN> released it: this lease is over or being released already"):
        world.extensions.decide(lease, 1, "approve", "UCHIEF")

    assert world.endpoints.endpoints == {}
    assert question(world).decision is Decision.CANCELLED


def at(world: World, hour: str) -> None:
    """Set another price of an hour, as the operator does: the bot starts anew."""
    world.prices = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(hour)})
    world.rebuilt()


def test_more_time_that_has_become_dearer_is_offered_anew_and_not_stuck() -> None:
    """Tried: Approve at a price that was raised, and again by the button of the earlier question."""
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 120, "UTRAIN")
    earlier = question(world)
    at(world, "80")
    for by in ("UCHIEF", "UBOSS", "UCHIEF"):
        with pytest.raises(Refused, match=r"at most \$320.00 by now, and was offered for at most \$32.00"):
            world.extensions.decide(lease, 1, "approve", by, Shown(earlier.usd))
        assert minutes_of(world) == 60
    anew = question(world)
    assert "at most $320.00" in anew.cost
    assert anew.decision is Decision.REQUESTED

    world.extensions.decide(lease, 1, "approve", "UCHIEF", Shown(anew.usd))
    assert minutes_of(world) == 180


def test_more_time_that_has_become_cheaper_is_approved_as_it_was_asked_for() -> None:
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 120, "UTRAIN")
    asked = question(world)
    at(world, "2")
    world.extensions.decide(lease, 1, "approve", "UCHIEF", Shown(asked.usd))
    assert minutes_of(world) == 180


def test_more_time_that_has_become_dearer_may_still_be_declined() -> None:
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 120, "UTRAIN")
    at(world, "80")
    world.extensions.decide(lease, 1, "decline", "UCHIEF")
    assert world.extensions.extend(lease, 60, "UTRAIN").done, "another may be asked for"


def test_no_approver_extends_over_a_budget() -> None:
    """Tried: an approver extends a lease past what the budget has left."""
    world = house(all="40")
    lease = running(world)
    with pytest.raises(Refused, match="of the workspace's"):
        world.extensions.extend(lease, 420, "UTRAIN")
    world.extensions.extend(lease, 180, "UTRAIN")
    world.budgets["all"] = Decimal(30)
    world.rebuilt()
    with pytest.raises(Refused, match="of the workspace's"):
        world.extensions.decide(lease, 1, "approve", "UCHIEF")
    assert minutes_of(world) == 60


def test_whoever_extends_anothers_lease_is_held_to_their_own_cap() -> None:
    world = house(UBOSS="20")
    lease = running(world)
    with pytest.raises(Refused, match="<@UBOSS>'s"):
        world.extensions.extend(lease, 60, "UBOSS")
    world.extensions.extend(lease, 60, "UTRAIN")
    assert minutes_of(world) == 120


@pytest.mark.slow
def test_a_decline_is_told_and_changes_nothing() -> None:
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 120, "UTRAIN")
    world.extensions.decide(lease, 1, "decline", "UCHIEF", reason="*Too* dear")
    world.pass_time(5)
    told = world.said("LeaseMilestone")[-1].message.text
    assert "<@UTRAIN>: <@UCHIEF> declined 2 h more" in told
    assert "Their reason: `*Too* dear`." in told
    world.pass_time(61 * 60, step=10)
    assert world.endpoints.endpoints == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    "point", ["before-commit", "after-commit", "before-post", "after-post", "before-update", "after-update"]
)
@pytest.mark.parametrize("occurrence", [1, 2, 3])
def test_a_crash_around_the_question_asks_it_once_and_counts_the_answer_once(
    point: str, occurrence: int
) -> None:
    world = house()
    lease = running(world)
    world.extensions.extend(lease, 120, "UTRAIN")
    world.crash_at(point, occurrence)
    world.pass_time(120)
    world.extensions.decide(lease, 1, "approve", "UCHIEF")
    world.crash_at(point, occurrence)
    world.pass_time(120)

    assert len(world.said("ApprovalCard")) == 1
    assert sum("approved 2 h more" in each.message.text for each in world.said("LeaseMilestone")) == 1
    assert minutes_of(world) == 180
    [resource] = world.store.of_kind("lease")
    assert resource.status["lease"]["phase"] == LeasePhase.IN_SERVICE


def test_more_time_is_asked_and_told_of_as_the_lease_itself_is() -> None:
    """Tried: more time by an emergency start in silence, after a death right behind the press; where nobody sees it."""
    rosters = FakeRosters()
    rosters.private = {"C1": frozenset({"UTRAIN"})}
    world = house(access=replace(TWO_BOSSES, rosters=rosters, operator="UOPER", breaks_glass=True))
    lease = running(world)

    def told(event: str) -> list[str]:
        found = world.store.of_kind("notification")
        return sorted(str(each.spec["user"]) for each in found if f" 1#1:{event}:" in each.key.id)

    world.extensions.extend(lease, 420, "UTRAIN")
    question(world)
    assert told("approve") == ["UBOSS"], "no approver sees the channel: one is asked directly"
    with pytest.raises(Refused, match="reason"):
        world.extensions.decide(lease, 1, "override", "UOPER", reason="\u200b" * 40)
    world.extensions.decide(lease, 1, "override", "UOPER", reason="The regulator's deadline is tonight.")
    assert told("override") == [], "it is in the spec alone"
    for _ in range(2):
        assert question(world).decision is Decision.OVERRIDDEN
        assert told("override") == ["C1", "UBOSS", "UCHIEF", "UTRAIN"]
    with pytest.raises(Refused, match="started this without approval already"):
        world.extensions.decide(lease, 1, "approve", "UBOSS")
