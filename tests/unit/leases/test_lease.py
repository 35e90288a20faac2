from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.controller.context import AnyContext
from bot.controller.controller import Controller
from bot.controller.documents import dump
from bot.controller.model import Key, Outcome, Registration
from bot.errors import Misconfigured, NotAllowed, NotFound, Refused, Throttled, Unavailable
from bot.kinds import KINDS
from bot.leases.cards import LeaseCard
from bot.leases.drafting import freeze
from bot.leases.endpoint import LeasePhase
from bot.leases.model import LEASE_SCHEMA, RELEASE_SCHEMA
from bot.leases.purchase import AlreadyAwake
from bot.models.model import Lifecycle, Share
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.questions.answerer import Asleep
from bot.spending.ledger import EntryState
from handlers.ui.render import render
from tests.doubles import bedrock
from tests.doubles.messages import down
from tests.doubles.world import World
from tests.unit.jobs.samples import PRICES, model

MODEL = "claims-router"
DEAR = PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(60)})


@pytest.fixture
def world() -> World:
    made = World()
    made.models.save(model())
    return made


def proposed(world: World, minutes: int = 60, request: str = "trigger-1") -> str:
    plan = world.leases.plan(model=MODEL, minutes=minutes, owner="UTRAIN", channel="C1", request=request)
    lease = world.leases.propose(plan)
    world.turn()
    return lease


def running(world: World, minutes: int = 60, request: str = "trigger-1") -> str:
    lease = proposed(world, minutes, request)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return lease


def phase(world: World, lease: str) -> str:
    resource = world.store.get(Key("lease", lease))
    assert resource is not None
    return str(resource.status["lease"]["phase"])


def is_done(world: World, kind: str, lease: str) -> bool:
    resource = world.store.get(Key(kind, lease))
    return resource is not None and resource.done


def test_the_price_comes_first_and_nothing_is_bought(world: World) -> None:
    proposed(world, minutes=120)

    [card] = world.said("LeaseCard")
    assert "at most $24.00" in card.message.text
    assert world.endpoints.calls["create"] == 0
    assert world.store.of_kind("release") == []


def test_a_press_buys_once_with_tags_and_registers_the_release(world: World) -> None:
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()

    endpoint = world.endpoints.only()
    assert endpoint.token == endpoint.plan.digest
    assert endpoint.tags["managed-by"] == "tunesmith"
    assert endpoint.tags["owner"] == "UTRAIN"
    assert endpoint.tags["tunesmith-lease"] == lease
    assert datetime.fromisoformat(endpoint.tags["release-by"]) > world.clock.now()
    assert [resource.key.id for resource in world.store.of_kind("release")] == [lease]


def test_the_release_is_registered_before_anything_is_bought(world: World) -> None:
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")

    assert world.crash_at("before-create-endpoint")
    assert world.endpoints.endpoints == {}
    assert [resource.key.id for resource in world.store.of_kind("release")] == [lease]


@pytest.mark.slow
def test_the_whole_lease(world: World) -> None:
    lease = running(world)
    assert phase(world, lease) == "in service"
    assert [each.message.text for each in world.said("LeaseMilestone")] == [
        (
            f"LeaseMilestone: `{MODEL}` is in service for 1 h from now (AWS bills it since its creation). "
            "Ask it with `/ask`."
        )
    ]
    tag = world.endpoints.only().tags["release-by"]

    world.pass_time(51 * 60, step=10)
    assert any("10 minutes are left" in each.message.text for each in world.said("LeaseMilestone"))
    assert len(world.endpoints.endpoints) == 1

    world.pass_time(10 * 60, step=10)
    [(_, deleted_at)] = world.endpoints.deleted
    assert abs((datetime.fromisoformat(tag) - deleted_at).total_seconds()) < 20
    world.pass_time(120)
    assert phase(world, lease) == "released"
    assert "AWS confirms it" in world.said("LeaseMilestone: Released")[0].message.text
    assert (
        "for 1 h 1 min, from its creation on: ≈ $16.00, with begun hours counted whole; "
        "estimated: at most $16.00." in world.said("LeaseMilestone: Released")[0].message.text
    )
    assert is_done(world, "lease", lease)
    assert is_done(world, "release", lease)


