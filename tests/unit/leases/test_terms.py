"""A lease for a term: always with an approver, bound to its end, deleted from then on, and told when AWS renews it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.access import Access
from bot.account import reconciler as account
from bot.controller.model import Key, RequeueAfter
from bot.errors import NotAllowed, Refused, Throttled, TunesmithError
from bot.leases.cards import LeaseCard
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LEASE_SCHEMA, LeaseSpec, LeaseStatus
from bot.leases.views import lease_view
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind, Term
from bot.spending.ledger import Entry, EntryState, month_of
from bot.spending.votes import Vote
from handlers.ui.cards.leases import live_buttons
from handlers.ui.render import render
from tests.attacks.test_silent_store import Processes
from tests.doubles.bedrock import Fault
from tests.doubles.memberships import FakeMemberships
from tests.doubles.world import World
from tests.unit.jobs.samples import PRICES, model

MODEL = "claims-router"
DAY, HOUR = 24 * 3600.0, 3600.0
BOOK = PriceBook(
    {
        ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(8),
        ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR_1_MONTH): Decimal(5),
        ("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR_6_MONTHS): Decimal(4),
    }
)
RULES = Access(
    trainers=frozenset({"UTRAIN", "UBOSS"}),
    approvers=frozenset({"UBOSS"}),
    people=FakeMemberships(),
    operator="UOPER",
    breaks_glass=True,
)


def house(prices: PriceBook = BOOK, access: Access = RULES, terms: tuple[Term, ...] = tuple(Term)) -> World:
    made = World(prices=prices, access=access, terms=terms)
    made.models.save(model())
    return made


def proposed(world: World, term: Term = Term.ONE_MONTH, request: str = "trigger-1") -> str:
    plan = world.leases.plan(model=MODEL, term=term, owner="UTRAIN", channel="C1", request=request)
    lease = world.leases.propose(plan)
    world.turn()
    return lease


def approved(world: World, term: Term = Term.ONE_MONTH) -> str:
    lease = proposed(world, term)
    world.press("lease", lease, "start", "UTRAIN")
    world.press("lease", lease, "approve", "UBOSS")
    return lease


def running(world: World, term: Term = Term.ONE_MONTH) -> str:
    lease = approved(world, term)
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    assert phase(world, lease) is LeasePhase.IN_SERVICE
    return lease


def spec_of(world: World, lease: str) -> LeaseSpec:
    resource = world.store.get(Key("lease", lease))
    assert resource is not None
    return LEASE_SCHEMA.spec_of(resource)


def status_of(world: World, lease: str) -> LeaseStatus:
    resource = world.store.get(Key("lease", lease))
    assert resource is not None
    return LEASE_SCHEMA.status_of(resource)


def phase(world: World, lease: str) -> LeasePhase:
    return status_of(world, lease).phase


def card(world: World) -> LeaseCard:
    return next(each for each in reversed(world.renderer.cards) if isinstance(each, LeaseCard))


def told(world: World) -> list[str]:
    return [each.message.text.removeprefix("LeaseMilestone: ") for each in world.said("LeaseMilestone")]


def entries(world: World) -> dict[str, Entry]:
    months = {month_of(world.clock.now() - timedelta(days=30 * back)) for back in range(10)}
    return {each.id: each for month in months for each in world.ledger.entries(month)}


def until_its_end(world: World, more: float = 0) -> None:
    """Let time pass to AWS's end of the term, and so many seconds more: in the few steps that anything happens in."""
    ends = world.endpoints.only().committed_until
    assert ends is not None
    for before in (30 * HOUR, DAY, HOUR, 60.0):
        left = (ends - world.clock.now()).total_seconds() - before
        if left > 0 and before >= -more:
            world.pass_time(left, step=left)
    left = (ends - world.clock.now()).total_seconds() + more
    if left > 0:
        world.pass_time(left, step=min(left, 10))


def found_again(world: World) -> None:
    """The store has forgotten everything, and a look at the account finds it."""
    world.forget().store.register(account.registration("us-west-2"))
    world.models.save(model())
    world.pass_time(240, step=30)


# The plan


