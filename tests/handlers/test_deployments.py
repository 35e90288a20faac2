"""Deployments through the front door: made, replaced and removed by command and by button."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.controller.documents import dump
from bot.deployments.model import KIND, SCHEMA, DeploymentPhase, DeploymentSpec, DeploymentStatus
from bot.profiles.model import Serving
from tests.handlers.door import USER, Door, buttons, make_door, words
from tests.handlers.fake_services import lease
from tests.handlers.test_home import opened
from tests.unit.jobs.samples import model

OLD = model("claims-nova", profile="nova-lite")
NEW = replace(model("claims-nova-2", profile="nova-lite"), created=OLD.created + timedelta(days=1))


@pytest.fixture
def door() -> Door:
    made = make_door()
    made.leases.leased = []
    made.leases.lines = []
    for each in (OLD, NEW):
        made.models.save(each)
        made.leases.ways[each.name] = Serving.ON_DEMAND_DEPLOYMENT
    return made


def specs(door: Door) -> list[DeploymentSpec]:
    return [SCHEMA.spec_of(each) for each in door.store.of_kind(KIND)]


def in_service(door: Door) -> str:
    """Have the older one deployed, and in service."""
    door.command("serve claims-nova")
    door.webhooks.clear()
    [claim] = [each for each in door.store.claim(10, {KIND: 30.0}) if each.resource.key.kind == KIND]
    status = DeploymentStatus(
        phase=DeploymentPhase.IN_SERVICE,
        arn="arn:x",
        created=door.clock.now(),
        serving=OLD.arn,
        serving_name=OLD.name,
    )
    door.store.commit(claim, {KIND: dump(status)}, None)
    return claim.resource.key.id


def test_serving_a_model_by_the_token_asks_for_no_time_and_no_approval(door: Door) -> None:
    door.command("serve claims-nova")
    [spec] = specs(door)
    assert (spec.wanted.name, spec.owner, spec.channel) == ("claims-nova", USER, "C1")
    assert door.webhooks == [], "its card is the answer"
    assert door.leases.calls == []


def test_a_time_that_was_given_is_not_needed_and_that_is_said(door: Door) -> None:
    door.command("serve claims-nova for 2h")
    assert len(specs(door)) == 1
    assert "needs no time: it costs nothing while idle, and stays until somebody removes it." in door.said


def test_what_is_served_by_the_hour_is_leased_as_ever(door: Door) -> None:
    door.models.save(model())
    door.command("serve claims-router for 2h")
    assert ("plan", "claims-router", 120, USER, "C1") in door.leases.calls
    assert specs(door) == []


def test_a_newer_one_is_offered_the_place_of_the_older(door: Door) -> None:
    made = in_service(door)
    door.command("serve claims-nova-2")
    assert buttons(door.webhooks[0]) == [
        ("deployment.replace", f"{made} claims-nova-2"),
        ("deployment.beside", "claims-nova-2"),
    ]
    assert len(specs(door)) == 1, "nothing before it is pressed"

    door.webhooks.clear()
    door.press("deployment.replace", f"{made} claims-nova-2")
    [spec] = specs(door)
    assert [each.name for each in spec.versions] == ["claims-nova", "claims-nova-2"]
    assert "takes the place of `claims-nova`, which answers until then" in door.said


def test_it_may_be_deployed_beside_the_older(door: Door) -> None:
    in_service(door)
    door.press("deployment.beside", "claims-nova-2")
    assert {each.wanted.name for each in specs(door)} == {"claims-nova", "claims-nova-2"}


def test_the_place_of_another_can_be_typed(door: Door) -> None:
    in_service(door)
    door.command("serve claims-nova-2 in place of claims-nova")
    [spec] = specs(door)
    assert spec.wanted.name == "claims-nova-2"


def test_what_is_deployed_is_not_said_to_be_asleep_nor_what_is_leased_to_be_not_there(door: Door) -> None:
    in_service(door)
    door.leases.ways["claims-router"] = Serving.PROVISIONED_THROUGHPUT
    door.models.save(model("claims-router"))
    door.command("serve claims-router in place of claims-nova")
    assert "`claims-nova` is deployed, and `claims-router` is served by the hour: it cannot take" in door.said
    assert "`/tune serve claims-router`" in door.said

    door.leases.leased = [lease()]
    door.webhooks.clear()
    door.command("serve claims-nova-2 in place of claims-router")
    assert (
        "`claims-router` is in service by the hour, and `claims-nova-2` is served by the token" in door.said
    )
    assert not [each for each in door.leases.calls if each[0] == "swap"]
    assert [each.wanted.name for each in specs(door)] == ["claims-nova"]


def test_what_is_deployed_has_no_end_to_move(door: Door) -> None:
    in_service(door)
    door.command("extend claims-nova 1h")
    assert "stays until somebody removes it, so there is no end to move" in door.said
    assert "wakes it" not in door.said

    door.webhooks.clear()
    door.command("extend")
    assert "There is no lease yet." in door.said, "it is not offered"


@pytest.mark.parametrize("typed", ["serve claims-nova in place of", "serve claims-nova in place of a b"])
def test_half_a_place_is_asked_about(door: Door, typed: str) -> None:
    door.command(typed)
    assert "In place of which model?" in door.said
    assert specs(door) == []


@pytest.mark.parametrize("by", ["command", "button"])
def test_who_deployed_it_removes_it(door: Door, by: str) -> None:
    made = in_service(door)
    if by == "command":
        door.command("release claims-nova")
    else:
        door.press("deployment.remove", made)
    [spec] = specs(door)
    assert spec.remove
    assert spec.remove.by == USER
    assert "Removing `claims-nova` in 10 s" in door.said


def test_a_removal_can_be_taken_back(door: Door) -> None:
    made = in_service(door)
    door.press("deployment.remove", made)
    assert buttons(door.webhooks[0]) == [("deployment.take_back", made)]
    door.webhooks.clear()
    door.press("deployment.take_back", made)
    assert "Kept: `claims-nova`" in door.said
    assert specs(door)[0].remove is None


def test_somebody_elses_is_asked_about_first(door: Door) -> None:
    made = in_service(door)
    door.user = "UBOSS"
    door.command("release claims-nova")
    assert "<@UTRAIN> deployed `claims-nova`" in door.said
    assert buttons(door.webhooks[0]) == [("deployment.remove_another", made)]
    assert specs(door)[0].remove is None

    door.press("deployment.remove_another", made)
    wish = specs(door)[0].remove
    assert wish
    assert wish.by == "UBOSS"


def test_keeping_one_that_nobody_asks_is_noted(door: Door) -> None:
    made = in_service(door)
    door.press("deployment.keep", made)
    assert specs(door)[0].kept
    assert "`claims-nova` stays" in door.said


def test_what_bedrock_said_is_shown(door: Door) -> None:
    door.press("deployment.raw", in_service(door))
    assert "It said nothing." in words(door.opened)


def test_the_home_lists_it_with_what_removes_it(door: Door) -> None:
    made = in_service(door)
    view = opened(door)
    said = words(view)
    assert "*`claims-nova`* · in service · nothing while idle" in said
    assert "None: nothing is billed by the hour" not in said
    assert ("deployment.remove", made) in buttons(view)