def test_the_countdown_is_edited_at_most_once_a_minute(world: World) -> None:
    running(world)
    before = world.messages.calls["update"]
    world.pass_time(600)

    assert 8 <= world.messages.calls["update"] - before <= 11


def test_release_by_a_person_is_read_back_before_it_is_told(world: World) -> None:
    lease = running(world)
    world.leases.release(MODEL, "UBOSS", of_another=True)
    world.leases.release(MODEL, "UBOSS", of_another=True)
    with pytest.raises(Refused, match="<@UBOSS> released it"):
        world.leases.release(MODEL, "UTRAIN")
    world.pass_time(60)

    assert phase(world, lease) == "released"
    assert world.endpoints.endpoints == {}
    with pytest.raises(Refused, match="asleep"):
        world.leases.release(MODEL, "UTRAIN")


def test_a_release_before_it_is_created_waits_until_nothing_can_appear(world: World) -> None:
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.endpoints.order("create", *[bedrock.dropped()] * 30)
    world.pass_time(20)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(30)
    assert phase(world, lease) == "releasing"

    world.pass_time(90)
    assert phase(world, lease) == "released"
    assert world.endpoints.endpoints == {}


def test_what_aws_lets_us_create_late_has_its_whole_time_in_service(world: World) -> None:
    """Its tag allows for a start-up from when it was wanted, which is over when it comes into service."""
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.endpoints.denied["create"] = Unavailable("Bedrock could not be reached.")
    world.pass_time(44 * 60, step=220)
    assert world.endpoints.endpoints == {}
    del world.endpoints.denied["create"]
    world.pass_time(180, step=60)
    world.pass_time(20 * 60, step=300)
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(60)

    world.pass_time(57 * 60, step=570)
    assert len(world.endpoints.endpoints) == 1
    world.pass_time(240, step=60)
    assert world.endpoints.endpoints == {}


@pytest.mark.slow
@pytest.mark.parametrize("minutes", [1, 10, 90])
def test_tags_that_do_not_come_keep_nothing_from_being_told_or_ended(world: World, minutes: int) -> None:
    """AWS answers how it stands, and not what its tags are: for a moment, or beyond its time."""
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.pass_time(30)
    world.endpoints.denied["tags"] = Throttled("Bedrock is busy.", retry_after=2)
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(minutes * 60, step=30)
    del world.endpoints.denied["tags"]
    world.pass_time(90, step=30)

    if minutes < 60:
        told = [each for each in world.said("LeaseMilestone") if "is in service for" in each.message.text]
        assert (phase(world, lease), len(told)) == ("in service", 1)
    world.pass_time((64 - minutes) * 60 if minutes < 64 else 60, step=60)
    assert world.endpoints.endpoints == {}


@pytest.mark.slow
def test_extending_moves_the_deadline_of_the_release_too(world: World) -> None:
    lease = running(world)
    world.pass_time(40 * 60, step=30)
    assert world.extensions.extend(MODEL, 60, "UTRAIN").view.minutes == 120

    world.pass_time(70 * 60, step=30)
    assert phase(world, lease) == "in service"
    assert world.endpoints.deleted == []

    world.pass_time(15 * 60, step=30)
    assert phase(world, lease) == "released"


def test_an_extension_over_the_limit_asks_an_approver(world: World) -> None:
    lease = running(world, minutes=120)
    asked = world.extensions.extend(MODEL, 60, "UTRAIN")
    world.pass_time(5)

    assert asked.needs_approval == "$32.00 is more than the $25.00 that may be spent without approval."
    assert asked.view.minutes == 120
    assert len(world.said("ApprovalCard")) == 1
    world.extensions.decide(lease, 1, "approve", "UBOSS")
    world.pass_time(5)
    assert world.leases.running(MODEL).minutes == 180
    assert "approved 1 h more" in world.said("LeaseMilestone")[-1].message.text


