"""A newer model takes the place of the one before, on the same throughput, at the same price and to the same end."""

from dataclasses import replace

import pytest

from bot.controller.model import Key
from bot.errors import Misconfigured, NotAllowed, Refused, UnknownOutcome
from bot.leases.cards import LeaseCard, SwapOffer
from bot.leases.endpoint import EndpointStatus
from bot.leases.purchase import AlreadyAwake
from bot.models.serving import ServedState
from bot.questions.answerer import Asleep
from tests.doubles.bedrock import Fault
from tests.doubles.world import World
from tests.unit.account.test_reconciler import swept
from tests.unit.jobs.samples import model
from tests.unit.leases.test_lease import MODEL, phase, running

OLD = model()
NEW = replace(
    OLD,
    name="claims-router-2",
    arn=OLD.arn[:-1] + "e",
    created=OLD.created.replace(year=OLD.created.year + 1),
)


@pytest.fixture
def world() -> World:
    made = World()
    made.models.save(OLD)
    made.models.save(NEW)
    return made


def swapping(world: World) -> str:
    lease = running(world)
    world.swaps.swap(model=NEW.name, lease=lease, by="UBOSS", channel="C1")
    world.turn()
    return lease


def told(world: World) -> str:
    return world.said("LeaseMilestone: ")[-1].message.text.removeprefix("LeaseMilestone: ")


def answers(world: World, name: str) -> bool:
    try:
        return world.serving.answerer(name, "C1").model_name == name
    except Asleep:
        return False


def card(world: World) -> LeaseCard:
    return [each for each in world.renderer.cards if isinstance(each, LeaseCard)][-1]


def test_it_takes_the_place_at_the_same_price_and_to_the_same_end(world: World) -> None:
    lease = running(world)
    assert card(world).view.newer == NEW.name
    before, minutes = card(world).view, world.leases.find(lease).minutes
    world.swaps.swap(model=NEW.name, lease=lease, by="UBOSS", channel="C1")
    world.turn()

    assert {each.model_name: each.state for each in world.leases.served()} == {
        MODEL: ServedState.IN_SERVICE,
        NEW.name: ServedState.WAKING,
    }
    assert (answers(world, MODEL), answers(world, NEW.name)) == (True, False), "until then the other goes on"
    assert card(world).view.next_name == NEW.name
    assert card(world).view.newer == ""
    world.pass_time(120)
    assert world.endpoints.swaps == [NEW.arn], "it is asked for once, and followed"

    world.endpoints.swapped()
    world.pass_time(20)
    assert told(world) == f"`{NEW.name}` answers now in place of `{MODEL}`, at the same address."
    assert (answers(world, MODEL), answers(world, NEW.name)) == (False, True)
    assert world.endpoints.only().tags["model"] == NEW.name
    after = world.leases.find(lease)
    assert (after.model_name, after.minutes, after.total) == (NEW.name, minutes, before.total)
    world.pass_time(66 * 60, step=600)
    assert phase(world, lease) == "released"
    assert len(world.endpoints.deleted) == 1


def test_a_name_that_is_promoted_to_it_is_answered_by_the_one_before_until_then(world: World) -> None:
    lease = running(world)
    aliases = world.alias_service(world.directory())
    aliases.point("support", MODEL, "UTRAIN")
    world.swaps.swap(model=NEW.name, lease=lease, by="UTRAIN", channel="C1")
    aliases.point("support", NEW.name, "UTRAIN")
    world.turn()
    asked = world.serving.answerer("support", "C1")
    assert (asked.model_name, asked.awaits) == (MODEL, NEW.name)
    world.endpoints.swapped()
    world.pass_time(20)
    asked = world.serving.answerer("support", "C1")
    assert (asked.model_name, asked.awaits) == (NEW.name, "")


def test_while_it_changes_what_aws_shows_is_nobodys_word(world: World) -> None:
    swapping(world)
    world.endpoints.only().model_arn = NEW.arn
    world.pass_time(60)
    assert (answers(world, MODEL), answers(world, NEW.name)) == (True, False)


def test_a_change_that_does_not_come_is_told_and_may_be_asked_for_again(world: World) -> None:
    lease = swapping(world)
    world.endpoints.swapped(fails=True)
    world.pass_time(180, step=30)
    assert told(world) == (
        f"`{NEW.name}` did not take the place of `{MODEL}`, which goes on answering. Bedrock could not change the "
        "model."
    )
    assert (answers(world, MODEL), answers(world, NEW.name)) == (True, False)
    world.swaps.swap(model=NEW.name, lease=MODEL, by="UTRAIN", channel="C1")
    world.turn()
    world.endpoints.swapped()
    world.pass_time(20)
    assert answers(world, NEW.name)
    assert phase(world, lease) == "in service"


def test_one_that_is_not_allowed_is_told_and_the_lease_lives(world: World) -> None:
    world.endpoints.denied["swap"] = Misconfigured("AWS does not allow me to do this.", hint="Allow it.")
    swapping(world)
    world.pass_time(300, step=30)
    assert world.endpoints.calls["swap"] == 1
    assert told(world).endswith("which goes on answering. AWS does not allow me to do this. Allow it.")


