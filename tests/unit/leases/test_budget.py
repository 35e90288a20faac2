"""What could run, and be billed, unseen: creations that crash half-way, releases that AWS does not let through."""

from decimal import Decimal

import pytest

from bot.controller.context import AnyContext
from bot.controller.controller import Controller
from bot.controller.model import Key, Outcome, Registration
from bot.errors import Misconfigured, Throttled
from bot.kinds import KINDS
from bot.leases.cards import LeaseCard
from bot.pricing.book import PriceBook
from bot.profiles.model import PriceKind
from bot.spending.cards import ApprovalCard
from handlers.ui.render import render
from tests.doubles import bedrock
from tests.doubles.world import World
from tests.unit.jobs.samples import model

MODEL = "claims-router"
NO_TAGS = Misconfigured("AWS does not allow me to do this.", hint="Allow bedrock:ListTagsForResource.")


@pytest.fixture
def world() -> World:
    made = World()
    made.models.save(model())
    return made


def proposed(world: World) -> str:
    plan = world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(plan)
    world.turn()
    return lease


def running(world: World) -> str:
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.turn()
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(65)
    return lease


def phase(world: World, lease: str) -> str:
    resource = world.store.get(Key("lease", lease))
    assert resource is not None
    return str(resource.status["lease"]["phase"])


def troubles(world: World) -> list[str]:
    texts = [each.message.text for each in world.said("LeaseMilestone")]
    return [text for text in texts if "billed until it is deleted" in text]


def test_the_price_before_a_lease_leaves_out_no_minute_that_aws_bills() -> None:
    world = World(prices=PriceBook({("claude-3-haiku", PriceKind.MODEL_UNIT_HOUR): Decimal(60)}))
    world.models.save(model())
    world.press("lease", proposed(world), "start", "UTRAIN")
    world.turn()

    for kind in (LeaseCard, ApprovalCard):
        card = [each for each in world.renderer.cards if isinstance(each, kind)][-1]
        said = str(render(card).blocks)
        assert "at most $120.00" in said
        assert said.count("with up to 50 minutes of start-up, which AWS bills too, and begun hours") == 1


# Creations


def test_what_was_released_before_its_creation_was_seen_is_not_bought_again(world: World) -> None:
    """The process died after the creation; somebody deleted the throughput in the console before the next claim."""
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    assert world.crash_at("after-create-endpoint")
    world.clock.advance(10)
    world.turn()  # the release looks, and knows it now
    world.endpoints.endpoints.clear()
    world.pass_time(14 * 60)

    assert world.endpoints.calls["create"] == 1
    assert phase(world, lease) == "released"


def test_a_creation_that_crashed_is_adopted_where_tags_may_not_be_read(world: World) -> None:
    lease = proposed(world)
    world.press("lease", lease, "start", "UTRAIN")
    world.endpoints.order("tags", *[bedrock.Fault(NO_TAGS)] * 500)
    assert world.crash_at("after-create-endpoint")
    world.pass_time(120)

    assert phase(world, lease) == "creating"
    world.endpoints.in_service(world.endpoints.only().plan.endpoint_name)
    world.pass_time(120)
    assert phase(world, lease) == "in service"
    assert len(world.said("LeaseMilestone")) == 1


# Releases


def test_a_deletion_that_is_not_allowed_is_told_to_the_owner_once(world: World) -> None:
    lease = running(world)
    denied = Misconfigured("AWS does not allow it.", hint="Allow bedrock:DeleteProvisionedModelThroughput.")
    world.endpoints.order("delete", *[bedrock.Fault(denied)] * 5)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(120)

    [told] = troubles(world)
    assert "Allow bedrock:DeleteProvisionedModelThroughput" in told
    world.pass_time(600)
    assert len(troubles(world)) == 1
    assert world.endpoints.endpoints == {}
    assert phase(world, lease) == "released"


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", [bedrock.down(), bedrock.Fault(Throttled("It is still being changed.", retry_after=30.0))]
)
def test_a_deletion_that_does_not_get_through_for_long_is_told(world: World, fault: bedrock.Fault) -> None:
    lease = running(world)
    world.endpoints.order("delete", *[fault] * 1000)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(300)
    assert troubles(world) == []

    world.pass_time(600)
    [told] = troubles(world)
    assert fault.error.message in told


@pytest.mark.slow
def test_a_bedrock_that_is_away_at_the_deadline_for_long_is_told(world: World) -> None:
    lease = running(world)
    for method in ("get", "delete"):
        world.endpoints.order(method, *[bedrock.down()] * 10_000)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(900)

    assert len(troubles(world)) == 1


@pytest.mark.slow
def test_a_store_that_forgot_the_lease_keeps_to_a_deadline_that_was_moved_since(world: World) -> None:
    """Two bots in one account, or one whose Redis was emptied: the tag is all that they share."""
    running(world)
    other = World()
    other.clock, other.endpoints = world.clock, world.endpoints
    other.store = type(world.store)(world.clock)
    other.controller = type(world.controller)(
        other.store, other.reconcilers(), world.clock, random=lambda: 0.0, kinds=KINDS
    )
    other.store.register(Registration(Key("account", "us-west-2"), {"v": 1, "region": "us-west-2"}))
    other.turn()
    world.extensions.extend(MODEL, 60, "UTRAIN")
    world.pass_time(65)

    other.pass_time(80 * 60, step=30)
    assert len(world.endpoints.endpoints) == 1
    other.pass_time(45 * 60, step=30)
    assert world.endpoints.endpoints == {}


@pytest.mark.slow
def test_a_lease_waits_patiently_for_a_release_that_takes_long(world: World) -> None:
    running(world)
    turns = []
    lease = world.reconcilers()["lease"]

    def counted(context: AnyContext) -> Outcome:
        turns.append(context.key)
        return lease(context)

    reconcilers = {**world.reconcilers(), "lease": counted}
    world.controller = Controller(world.store, reconcilers, world.clock, random=lambda: 0.0, kinds=KINDS)
    world.endpoints.order("delete", *[bedrock.down()] * 10_000)
    world.pass_time(61 * 60, step=10)
    assert world.endpoints.calls["delete"] > 0
    turns.clear()
    world.pass_time(60, step=0.5)

    assert 1 <= len(turns) <= 15