def test_without_the_switch_no_term_is_planned_and_who_can_switch_it_on_is_said() -> None:
    world = house(terms=())

    with pytest.raises(Refused, match="buy no terms") as refused:
        proposed(world)
    assert "Ask <@UOPER> to switch 1 month on" in str(refused.value.hint)

    with pytest.raises(Refused) as refused:
        world.lease_service(world.directory("UOPER")).check_term(Term.ONE_MONTH, "UOPER")
    assert "You can set that: TUNESMITH_COMMITMENT_TERMS." in str(refused.value.hint)


def test_one_term_may_be_switched_on_alone() -> None:
    world = house(terms=(Term.ONE_MONTH,))

    with pytest.raises(Refused, match="no such term") as refused:
        proposed(world, Term.SIX_MONTHS)
    assert "`for 1 month`" in str(refused.value.hint)
    assert proposed(world)


@pytest.mark.parametrize(
    ("term", "most", "hours"), [(Term.ONE_MONTH, 5 * 745, "745"), (Term.SIX_MONTHS, 4 * 4417, "4,417")]
)
def test_the_plan_says_its_one_figure_and_that_nobody_can_end_it(term: Term, most: int, hours: str) -> None:
    world = house()
    proposed(world, term)

    shown = card(world)
    assert shown.usd == most
    words, behind = str(render(shown).blocks), str(render(shown).details)
    assert f"at most ${most:,}.00" in words
    assert f"up to {hours} h are billed, used or not" in words
    assert f"{term.hours:,} h" in behind
    assert "Nobody can end it early" in words
    assert "AWS renews it: I delete it from its end on." in words
    assert "deployed" not in words


def test_every_term_is_longer_than_any_that_the_calendar_has() -> None:
    assert (Term.ONE_MONTH.hours, Term.SIX_MONTHS.hours) == (744, 4_416)


def test_without_a_price_for_the_term_it_is_unknown_and_never_that_of_the_hour() -> None:
    world = house(PRICES)
    proposed(world)

    shown = card(world)
    assert shown.usd is None
    assert "price unknown" in str(render(shown).blocks)
    assert "unknown" in shown.needs_approval


def test_an_approver_is_always_asked_whatever_the_limit_and_nobody_in_their_place() -> None:
    world = house()
    world.limits = replace(world.limits, approval_limit=Decimal(10**6), self_approval_limit=Decimal(10**6))
    world.settings = replace(
        world.settings, approval_limit=Decimal(10**6), self_approval_limit=Decimal(10**6)
    )
    world.rebuilt()
    plan = world.leases.plan(model=MODEL, term=Term.ONE_MONTH, owner="UBOSS", channel="C1", request="t")
    lease = world.leases.propose(plan)
    world.turn()

    assert "always needs approval" in card(world).needs_approval
    with pytest.raises(NotAllowed, match="Nobody could approve"):
        world.press("lease", lease, "start", "UBOSS")

    world.press("lease", lease := proposed(world), "start", "UTRAIN")
    world.turn()
    assert phase(world, lease) is LeasePhase.AWAITING_APPROVAL
    with pytest.raises(NotAllowed, match="never started without an approver"):
        world.votes.vote(
            Key("lease", lease), "override", "UOPER", reason="The regulator's deadline is tonight."
        )
    assert "glass=<Glass.CLOSED" in world.said("ApprovalCard")[-1].message.text
    assert world.endpoints.calls["create"] == 0


def test_what_was_switched_off_since_is_not_bought() -> None:
    world = house()
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.settings = replace(world.settings, terms=frozenset())
    world.rebuilt()
    with pytest.raises(Refused, match="here any more"):
        world.press("lease", lease, "approve", "UBOSS")

    world.settings = replace(world.settings, terms=frozenset(Term))
    world.rebuilt().press("lease", lease, "approve", "UBOSS")
    world.settings = replace(world.settings, terms=frozenset())
    world.rebuilt().turn()
    assert phase(world, lease) is LeasePhase.REFUSED
    assert world.endpoints.calls["create"] == 0


def test_a_plan_without_a_term_has_the_digest_that_it_always_had() -> None:
    world = house()
    plan = world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="trigger-1")

    assert plan.digest == "8f596a9c9850b2e7241f3d49b9576407efad3a2eb95f909981510b364954e1ed"
    assert replace(plan, term=Term.ONE_MONTH).digest != plan.digest


# The purchase