@pytest.mark.slow
def test_a_lost_answer_and_a_kill_ask_for_it_once(world: World) -> None:
    for took_effect in (True, False):
        for point in ("", "before-swap-model", "after-swap-model", "before-tag-lease", "after-tag-lease"):
            one = World()
            one.models.save(OLD)
            one.models.save(NEW)
            lease = running(one)
            if not point:
                one.endpoints.order("swap", Fault(UnknownOutcome("Lost."), took_effect=took_effect))
            one.swaps.swap(model=NEW.name, lease=lease, by="UTRAIN", channel="C1")
            if "swap" in point:
                assert one.crash_at(point)
                one.clock.advance(40)
            one.pass_time(60, step=30)
            assert one.endpoints.swaps == [NEW.arn], (took_effect, point)
            one.endpoints.swapped()
            if "tag" in point:
                one.clock.advance(20)
                assert one.crash_at(point)
                one.clock.advance(40)
            one.pass_time(60, step=30)
            assert answers(one, NEW.name), (took_effect, point)
            assert one.endpoints.only().tags["model"] == NEW.name


def test_what_takes_no_place(world: World) -> None:
    lease = running(world, minutes=30)
    other = replace(NEW, name="other-base", arn=NEW.arn[:-1] + "d", profile="nova-micro")
    world.models.save(other)
    with pytest.raises(Refused, match="another base"):
        world.swaps.swap(model=other.name, lease=lease, by="UTRAIN", channel="C1")
    with pytest.raises(NotAllowed):
        world.swaps.swap(model=NEW.name, lease=lease, by="UASKER", channel="C1")
    world.pass_time(16 * 60, step=300)
    with pytest.raises(Refused, match="over soon"):
        world.swaps.swap(model=NEW.name, lease=lease, by="UTRAIN", channel="C1")
    world.leases.release(lease, "UTRAIN")
    with pytest.raises(Refused, match="released it"):
        world.swaps.swap(model=NEW.name, lease=lease, by="UTRAIN", channel="C1")
    assert world.endpoints.swaps == []


def test_it_does_not_begin_once_somebody_wants_the_lease_released(world: World) -> None:
    """While it changes nothing can be deleted: it would be billed for longer than whoever released it wanted."""
    lease = running(world)
    world.swaps.swap(model=NEW.name, lease=lease, by="UBOSS", channel="C1")
    world.leases.release(lease, "UTRAIN")
    world.pass_time(6, step=1)
    assert world.endpoints.swaps == []
    world.leases.keep(lease, "UTRAIN")
    world.pass_time(20)
    assert world.endpoints.swaps == [NEW.arn]


def test_it_does_not_begin_so_late_that_the_lease_could_not_end_in_time(world: World) -> None:
    """Tried: asked for in time, and nobody at work for some minutes."""
    lease = running(world, minutes=30)
    world.swaps.swap(model=NEW.name, lease=lease, by="UBOSS", channel="C1")
    world.clock.advance(16 * 60)
    world.pass_time(60)
    assert world.endpoints.swaps == []
    assert "over soon" in told(world)
    assert answers(world, MODEL)
    world.pass_time(20 * 60, step=60)
    assert phase(world, lease) == "released"


def test_who_asks_for_the_newer_one_is_offered_the_place_or_joins_it(world: World) -> None:
    running(world)
    offer = world.swaps.offer(NEW.name, 60)
    assert isinstance(offer, SwapOffer)
    assert (offer.model, offer.view.model_name) == (NEW.name, MODEL)
    assert world.swaps.offer(MODEL, 60) is None, "an older one is no newer version"
    world.swaps.swap(model=NEW.name, lease=MODEL, by="UTRAIN", channel="C1")
    with pytest.raises(AlreadyAwake):
        world.leases.plan(model=NEW.name, minutes=60, owner="UBOSS", channel="C1", request="r2")
    assert world.leases.join(NEW.name, "UBOSS", "C1") is not None


def test_a_deadline_that_comes_while_it_changes_is_kept_as_soon_as_aws_lets_it(world: World) -> None:
    lease = swapping(world)
    world.pass_time(62 * 60, step=300)
    assert world.endpoints.only().status is EndpointStatus.UPDATING
    assert phase(world, lease) == "releasing"
    world.endpoints.swapped()
    world.pass_time(70, step=10)
    assert phase(world, lease) == "released"
    assert world.endpoints.endpoints == {}


def test_an_emptied_store_knows_the_newer_one_by_what_aws_says(world: World) -> None:
    lease = swapping(world)
    world.endpoints.swapped()
    world.pass_time(60)
    world.forget()
    world.models.save(OLD)
    world.models.save(NEW)
    swept(world, seconds=120)
    assert world.store.get(Key("lease", lease)) is not None
    assert answers(world, NEW.name)
    assert world.endpoints.swaps == [NEW.arn]
