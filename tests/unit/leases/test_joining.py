"""Who asks for a model that is awake uses its lease: nothing is bought twice, and they hear of its end."""

import pytest

from bot.errors import NotAllowed, NotFound, Refused
from bot.leases import service
from bot.leases.cards import LeaseCard, LeaseMilestone
from bot.models.model import Share
from handlers.ui.render import render
from tests.doubles.world import World
from tests.unit.jobs.samples import model
from tests.unit.leases.test_lease import MODEL, proposed, running


@pytest.fixture
def world() -> World:
    made = World()
    made.models.save(model())
    return made


def said(world: World) -> list[str]:
    """Return what was said in the lease's thread, as people read it."""
    return [render(each).text for each in world.renderer.cards if isinstance(each, LeaseMilestone)]


def test_who_asks_again_joins_once_and_is_told(world: World) -> None:
    running(world)
    for _ in range(2):
        view = world.leases.join(MODEL, "UBOSS", "C1")
        assert view is not None
        assert (view.owner, view.joint) == ("UTRAIN", ("UBOSS",))
        world.pass_time(65)

    assert world.endpoints.calls["create"] == 1
    assert len(world.said(f"LeaseMilestone: <@UBOSS> needs `{MODEL}` too")) == 1
    card = [each for each in world.renderer.cards if isinstance(each, LeaseCard)][-1]
    assert "used by <@UBOSS> too" in str(render(card).blocks)


def test_who_joined_is_mentioned_when_its_end_is_near_and_when_it_is_over(world: World) -> None:
    lease = running(world)
    world.leases.join(MODEL, "UBOSS", "C1")
    world.pass_time(50 * 60, step=50 * 60)
    world.pass_time(5)
    assert any(each.startswith("<@UTRAIN> <@UBOSS> 9 minutes are left.") for each in said(world))

    world.leases.release(lease, "UTRAIN")
    world.pass_time(60)
    assert any(each.startswith("<@UTRAIN> <@UBOSS> Released: AWS confirms") for each in said(world))


def test_its_owner_joins_nothing(world: World) -> None:
    running(world)
    view = world.leases.join(MODEL, "UTRAIN", "C1")

    assert view is not None
    assert view.joint == ()


def test_what_does_not_run_or_is_about_to_end_is_not_joined(world: World) -> None:
    assert world.leases.join(MODEL, "UBOSS", "C1") is None
    lease = proposed(world)
    assert world.leases.join(MODEL, "UBOSS", "C1") is None
    world.press("lease", lease, "start", "UTRAIN")
    assert world.leases.join(MODEL, "UBOSS", "C1") is not None, "it is about to run"
    world.turn()
    world.leases.release(lease, "UTRAIN")
    assert world.leases.join(MODEL, "UBOSS", "C1") is None, "that can still be taken back"
    world.leases.keep(lease, "UTRAIN")
    assert world.leases.join(MODEL, "UBOSS", "C1") is not None


def test_who_may_not_lease_joins_nothing(world: World) -> None:
    running(world)
    with pytest.raises(NotAllowed):
        world.leases.join(MODEL, "UASKER", "C1")
    with pytest.raises(NotFound):
        world.leases.join("nothing-like-it", "UBOSS", "C1")


def test_so_many_may_join_and_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_JOINED", 0)
    running(world)

    with pytest.raises(Refused, match="use this lease already"):
        world.leases.join(MODEL, "UBOSS", "C1")


def test_who_cannot_see_the_lease_joins_nothing(world: World) -> None:
    running(world)
    world.memberships.private("C1", "UTRAIN")
    world.shares.save(Share(MODEL, model().arn, "C2", "UTRAIN", world.clock.now()))
    theirs = world.lease_service(world.directory("UBOSS", "C2"))

    assert theirs.join(MODEL, "UBOSS", "C2") is None
    with pytest.raises(Refused, match="already") as refused:
        theirs.plan(model=MODEL, minutes=60, owner="UBOSS", channel="C2", request="r")
    assert "UTRAIN" not in refused.value.sentence