def test_it_is_bought_once_for_the_term_reserved_as_one_sum_and_tagged() -> None:
    world = house()
    world.budgets = {"all": Decimal(4000)}
    world.rebuilt()
    lease = running(world)

    bought = world.endpoints.only()
    assert bought.plan.term is Term.ONE_MONTH
    assert bought.tags["term"] == "1-month"
    assert bought.tags["release-by"] == bought.committed_until.isoformat(timespec="seconds")  # type: ignore[union-attr]
    assert spec_of(world, lease).committed_until == bought.committed_until
    [entry] = entries(world).values()
    assert (entry.state, entry.committed) == (EntryState.RESERVED, Decimal(5 * 745))
    assert f"in service until {bought.committed_until:%Y-%m-%d %H:%M} UTC" in told(world)[0]


def test_it_is_not_bought_over_a_budget() -> None:
    world = house()
    world.budgets = {"all": Decimal(3000)}
    world.rebuilt()

    with pytest.raises(Refused, match="for November is left"):
        approved(world)


def test_the_quota_of_units_without_a_term_is_not_held_against_it() -> None:
    world = house()
    world.account_quotas.units = 0
    proposed(world)

    assert card(world).units is not None
    assert card(world).units.quota is None  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.parametrize(
    "place", ["before-create-endpoint", "after-create-endpoint", "before-term", "after-term"]
)
def test_a_crash_buys_it_once(place: str) -> None:
    world = house()
    lease = approved(world)

    crashed = False
    for _ in range(6):
        crashed = crashed or world.crash_at(place)
        world.clock.advance(30)
    assert crashed
    world.rebuilt().pass_time(300)
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(120)
    assert phase(world, lease) is LeasePhase.IN_SERVICE
    assert spec_of(world, lease).committed_until == world.endpoints.only().committed_until


# Bound


def _release(world: World, lease: str) -> object:
    return world.leases.release(lease, "UTRAIN")


def _release_of_another(world: World, lease: str) -> object:
    return world.leases.release(lease, "UBOSS", of_another=True)


def _let_end(world: World, lease: str) -> object:
    return world.leases.let_end(lease, "UTRAIN")


def _keep_awake(world: World, lease: str) -> object:
    return world.leases.keep_awake(lease, "UTRAIN")


def _extend(world: World, lease: str) -> object:
    return world.extensions.extend(lease, 60, "UTRAIN")


def _offer_more(world: World, lease: str) -> object:
    return world.extensions.offer(MODEL, 60)


def test_nothing_ends_it_or_moves_its_end_by_whatever_door() -> None:
    table: dict[str, tuple[Callable[[World, str], object], str]] = {
        "release": (_release, "nothing ends it earlier"),
        "release of another's": (_release_of_another, "nothing ends it earlier"),
        "let it end": (_let_end, "nothing ends it earlier"),
        "keep awake": (_keep_awake, "never released for want of questions"),
        "extend": (_extend, "not made longer by hours"),
        "what more costs": (_offer_more, "not made longer by hours"),
    }
    world = house()
    lease = running(world)
    before = spec_of(world, lease)

    wrong = []
    for door, (act, words) in table.items():
        try:
            act(world, lease)
            wrong.append(f"{door}: it was done")
        except TunesmithError as error:
            ends = world.endpoints.only().committed_until
            if words not in error.message or f"until {ends:%Y-%m-%d %H:%M} UTC" not in error.sentence:
                wrong.append(f"{door}: {error.sentence}")

    assert wrong == []
    assert spec_of(world, lease) == before


@pytest.mark.slow
def test_buttons_that_would_be_refused_are_not_offered() -> None:
    world = house()
    lease = running(world)
    view = lease_view(spec_of(world, lease), status_of(world, lease), world.prices)

    assert live_buttons(view) == []
    assert [each["action_id"] for each in live_buttons(replace(view, newer="v2"))] == ["lease.swap"]
    assert live_buttons(replace(view, term=None, is_bound=False)) != []
    until_its_end(world, -HOUR / 2)
    warnings = [each for each in world.messages.visible() if "left of its term" in each.message.text]
    assert len(warnings) == 2


@pytest.mark.slow
def test_it_can_be_stopped_until_it_is_bought() -> None:
    world = house()
    lease = approved(world)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(30)

    assert phase(world, lease) is LeasePhase.RELEASED
    assert world.endpoints.calls["create"] == 0
    assert entries(world) == {} or all(each.counts == 0 for each in entries(world).values())