def test_a_lease_has_a_longest_time(world: World) -> None:
    running(world)

    with pytest.raises(Refused, match="at most 8 h"):
        world.extensions.extend(MODEL, 480, "UBOSS")
    with pytest.raises(Refused, match="8 h 1 min is too long for a lease; the most is 8 h"):
        world.leases.plan(model=MODEL, minutes=481, owner="UTRAIN", channel="C1", request="r")


def test_over_the_limit_an_approver_is_asked_first() -> None:
    world = World(prices=DEAR)
    world.models.save(model())
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    assert world.endpoints.calls["create"] == 0
    assert len(world.said("ApprovalCard")) == 1

    world.press("lease", lease, "approve", "UBOSS")
    world.turn()
    assert world.endpoints.calls["create"] == 1


def test_a_declined_lease_buys_nothing() -> None:
    world = World(prices=PriceBook({}))
    world.models.save(model())
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.press("lease", lease, "decline", "UBOSS")
    world.pass_time(120)

    assert phase(world, lease) == "declined"
    assert world.endpoints.calls["create"] == 0
    assert any("<@UBOSS> declined" in each.message.text for each in world.said("LeaseMilestone"))


def test_a_cancelled_lease_is_over(world: World) -> None:
    lease = proposed(world)
    world.press("lease", lease, "cancel", "UTRAIN")
    world.pass_time(120)

    assert phase(world, lease) == "cancelled"
    assert is_done(world, "lease", lease)
    assert world.said("LeaseMilestone") == []


def test_a_legacy_base_gets_no_new_throughput(world: World) -> None:
    training_id = "anthropic.claude-3-haiku-20240307-v1:0:200k"
    world.customization.lifecycles[training_id] = Lifecycle("LEGACY", datetime(2026, 3, 10, tzinfo=UTC))
    lease = proposed(world)

    with pytest.raises(Refused, match="Legacy"):
        world.press("lease", lease, "start", "UTRAIN")


@pytest.mark.parametrize(
    ("units", "said"),
    [
        (4, "1 of 4 model units"),
        (
            0,
            "The account has no model units, so AWS will not sell it.\\n→ Ask AWS Support first (quota L-BE77399C)",
        ),
        (None, "AWS Support grants model units before any purchase"),
    ],
)
def test_the_plan_says_what_has_to_be_asked_of_aws_before(world: World, units: int | None, said: str) -> None:
    world.account_quotas.units = units
    lease = proposed(world)
    assert said in plan_of(world)

    # A quota is read now and then, and AWS itself knows best: it is told, and keeps nobody from trying.
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    assert world.endpoints.calls["create"] == 1
    assert "model units" not in plan_of(world)


def test_a_quota_that_cannot_be_read_holds_nothing_up(world: World) -> None:
    world.account_quotas.error = Unavailable("Service Quotas is away.")
    world.customization.lifecycles["anthropic.claude-3-haiku-20240307-v1:0:200k"] = Lifecycle(
        "LEGACY", datetime(2026, 3, 10, tzinfo=UTC)
    )
    proposed(world)
    assert "Legacy" in plan_of(world), "what else is looked at is looked at"


def plan_of(world: World) -> str:
    card = [each for each in world.renderer.cards if isinstance(each, LeaseCard)][-1]
    message = render(card)
    return str([*message.blocks, *message.details])


def test_a_refusal_is_explained_and_nothing_is_left(world: World) -> None:
    lease = proposed(world)
    text = "Your account does not currently have any no commitment model units reserved for x."
    world.endpoints.order("create", bedrock.Fault(Misconfigured("A quota is used up.", detail=text)))
    world.press("lease", lease, "start", "UTRAIN")
    world.pass_time(200)

    assert phase(world, lease) == "refused"
    assert "model units" in world.said("LeaseMilestone: Bedrock would not start it")[0].message.text
    assert world.leases.find(lease).raw_failure == text, "its card has a button that shows it"
    assert is_done(world, "lease", lease)
    assert is_done(world, "release", lease)


