"""An alias named like somebody else's model opens nothing of that model: what is kept is found by what it is."""

import json
from dataclasses import replace

import pytest

from bot.controller.model import Key
from bot.errors import NotFound, Refused
from bot.visibility import Viewer
from tests.attacks.two_channels import (
    DEPLOYED,
    INSIDER,
    MODEL,
    OUTSIDER,
    PRIVATE,
    PUBLIC,
    SECRET,
    TwoChannels,
)
from tests.unit.jobs.samples import model

DOORS = {
    "release": ("lease.release_another", "lease"),
    "extend": ("lease.extend", "lease"),
    "remove": ("deployment.remove_another", "deployment"),
}


def with_names_of_private_models(channel: str = PUBLIC) -> TwoChannels:
    it = TwoChannels()
    for name in (MODEL, DEPLOYED):
        it.services_for(Viewer(OUTSIDER, channel)).aliases.point(name, "claims-router", OUTSIDER)
    it.told()
    return it


@pytest.mark.parametrize("channel", [PUBLIC, "D1"])
def test_nothing_that_runs_is_found_by_an_alias(channel: str) -> None:
    it = with_names_of_private_models(channel)
    services = it.services_for(Viewer(OUTSIDER, channel))
    assert (services.leases.live(), services.deployments.live(), services.serving.live_names()) == (
        [],
        [],
        [],
    )
    for kind in ("lease", "deployment"):
        assert services.directory.resource(kind, it.ids[kind]) is None
        with pytest.raises(NotFound):
            services.votes.vote(Key(kind, it.ids[kind]), "start", OUTSIDER)
    for name in (None, MODEL, DEPLOYED):
        with pytest.raises(Refused, match="`claims-router` is asleep"):
            services.serving.answerer(name, channel)
    it.door.command("cost", channel_id=channel)
    it.door.event({"type": "app_home_opened", "user": OUTSIDER, "tab": "home", "channel": "D1"})
    assert SECRET not in json.dumps(it.told())


@pytest.mark.parametrize("door", DOORS)
def test_no_press_reaches_what_an_alias_is_named_like(door: str) -> None:
    it = with_names_of_private_models()
    action, kind = DOORS[door]
    before = it.world.store.of_kind(kind)[0].spec
    it.door.press(action, f"{it.ids[kind]} 60" if door == "extend" else it.ids[kind])
    assert it.world.store.of_kind(kind)[0].spec == before
    assert SECRET not in json.dumps(it.told())


def test_a_name_that_another_model_has_by_now_opens_nothing_of_the_first() -> None:
    it = TwoChannels()
    services = it.services_for(Viewer(OUTSIDER, PUBLIC))
    it.world.models.save(replace(model(MODEL), arn=f"{model().arn}-again"))
    assert services.directory.stored_model(MODEL) is not None, "the name is another model's now"
    assert services.leases.live() == []
    inside = it.services_for(Viewer(INSIDER, PRIVATE))
    assert [each.model_name for each in inside.leases.live()] == [MODEL]