def test_a_wish_of_the_moment_in_which_it_was_bought_is_dropped_and_it_is_in_service() -> None:
    world = house()
    lease = approved(world)
    assert world.crash_at("after-create-endpoint")
    world.store.amend(
        Key("lease", lease),
        LEASE_SCHEMA.on_documents(
            lambda spec: replace(spec, release=Vote("cancel", "UTRAIN", world.clock.now()).request)
        ),
    )
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.rebuilt().pass_time(180)

    assert spec_of(world, lease).release is None
    assert phase(world, lease) is LeasePhase.IN_SERVICE
    assert world.endpoints.calls["delete"] == 0


@pytest.mark.slow
def test_one_that_an_earlier_version_has_begun_to_end_is_in_service_again() -> None:
    """While both run, a process of before there were terms takes a wish to release it, and is refused by AWS."""
    world = house()
    lease = running(world)
    wish = Vote("cancel", "UTRAIN", world.clock.now()).request
    world.store.amend(
        Key("lease", lease), LEASE_SCHEMA.on_documents(lambda spec: replace(spec, release=wish))
    )
    [claim] = [each for each in world.store.claim(9, 30.0) if each.resource.key == Key("lease", lease)]
    found = claim.resource.status
    world.store.commit(claim, {**found, "lease": {**found["lease"], "phase": "releasing"}}, RequeueAfter(1))
    assert phase(world, lease) is LeasePhase.RELEASING
    world.pass_time(180)

    assert spec_of(world, lease).release is None
    assert phase(world, lease) is LeasePhase.IN_SERVICE
    assert world.endpoints.calls["delete"] == 0


@pytest.mark.slow
def test_nobody_asks_it_and_it_stays() -> None:
    world = house()
    world.limits = replace(world.limits, idle=30)
    lease = running(world.rebuilt())
    world.pass_time(3 * HOUR, step=600)

    assert spec_of(world, lease).idle == 0
    assert phase(world, lease) is LeasePhase.IN_SERVICE
    assert len(told(world)) == 1


def test_whoever_asks_for_it_joins() -> None:
    world = house()
    running(world)
    joined = world.lease_service(world.directory("UBOSS")).join(MODEL, "UBOSS", "C1")

    assert joined is not None
    assert joined.joint == ("UBOSS",)


def test_a_newer_model_takes_its_place() -> None:
    world = house()
    lease = running(world)
    newer = replace(model(), name="claims-router-2", arn=f"{model().arn}2")
    world.models.save(newer)
    world.swaps.swap(model=newer.name, lease=lease, by="UTRAIN", channel="C1")
    world.pass_time(90)

    assert world.endpoints.swaps == [newer.arn]


# Its end


@pytest.mark.slow
def test_it_is_deleted_from_its_end_on_and_its_total_is_told() -> None:
    world = house()
    lease = running(world)
    ends = world.endpoints.only().committed_until
    assert ends is not None
    until_its_end(world, -60)
    assert world.endpoints.calls["delete"] == 0
    world.pass_time(180)

    [(_, deleted_at)] = world.endpoints.deleted
    assert timedelta() <= deleted_at - ends < timedelta(minutes=2)
    assert phase(world, lease) is LeasePhase.RELEASED
    assert "Released: AWS confirms it." in told(world)[-1]
    assert "≈ $3,600.00" in told(world)[-1], "720 hours"
    [entry] = entries(world).values()
    assert (entry.state, entry.actual) == (EntryState.SETTLED, Decimal(5 * 720))


def test_a_day_and_an_hour_before_its_end_are_told_once() -> None:
    world = house()
    running(world)
    until_its_end(world, 300)

    said = [each for each in told(world) if "of its term" in each]
    assert [each.partition(" of its")[0] for each in said] == ["24 h are left", "1 h are left"]
    assert all("AWS renews it by itself" in each and "Extend" not in each for each in said)


