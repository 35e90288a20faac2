"""Ending what somebody else leased: never by accident, never in silence."""

import pytest

from bot.controller.model import Key
from bot.errors import NotAllowed, Refused
from tests.attacks.test_extensions import MODEL, house, running
from tests.doubles.world import World
from tests.handlers.door import Door, buttons, make_door
from tests.unit.jobs.samples import plan

OTHER = "UBOSS"


def told(to: str, world: World) -> list[str]:
    return [each.spec["text"] for each in world.store.of_kind("notification") if each.spec["user"] == to]


@pytest.mark.parametrize("how", ["command", "button"])
def test_ending_anothers_lease_asks_first_at_every_door(how: str) -> None:
    """Tried: another's lease ended in passing, by command and by button."""
    door = make_door()
    if how == "command":
        door.command("release claims-router", user_id=OTHER)
    else:
        door.press("lease.release", "0123456789ab", user={"id": OTHER, "team_id": "T1"})

    assert door.leases.calls == []
    assert "<@UTRAIN> has `claims-router` in service" in door.said
    assert "1 h 15 min are left" in door.said
    assert buttons(door.webhooks[0]) == [("lease.release_another", "0123456789ab")]


def test_who_knows_whose_it_is_ends_it(door: Door) -> None:
    door.press("lease.release_another", "0123456789ab", user={"id": OTHER, "team_id": "T1"})

    assert door.leases.calls == [("release", "0123456789ab", OTHER, "of another")]


@pytest.mark.parametrize("how", ["command", "button", "the question's button"])
def test_an_asker_is_not_even_asked(door: Door, how: str) -> None:
    if how == "command":
        door.command("release claims-router", user_id="UASKER")
    else:
        action = "lease.release" if how == "button" else "lease.release_another"
        door.press(action, "0123456789ab", user={"id": "UASKER", "team_id": "T1"})
    assert "needs a trainer" in door.said
    assert door.leases.calls == []


@pytest.fixture
def door() -> Door:
    return make_door()


def test_the_desk_ends_nothing_of_others_that_was_not_asked_about() -> None:
    world = house()
    lease = running(world)
    with pytest.raises(Refused, match="<@UTRAIN> has this lease"):
        world.leases.release(lease, OTHER)
    with pytest.raises(NotAllowed):
        world.leases.release(lease, "UASKER", of_another=True)
    assert len(world.endpoints.endpoints) == 1


def test_who_ended_it_and_how_much_was_left_is_told_in_the_thread_and_to_the_owner() -> None:
    world = house()
    lease = running(world)
    world.pass_time(15 * 60, step=30)
    world.leases.release(lease, OTHER, of_another=True)
    world.pass_time(120)

    said = f"<@{OTHER}> released `{MODEL}` with 44 min of its 1 h left."
    assert sum(said in each.message.text for each in world.said("LeaseMilestone")) == 1
    assert told("UTRAIN", world) == [f"{said} You had it in service in <#C1>."]


def test_ones_own_end_is_nobodys_news() -> None:
    world = house()
    lease = running(world)
    world.leases.release(lease, "UTRAIN")
    world.pass_time(120)

    assert not any("> released `" in each.message.text for each in world.said("LeaseMilestone"))
    assert told("UTRAIN", world) == []


def test_an_end_before_it_was_in_service_says_so() -> None:
    world = house()
    plan = world.leases.plan(model=MODEL, minutes=60, owner="UTRAIN", channel="C1", request="r")
    lease = world.leases.propose(plan)
    world.turn()
    world.press("lease", lease, "start", "UTRAIN")
    world.leases.release(lease, OTHER, of_another=True)
    world.pass_time(120)

    assert told("UTRAIN", world) == [
        f"<@{OTHER}> released `{MODEL}` before it was in service. You had it in service in <#C1>."
    ]


@pytest.mark.slow
@pytest.mark.parametrize("point", ["before-commit", "after-commit", "before-post", "after-post"])
@pytest.mark.parametrize("occurrence", [1, 2, 3, 4])
def test_a_crash_around_the_end_tells_it_once(point: str, occurrence: int) -> None:
    world = house()
    lease = running(world)
    world.leases.release(lease, OTHER, of_another=True)
    world.crash_at(point, occurrence)
    world.pass_time(300)

    assert len(told("UTRAIN", world)) == 1
    assert sum("> released `" in each.message.text for each in world.said("LeaseMilestone")) == 1
    assert world.endpoints.endpoints == {}


def test_who_stops_anothers_job_is_told_to_its_owner() -> None:
    world = World()
    job = world.jobs.propose(plan())
    world.turn()
    world.press("job", job, "start", "UTRAIN")
    world.pass_time(5)
    with pytest.raises(NotAllowed):
        world.jobs.stop(job, "UASKER")
    world.jobs.stop(job, OTHER)
    world.pass_time(30)

    assert len(world.said(f"JobMilestone: <@UTRAIN>: <@{OTHER}> asked to stop")) == 1


def test_the_question_before_a_stop_names_whose_it_is() -> None:
    door = make_door()
    door.jobs.propose(plan())
    door.store.amend(
        Key("job", plan().id),
        lambda document: (
            document
            | {"votes": {"started": {"decision": "start", "by": "UTRAIN", "at": "2026-11-22T09:00:00Z"}}}
        ),
    )
    door.command(f"stop {plan().job_name}", user_id=OTHER)

    assert f"<@UTRAIN> has `{plan().job_name}` running, and is told who stops it" in door.said