def test_throughput_that_fails_is_deleted_and_told(world: World) -> None:
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.endpoints.fail(world.endpoints.only().plan.endpoint_name, "internal error")
    world.pass_time(300)

    assert phase(world, lease) == "failed"
    assert world.endpoints.endpoints == {}
    assert len(world.said("LeaseMilestone: It failed")) == 1


@pytest.mark.slow
def test_throughput_that_never_comes_into_service_is_given_up(world: World) -> None:
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    name = world.endpoints.only().plan.endpoint_name
    world.pass_time(91 * 60, step=30)
    world.endpoints.in_service(name)
    world.pass_time(120)

    assert world.endpoints.endpoints == {}
    assert phase(world, lease) == "released"


def test_throughput_that_somebody_deleted_ends_the_lease(world: World) -> None:
    lease = running(world)
    world.endpoints.endpoints.clear()
    world.pass_time(14 * 60)

    assert phase(world, lease) == "released"
    assert is_done(world, "release", lease)


@pytest.mark.parametrize(("minutes", "after"), [(9, "creating"), (12, "released")])
def test_what_was_found_again_is_waited_for_while_aws_does_not_show_it(
    world: World, minutes: int, after: str
) -> None:
    lease = proposed(world)
    key = Key("lease", lease)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    hidden, world.endpoints.endpoints = world.endpoints.endpoints, {}
    resource = world.store.get(key)
    assert resource is not None
    spec = replace(LEASE_SCHEMA.spec_of(resource), found_again=world.clock.now())
    world.forget().models.save(model())
    world.store.register(Registration(key, dump(spec)))

    world.pass_time(minutes * 60, step=60)
    world.endpoints.endpoints = hidden if after == "creating" else {}
    world.pass_time(180, step=60)
    assert (phase(world, lease), world.endpoints.deleted) == (after, [])
    assert world.endpoints.calls["create"] == 1


@pytest.mark.parametrize("seconds", [0, 2, 4, 7, 20])
def test_throughput_that_somebody_deleted_within_seconds_of_its_creation_ends_the_lease(
    world: World, seconds: int
) -> None:
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    if seconds:
        world.pass_time(seconds, step=1)
    world.endpoints.endpoints.clear()
    world.pass_time(14 * 60)

    assert phase(world, lease) == "released"
    assert is_done(world, "release", lease)
    assert world.endpoints.calls["create"] == 1
    assert len(world.said("LeaseMilestone: Released: AWS confirms it")) == 1


def test_throughput_that_is_not_shown_at_once_is_not_taken_for_deleted(world: World) -> None:
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    hidden, world.endpoints.endpoints = world.endpoints.endpoints, {}
    world.pass_time(40)
    world.endpoints.endpoints = hidden
    world.pass_time(120)

    assert phase(world, lease) == "creating"
    assert world.endpoints.deleted == []


@pytest.mark.parametrize("minutes", [1, 5, 9])
def test_what_aws_does_not_show_for_minutes_is_still_leased(world: World, minutes: int) -> None:
    lease = running(world)
    hidden, world.endpoints.endpoints = world.endpoints.endpoints, {}
    world.pass_time(minutes * 60)
    assert phase(world, lease) == "in service"
    world.endpoints.endpoints = hidden
    world.pass_time(15 * 60, step=20)

    assert phase(world, lease) == "in service"
    assert world.endpoints.deleted == []


def blind(world: World) -> None:
    """Have AWS show nothing to whoever asks for it, though it runs, is billed, and can be deleted."""
    world.endpoints.get = lambda *_: None  # type: ignore[method-assign]