def test_a_deletion_that_aws_refuses_at_its_end_is_tried_again_and_then_done() -> None:
    world = house()
    lease = running(world)
    world.endpoints.order("delete", *[Fault(Throttled("It is being changed.", retry_after=30))] * 4)
    until_its_end(world, -5)
    before = world.endpoints.calls["delete"]
    world.pass_time(120, step=1)

    assert before == 0
    assert world.endpoints.calls["delete"] == 5
    assert phase(world, lease) is LeasePhase.RELEASED
    assert spec_of(world, lease).renewals == ()
    assert len([each for each in told(world) if "Released" in each]) == 1


@pytest.mark.slow
def test_one_that_aws_keeps_for_long_after_its_end_is_told() -> None:
    world = house()
    lease = running(world)
    world.endpoints.denied["delete"] = Throttled("It is being changed.", retry_after=30)
    until_its_end(world, 900)

    [trouble] = [each for each in told(world) if "can't look after this" in each]
    assert "Its term is over, and AWS does not let it be deleted yet." in trouble
    assert phase(world, lease) is LeasePhase.IN_SERVICE
    assert world.endpoints.calls["delete"] <= 25, "at growing intervals, a minute at most"
    del world.endpoints.denied["delete"]
    world.pass_time(120)
    assert phase(world, lease) is LeasePhase.RELEASED


# Renewed


@pytest.mark.slow
def test_a_renewal_is_told_once_reserved_and_followed() -> None:
    world = house(access=replace(RULES, operator="COPS", operators=frozenset({"UDAY"})))
    world.operator = "UOPER"
    lease = running(world)
    first = world.endpoints.only().committed_until
    assert first is not None
    until_its_end(world, -30)
    ends = world.endpoints.renew()
    world.pass_time(600)

    [said] = [each for each in told(world) if "has renewed" in each]
    assert f"billed until {ends:%Y-%m-%d %H:%M} UTC" in said
    assert "at most $3,600.00 more, at most $7,325.00 in all" in said
    news = [each.spec for each in world.store.of_kind("notification") if "renewed" in each.key.id]
    named = {str(each["user"]): str(each["text"]).partition("model=")[2] for each in news}
    assert named == {"COPS": f"'lease:{lease}')", "UDAY": f"'{MODEL}')"}, "others read along there"
    assert world.endpoints.calls["delete"] == 0
    view = lease_view(spec_of(world, lease), status_of(world, lease), world.prices)
    assert (view.phase, view.release_at) == (LeasePhase.IN_SERVICE, ends)
    assert world.endpoints.only().tags["release-by"] == ends.isoformat(timespec="seconds")
    renewal = entries(world)[f"lease:{lease}:renewal-1"]
    assert (renewal.state, renewal.committed) == (EntryState.RESERVED, Decimal(5 * 720))
    assert renewal.month == month_of(first)
    assert entries(world)[f"lease:{lease}"].committed == Decimal(5 * 745)

    until_its_end(world, 300)
    assert phase(world, lease) is LeasePhase.RELEASED
    assert len([each for each in told(world) if "has renewed" in each]) == 1
    by_id = entries(world)
    assert [by_id[each].actual for each in (f"lease:{lease}", f"lease:{lease}:renewal-1")] == [
        Decimal(5 * 720),
        Decimal(5 * 720),
    ]
    assert "estimated: at most $7,325.00" in told(world)[-1]


@pytest.mark.slow
def test_a_deletion_that_came_too_late_is_given_up_for_the_next_end() -> None:
    """AWS refuses it, and shows a moment later that it has renewed the term."""
    world = house()
    lease = running(world)
    world.endpoints.order("delete", *[Fault(Throttled("It is being changed.", retry_after=30))] * 3)
    until_its_end(world, 20)
    assert world.endpoints.calls["delete"] >= 1
    world.endpoints.renew()
    world.pass_time(300)
    until_its_end(world, -HOUR / 2)

    assert world.endpoints.calls["delete"] <= 3
    assert phase(world, lease) is LeasePhase.IN_SERVICE
    assert len(spec_of(world, lease).renewals) == 1
    assert not any("Released" in each for each in told(world))
    assert [each for each in told(world) if "left of its term" in each], "the next end is warned of anew"


@pytest.mark.slow
def test_aws_may_correct_its_date_and_that_is_no_renewal() -> None:
    world = house()
    lease = running(world)
    one = world.endpoints.only()
    assert one.committed_until is not None
    one.committed_until += timedelta(minutes=20)
    world.pass_time(120)
    assert spec_of(world, lease).committed_until == one.committed_until
    assert spec_of(world, lease).renewals == ()

    one.committed_until -= timedelta(days=20)
    world.pass_time(120)
    assert spec_of(world, lease).committed_until == one.committed_until + timedelta(days=20), "an old answer"


