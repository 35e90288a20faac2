"""A role by way of a channel is for what is of that channel: nothing of another gives way, wherever it is asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.controller.model import Key
from bot.errors import NotAllowed
from bot.models.model import CustomModel
from bot.rosters import Holders
from bot.spending.offers import Shown
from tests.doubles.rosters import FakeRosters, people
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import ACCESS, model
from tests.unit.leases.test_lease import running

TEAM, STRANGER = "CTEAM", "USTRANGER"
"""A channel that makes trainers of whoever is in it, and one of them. What they reach for is another channel's."""
HOURLY, BY_TOKEN = model(), model("claims-nova", profile="nova-lite")


def newer(old: CustomModel) -> CustomModel:
    """Return a newer version of a model."""
    made = old.created + timedelta(days=1)
    return replace(old, name=f"{old.name}-2", arn=old.arn[:-1] + "e", created=made)


def house(old: CustomModel) -> World:
    """Return a world with a public channel that has two versions of a model, and with the stranger."""
    rosters = FakeRosters(**{TEAM: people(STRANGER)})
    world = World(access=replace(ACCESS, trainers=Holders({"UTRAIN", TEAM}, rosters), rosters=rosters))
    for each in (old, newer(old)):
        world.models.save(each)
    return world


def deployed(world: World) -> str:
    """Return a deployment that answers."""
    found = world.deploying.deploy(model=BY_TOKEN.name, owner="UTRAIN", channel="C1", request="trigger-1")
    world.turn()
    world.deployments.active()
    world.pass_time(20)
    return found


Reach = Callable[[World, str], object]
LEASED: dict[str, Reach] = {
    "more time": lambda world, it: world.extensions.extend(it, 60, STRANGER),
    "keeping it awake": lambda world, it: world.leases.keep_awake(it, STRANGER),
    "using it": lambda world, _: world.leases.join(HOURLY.name, STRANGER, "C1"),
    "releasing it": lambda world, it: world.leases.release(it, STRANGER, of_another=True),
    "letting it end": lambda world, it: world.leases.let_end(it, STRANGER),
    "calling it off": lambda world, it: world.votes.vote(Key("lease", it), "cancel", STRANGER),
    "another model at its address": lambda world, it: world.swaps.swap(
        model=newer(HOURLY).name, lease=it, by=STRANGER, channel=TEAM
    ),
}
DEPLOYED: dict[str, Reach] = {
    "removing it": lambda world, it: world.deploying.remove(it, STRANGER, of_another=True),
    "keeping it": lambda world, it: world.deploying.keep(it, STRANGER),
    "another model at its address": lambda world, it: world.deploying.replace(
        model=newer(BY_TOKEN).name, deployment=it, by=STRANGER, channel=TEAM
    ),
}


def test_a_trainer_by_a_channel_changes_nothing_of_another() -> None:
    """Tried: each change of what another channel has in service, asked for in one's own."""
    with table() as row:
        for what, serve, reaches in ((HOURLY, running, LEASED), (BY_TOKEN, deployed, DEPLOYED)):
            for name, reach in reaches.items():
                world = house(what)
                it = serve(world)
                with row(what.name, name), pytest.raises(NotAllowed):
                    reach(world, it)


def test_nobody_is_offered_the_place_of_what_they_may_not_change() -> None:
    """Tried: having a newer version served by who may not put it in the place of the older one."""
    offered = []
    for user, here in (("UTRAIN", "C1"), (STRANGER, TEAM)):
        by_hour, by_token = house(HOURLY), house(BY_TOKEN)
        running(by_hour)
        deployed(by_token)
        seen = by_hour.directory(user, here)
        leases = by_hour.lease_service(seen)
        offered += [
            by_hour.swap_service(seen, leases).offer(newer(HOURLY).name, 60) is not None,
            by_token.deployment_service(by_token.directory(user, here)).offer(newer(BY_TOKEN).name)
            is not None,
        ]
    assert offered == [True, True, False, False]


def test_whoever_approves_by_the_channel_is_asked_when_a_model_is_woken_there() -> None:
    """Tried: waking a model by one press, where approvers are by that channel, or by another."""
    for approving, asked in (("CBOSSES", False), ("C1", True)):
        rosters = FakeRosters(**{approving: people("UBOSS")})
        rules = replace(ACCESS, approvers=Holders({approving}, rosters, counts_open=False), rosters=rosters)
        world = World(access=rules)
        world.models.save(HOURLY)
        world.limits = replace(world.limits, approval_limit=Decimal(0))
        try:
            world.waking_service(world.directory()).wake(
                model=HOURLY.name,
                minutes=60,
                by="UTRAIN",
                channel="C1",
                request="press1",
                thread_ts=None,
                shown=Shown(None),
            )
            assert asked
        except NotAllowed:
            assert not asked