def test_what_aws_does_not_show_for_long_is_deleted_before_it_is_called_gone(world: World) -> None:
    lease = running(world, minutes=120)
    blind(world)
    world.pass_time(14 * 60, step=20)

    assert phase(world, lease) == "released"
    assert world.endpoints.endpoints == {}, "else it would be billed, and ended by nobody"
    assert len(world.endpoints.deleted) == 1


def test_what_is_not_shown_and_has_to_go_is_deleted_at_once(world: World) -> None:
    lease = running(world)
    blind(world)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(60)

    assert phase(world, lease) == "released"
    assert world.endpoints.endpoints == {}


def test_what_somebody_deleted_at_aws_is_billed_until_it_was_missed(world: World) -> None:
    lease = running(world, minutes=120)
    world.pass_time(30 * 60, step=20)
    world.endpoints.endpoints.clear()
    gone = world.clock.now()
    world.pass_time(20 * 60, step=20)

    assert phase(world, lease) == "released"
    release = world.store.get(Key("release", lease))
    assert release is not None
    ended = RELEASE_SCHEMA.status_of(release).released_at
    assert ended is not None
    assert timedelta() <= ended - gone <= timedelta(minutes=2)
    [spent] = world.ledger.kept.values()
    assert spent.state is EntryState.SETTLED


@pytest.mark.parametrize("fault", [bedrock.lost_reply, bedrock.dropped, bedrock.throttled, bedrock.down])
def test_trouble_at_the_creation_buys_once(world: World, fault: Callable[[], bedrock.Fault]) -> None:
    lease = proposed(world)
    world.endpoints.order("create", fault())
    world.press("lease", lease, "start", "UTRAIN")
    world.pass_time(60)

    assert len(world.endpoints.endpoints) == 1
    assert phase(world, lease) == "creating"