@pytest.mark.slow
@pytest.mark.parametrize("place", ["before-term", "after-term", "before-reserve", "after-reserve"])
def test_a_crash_tells_and_reserves_a_renewal_once(place: str) -> None:
    world = house()
    lease = running(world)
    world.endpoints.renew()
    crashed = False
    for _ in range(4):
        world.clock.advance(61)
        crashed = crashed or world.crash_at(place)
    world.rebuilt().pass_time(300)

    assert crashed
    assert len(spec_of(world, lease).renewals) == 1
    assert len([each for each in told(world) if "has renewed" in each]) == 1
    assert len(entries(world)) == 2
    notices = [each for each in world.store.of_kind("notification") if "renewed" in each.key.id]
    assert len(notices) == 1


# Lost


@pytest.mark.slow
def test_one_that_the_store_forgot_is_followed_to_the_end_of_its_term() -> None:
    world = house()
    lease = running(world)
    world.pass_time(10 * DAY, step=10 * DAY)
    ends = world.endpoints.only().committed_until
    found_again(world)

    spec = spec_of(world, lease)
    assert (spec.plan.term, spec.committed_until) == (Term.ONE_MONTH, ends)
    assert phase(world, lease) is LeasePhase.IN_SERVICE
    with pytest.raises(Refused, match="nothing ends it earlier"):
        world.leases.release(lease, "UTRAIN")
    assert world.endpoints.calls["delete"] == 0
    assert any("billed until" in each and "lost track" in each for each in told(world))
    until_its_end(world, 300)
    assert phase(world, lease) is LeasePhase.RELEASED


def test_one_whose_plan_is_lost_too_is_known_for_a_term_by_its_tags() -> None:
    world = house()
    lease = running(world)
    world.plans = type(world.plans)()
    found_again(world)

    assert spec_of(world, lease).plan.term is Term.ONE_MONTH
    assert spec_of(world, lease).committed_until == world.endpoints.only().committed_until


@pytest.mark.slow
def test_what_aws_does_not_show_for_a_while_is_not_called_released() -> None:
    world = house()
    lease = running(world)
    hidden = dict(world.endpoints.endpoints)
    world.endpoints.endpoints.clear()
    world.pass_time(1800, step=60)
    assert phase(world, lease) is LeasePhase.IN_SERVICE
    world.endpoints.endpoints.update(hidden)
    world.pass_time(HOUR, step=120)

    assert phase(world, lease) is LeasePhase.IN_SERVICE
    assert not any("Released" in each for each in told(world))


@pytest.mark.slow
def test_one_that_failed_within_its_term_is_not_deleted_in_a_loop() -> None:
    world = house()
    lease = approved(world)
    world.turn()
    world.endpoints.fail(world.endpoints.only().plan.endpoint_name, "No capacity.")
    world.pass_time(4 * HOUR, step=120)

    assert 1 <= world.endpoints.calls["delete"] <= 8
    world.endpoints.only().committed_until = None
    world.pass_time(300, step=60)
    assert world.endpoints.endpoints == {}
    assert phase(world, lease) is LeasePhase.FAILED


@pytest.mark.slow
def test_a_silent_store_ends_it_at_its_end_and_not_before_and_not_once_it_is_renewed() -> None:
    world = house()
    bot = Processes(1, world)
    lease = running(world)
    bot.let_pass(30)
    world.store.down = True
    ends = world.endpoints.only().committed_until
    assert ends is not None
    world.clock.advance((ends - world.clock.now()).total_seconds() - 60)
    bot.let_pass(50)
    assert len(bot.running) == 1
    renewed = world.endpoints.renew()
    bot.let_pass(300)
    assert world.endpoints.calls["delete"] == 0

    world.clock.advance((renewed - world.clock.now()).total_seconds() + 45)
    bot.let_pass(120)
    assert bot.running == []
    assert len(bot.told("is released: its time was over")) == 1
    world.store.down = False
    bot.let_pass(120)
    assert phase(world, lease) is LeasePhase.RELEASED