def test_somebody_elses_endpoint_of_that_name_is_left_alone(world: World) -> None:
    plan = world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="trigger-1")
    world.endpoints.create(plan, {"managed-by": "somebody"})
    world.endpoints.in_service(plan.endpoint_name)
    lease = world.leases.propose(plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.pass_time(300)

    assert phase(world, lease) == "refused"
    assert len(world.endpoints.endpoints) == 1


# Money and time


@pytest.mark.parametrize(
    ("prices", "more", "said"),
    [
        (PRICES, 0, "≈ $8.00, with begun hours counted whole; estimated: at most $16.00."),
        (PRICES, 60, "≈ $8.00, with begun hours counted whole; estimated: at most $24.00."),
        (PriceBook({}), 0, "price unknown, with begun hours counted whole."),
    ],
)
def test_what_it_cost_stands_beside_what_was_estimated(prices: PriceBook, more: int, said: str) -> None:
    world = World(prices=prices)
    world.models.save(model())
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    if prices is not PRICES:
        world.press("lease", lease, "approve", "UBOSS")
        world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    if more:
        world.extensions.extend(MODEL, more, "UTRAIN")
    world.leases.release(lease, "UTRAIN")
    world.pass_time(60)

    [told] = world.said("LeaseMilestone: Released")
    assert told.message.text.endswith(said)
    card = [each for each in world.renderer.cards if isinstance(each, LeaseCard)][-1]
    shown = str(render(card).details)
    assert (f"; estimated: {card.view.estimated}" in shown) == bool(card.view.estimated)
    assert card.view.estimated == ("at most $24.00" if more else "at most $16.00" if prices is PRICES else "")


@pytest.mark.slow
def test_slack_being_away_delays_no_release(world: World) -> None:
    running(world)
    for method in ("post", "update", "find"):
        world.messages.order(method, *[down()] * 500)
    world.pass_time(61 * 60, step=10)

    assert world.endpoints.endpoints == {}


def test_a_lease_document_that_nobody_can_read_delays_no_release(world: World) -> None:
    lease = running(world)
    world.leases.release(lease, "UTRAIN")

    def poisoned(context: AnyContext) -> Outcome:
        raise ZeroDivisionError

    reconcilers = {**world.reconcilers(), "lease": poisoned}
    world.controller = Controller(world.store, reconcilers, world.clock, random=lambda: 0.0, kinds=KINDS)
    world.pass_time(30)

    assert world.endpoints.endpoints == {}


@pytest.mark.parametrize("fault", [bedrock.lost_reply, bedrock.dropped, bedrock.throttled, bedrock.down])
def test_trouble_at_the_deletion_is_tried_again_soon(
    world: World, fault: Callable[[], bedrock.Fault]
) -> None:
    lease = running(world)
    world.endpoints.order("delete", fault(), fault())
    world.leases.release(lease, "UTRAIN")
    world.pass_time(60)

    assert world.endpoints.endpoints == {}
    world.pass_time(60)
    assert phase(world, lease) == "released"


def test_a_deletion_that_is_not_allowed_is_told_on_the_card_and_tried_again(world: World) -> None:
    lease = running(world)
    denied = Misconfigured("AWS does not allow it.", hint="Allow bedrock:DeleteProvisionedModelThroughput.")
    world.endpoints.order("delete", *[bedrock.Fault(denied)] * 5)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(90)
    assert world.endpoints.calls["delete"] == 5
    card = [each for each in world.renderer.cards if isinstance(each, LeaseCard)][-1]
    assert "it is billed until it is deleted: AWS does not allow it." in str(render(card).blocks)

    world.pass_time(120)
    assert world.endpoints.endpoints == {}


@pytest.mark.slow
def test_a_wall_clock_set_back_lengthens_nothing_for_long(world: World) -> None:
    running(world)
    world.pass_time(1800, step=30)
    world.clock.step(-600)
    world.pass_time(2500, step=10)

    assert world.endpoints.endpoints == {}


@pytest.mark.chaos
@pytest.mark.parametrize(
    "point",
    ["after-keep-plan", "before-create-endpoint", "after-create-endpoint", "before-delete-endpoint",
     "after-delete-endpoint", "after-released", "after-reserve", "after-account",
     "before-commit", "after-commit", "before-post", "after-post", "before-update",
     "after-update"],
)  # fmt: skip
@pytest.mark.parametrize(
    "occurrence", [*range(1, 4), *(pytest.param(each, marks=pytest.mark.slow) for each in range(4, 8))]
)
def test_a_crash_anywhere_buys_once_and_releases(point: str, occurrence: int) -> None:
    world = World()
    world.models.save(model())
    plan = world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(plan)
    world.crash_at(point, occurrence)
    world.pass_time(60)
    world.press("lease", lease, "start", "UTRAIN")
    world.crash_at(point, occurrence)
    world.pass_time(60)
    assert len(world.endpoints.endpoints) == 1
    world.endpoints.in_service(plan.endpoint_name)
    world.clock.advance(60)
    world.crash_at(point, occurrence)
    world.pass_time(120)
    world.leases.release(lease, "UTRAIN")
    world.crash_at(point, occurrence)
    world.pass_time(300)

    assert world.endpoints.endpoints == {}
    assert len(world.endpoints.deleted) == 1
    assert phase(world, lease) == "released"
    assert len(world.said("LeaseCard")) == 1
    assert len(world.said("LeaseMilestone")) == 2
    assert is_done(world, "lease", lease)
    [spent] = world.ledger.kept.values()
    assert spent.state is EntryState.SETTLED
    assert spent.committed == 16
    assert spent.actual == 8


# The sweep


def swept(world: World) -> None:
    world.store.register(Registration(Key("account", "us-west-2"), {"v": 1, "region": "us-west-2"}))


@pytest.mark.slow
def test_throughput_that_the_store_forgot_is_released_by_its_tag(world: World) -> None:
    lease = running(world)
    forgotten = World()
    forgotten.clock = world.clock
    forgotten.endpoints = world.endpoints
    forgotten.store = type(world.store)(world.clock)
    forgotten.controller = type(world.controller)(
        forgotten.store, forgotten.reconcilers(), world.clock, random=lambda: 0.0, kinds=KINDS
    )
    swept(forgotten)
    forgotten.pass_time(30 * 60, step=30)
    assert len(world.endpoints.endpoints) == 1

    forgotten.pass_time(31 * 60, step=30)
    assert world.endpoints.endpoints == {}
    assert is_done(forgotten, "release", lease)


def test_the_sweep_leaves_alone_what_is_leased_or_not_ours(world: World) -> None:
    running(world)
    mine = world.endpoints.only()
    theirs = replace(mine, arn=mine.arn + "-theirs", tags={"release-by": "2020-01-01T00:00:00+00:00"})
    world.endpoints.endpoints[theirs.arn] = theirs
    swept(world)
    world.pass_time(20 * 60, step=30)

    assert set(world.endpoints.endpoints) == {mine.arn, theirs.arn}
    assert 4 <= world.endpoints.calls["list_all"] <= 6


def test_what_came_back_after_its_release_is_deleted_by_the_next_sweep(world: World) -> None:
    lease = running(world)
    zombie = world.endpoints.only()
    world.leases.release(lease, "UTRAIN")
    world.pass_time(60)
    world.endpoints.endpoints[zombie.arn] = zombie
    swept(world)
    world.pass_time(12 * 60, step=30)

    assert world.endpoints.endpoints == {}


# Who answers


def test_a_sleeping_model_says_how_to_wake_it_and_what_it_costs(world: World) -> None:
    with pytest.raises(Refused) as asleep:
        world.serving.answerer(MODEL, "C1")
    assert asleep.value.hint == (
        "Wake it with `/tune serve claims-router for 1h`: at most $16.00 (with up to 50 minutes of start-up, which AWS "
        "bills too, and begun hours counted whole)."
    )
    with pytest.raises(Refused, match="asleep"):
        world.serving.answerer(None, "C1")


def test_a_model_in_service_answers_with_the_prompt_it_was_trained_with(world: World) -> None:
    running(world)

    for name in (MODEL, "CLAIMS-ROUTER", None):
        answerer = world.serving.answerer(name, "C1")
        assert answerer.endpoint_arn == world.endpoints.only().arn
        assert answerer.system_prompt == "You route insurance claims."
    assert world.serving.answerer(None, "D9").model_name == MODEL


def test_what_a_model_was_trained_on_is_told_where_everybody_may_see_it(world: World) -> None:
    running(world)
    answerer = world.serving.answerer(MODEL, "C1")
    assert (answerer.version, answerer.made) == (MODEL, model().created)
    assert (answerer.dataset, answerer.dataset_id) == (model().dataset_name, model().dataset_id)

    world.memberships.private("C1", "UTRAIN")
    world.shares.save(Share(MODEL, model().arn, "C2", "UTRAIN", world.clock.now()))
    seen = world.directory("UTRAIN", "C2")
    shared = world.serving_service(seen, world.lease_service(seen)).answerer(MODEL, "C2")
    assert (shared.model_name, shared.dataset, shared.dataset_id) == (MODEL, "", "")


def test_the_base_of_a_model_answers_whether_that_is_awake_or_not(world: World) -> None:
    resolver = world.resolver(world.directory(), world.leases)
    base = resolver.base_of(MODEL, "C1")
    for each in (base, resolver.base_of(None, "C1")):
        assert (each.endpoint_arn, each.region) == ("anthropic.claude-3-haiku-20240307-v1:0", "us-west-2")
        assert (each.of_base, each.by_token, each.model_name) == (True, True, MODEL)
        assert each.system_prompt == "You route insurance claims."
    running(world)
    assert resolver.base_of(None, "C1") == base
    with pytest.raises(Refused, match="does not answer here"):
        resolver.base_of(MODEL, "C2")


def test_a_waking_model_says_so(world: World) -> None:
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()

    for name in (MODEL, None):
        with pytest.raises(Asleep, match="waking up") as waking:
            world.serving.answerer(name, "C1")
        assert waking.value.hint == "Ask again once it is in service: `/tune models` shows when it is."
    assert world.serving.models(MODEL).lines[0].serving == "waking"


@pytest.mark.parametrize("channel", ["C1", "D9"])
def test_without_a_name_the_waking_model_is_meant_and_no_second_one_is_sold(
    world: World, channel: str
) -> None:
    made = model()
    newer = replace(made, arn=made.arn + "-newer", name="newer", job_id="another", created=world.clock.now())
    world.models.save(newer)
    with pytest.raises(Asleep, match="`newer` is asleep"):
        world.serving.answerer(None, channel)
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()

    with pytest.raises(Asleep, match=f"`{MODEL}` is waking up"):
        world.serving.answerer(None, channel)


@pytest.mark.parametrize(
    ("trainers", "operator", "hint"),
    [
        ({"UTRAIN", "UABLE"}, "UOPER", "Ask <@UTRAIN> to wake it with `/tune serve claims-router for 1h`."),
        ({"UABLE", "UBEST"}, "UOPER", "Ask <@UABLE> to wake it with `/tune serve claims-router for 1h`."),
        (set(), "UOPER", "Ask <@UOPER> to wake it with `/tune serve claims-router for 1h`."),
        (set(), "", "Ask <@UBOSS> to wake it with `/tune serve claims-router for 1h`."),
    ],
    ids=["its owner", "a trainer", "the operator", "an approver"],
)
def test_who_may_not_serve_is_told_whom_to_ask(
    world: World, trainers: set[str], operator: str, hint: str
) -> None:
    world.access = replace(world.access, trainers=trainers, operator=operator)
    for name in (MODEL, None):
        asker = world.directory("UASKER")
        seen = world.serving_service(asker, world.lease_service(asker))
        with pytest.raises(Asleep, match="asleep") as asleep:
            seen.answerer(name, "C1")
        assert asleep.value.hint == hint


def test_unknown_models_are_answered_with_the_nearest(world: World) -> None:
    for ask in (world.serving.models, lambda name: world.serving.answerer(name, "C1")):
        with pytest.raises(NotFound) as unknown:
            ask("claims-ruter")
        assert unknown.value.hint == "Did you mean `claims-router`?"


def test_without_any_model_the_way_to_one_is_named() -> None:
    with pytest.raises(NotFound) as none:
        World().serving.answerer(None, "C1")
    assert "/tune start" in none.value.hint


def test_models_tell_until_when_they_are_in_service(world: World) -> None:
    world.models.save(
        replace(model("newer"), arn=f"{model().arn}-2", created=world.clock.now() + timedelta(days=1))
    )
    assert [(each.name, each.serving, each.lease) for each in world.serving.models().lines] == [
        ("newer", "asleep", None),
        (MODEL, "asleep", None),
    ]
    running(world)
    assert [(each.name, each.serving) for each in world.serving.models().lines] == [
        (MODEL, "in service"),
        ("newer", "asleep"),
    ], "what is in service comes first"
    [view] = world.leases.live()
    assert world.serving.models().lines[0].lease == view
    assert view.phase is LeasePhase.IN_SERVICE
    assert view.left_minutes == 59


def test_a_model_that_is_awake_is_not_bought_twice(world: World) -> None:
    running(world)

    with pytest.raises(AlreadyAwake) as awake:
        world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="another")
    assert "/tune extend" in awake.value.hint


def test_only_trainers_lease(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.leases.plan(model=MODEL, minutes=60, owner="UASKER", channel="C1", request="r")


def test_a_deployment_costs_nothing_by_the_hour_and_needs_no_approver() -> None:
    world = World(prices=PriceBook({}))
    world.models.save(model("router-nova", profile="nova-micro"))
    # One from before deployments had no clock; none is planned any more.
    made = model("router-nova", profile="nova-micro")
    plan = freeze(made, minutes=60, longest=480, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()

    assert "billed by the token" in world.said("LeaseCard")[0].message.text
    assert "custom-model-deployment" in world.endpoints.only().arn
