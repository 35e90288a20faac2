"""A shared model, trained further by who may only ask it: what comes of that goes no further than the first."""

from dataclasses import replace

import pytest

from bot.errors import Refused
from bot.models.model import CustomModel, Lifecycle, ModelLabel, Share
from bot.visibility import Viewer
from tests.attacks.two_channels import INSIDER, MODEL, OTHER, OUTSIDER, PUBLIC, TwoChannels
from tests.unit.jobs.samples import dataset, model

TEAM = "CTEAM"
FURTHER, JOB = "team-model", "team-job"


def shared_with_a_team() -> tuple[TwoChannels, CustomModel]:
    """Return a house whose private model is shared with another private channel, of which the outsider is."""
    house = TwoChannels()
    house.world.memberships.private(TEAM, INSIDER, OUTSIDER, name="team")
    ours = dataset("notes", sha256="7e" * 32)
    house.world.datasets.save(replace(ours, source=replace(ours.source, channel=TEAM)))
    house.inside().sharing.share(MODEL, "#team")
    first = house.world.models.find(MODEL)
    assert first is not None
    return house, first


def trained_further() -> tuple[TwoChannels, CustomModel]:
    """Return that house, and the model that it was trained further from; the outsider owns what came of it."""
    house, first = shared_with_a_team()
    further = replace(
        model(FURTHER, channel=TEAM), owner=OUTSIDER, dataset_id="7e" * 6, held_out="", base_arn=first.arn
    )
    house.world.models.save(further)
    return house, first


def sees(house: TwoChannels, user: str, here: str = "") -> bool:
    return house.services_for(Viewer(user, here)).directory.stored_model(FURTHER) is not None


def delete(house: TwoChannels, made: CustomModel) -> None:
    now, name = house.world.clock.now(), made.name
    house.world.models.label(
        lambda: ModelLabel(made.arn, made.job_id, name, name, INSIDER, now, deleted=True)
    )


@pytest.mark.slow
def test_who_owns_what_came_of_it_shares_it_no_further() -> None:
    """Tried: training a shared model further, and sharing that with a channel that the first was not shared with."""
    house, first = trained_further()
    assert sees(house, OUTSIDER)
    with pytest.raises(Refused, match="was trained further from a model"):
        house.services_for(Viewer(OUTSIDER, TEAM)).sharing.share(FURTHER, "#general")

    saved = house.world.models.find(FURTHER)
    assert saved is not None
    now = house.world.clock.now()  # by an earlier release
    house.world.shares.save(Share(FURTHER, saved.arn, OTHER, OUTSIDER, now))
    house.world.memberships.public(OTHER, "UELSE", OUTSIDER, INSIDER, name="general")
    assert not sees(house, "UELSE")
    assert not sees(house, "UELSE", OTHER)
    assert not house.services_for(Viewer(OUTSIDER, OTHER)).directory.answers(saved, OTHER)

    house.inside().sharing.share(first.name, "#general")
    shared = house.services_for(Viewer(OUTSIDER, TEAM)).sharing.share(FURTHER, "#general")
    assert shared.channels == (OTHER,)
    assert sees(house, "UELSE", OTHER), "the first one's owner has opened both"


@pytest.mark.slow
def test_what_is_taken_back_takes_what_came_of_it_along() -> None:
    """Tried: going on with what came of a shared model, once its owner took the share back, or deleted it."""
    for deleted in (False, True):
        house, first = trained_further()
        assert sees(house, OUTSIDER, TEAM)
        house.inside().sharing.withdraw(MODEL, "#team")
        if deleted:
            delete(house, first)
        assert not sees(house, OUTSIDER, TEAM)
        assert sees(house, INSIDER), "who sees the first sees it"


@pytest.mark.slow
def test_a_job_that_trains_it_further_tells_its_name_to_nobody_else() -> None:
    """Tried: reading the name of a private model off a job that trains it further, and off what that makes."""
    house, first = shared_with_a_team()
    team = house.services_for(Viewer(OUTSIDER, TEAM))
    plan = team.jobs.draft(
        dataset="notes",
        profile=first.profile,
        job_name=JOB,
        model_name=FURTHER,
        hyperparameters={},
        validation_dataset=None,
        owner=OUTSIDER,
        channel=TEAM,
        base_model=MODEL,
    )
    job = team.jobs.propose(plan)
    house.world.customization.models[first.region, first.name] = first.arn
    house.world.customization.lifecycles[first.arn] = Lifecycle("ACTIVE")
    house.world.turn()
    house.world.press("job", job, "start", OUTSIDER)
    house.world.turn()
    house.world.customization.training(JOB)
    house.world.pass_time(70)
    house.world.customization.complete(JOB)
    house.world.pass_time(200, step=20)
    made = house.world.models.find(FURTHER)
    assert made is not None
    assert made.base_arn == first.arn

    def names() -> list[str]:
        seen = house.services_for(Viewer(OUTSIDER, TEAM))
        return [*seen.jobs.names(), *(each.name for each in seen.directory.models())]

    assert {JOB, FURTHER} <= set(names())
    house.inside().sharing.withdraw(MODEL, "#team")
    assert not {JOB, FURTHER} & set(names())


@pytest.mark.slow
def test_what_everybody_may_see_is_trained_further_and_shared_as_ever() -> None:
    house = TwoChannels()
    house.world.memberships.private(TEAM, INSIDER, OUTSIDER, name="team")
    first = house.world.models.find("claims-router")
    assert first is not None
    house.world.models.save(
        replace(model(FURTHER), owner=OUTSIDER, arn=f"{first.arn}2", held_out="", base_arn=first.arn)
    )
    for user in (OUTSIDER, INSIDER, "UELSE"):
        assert sees(house, user)
    shared = house.services_for(Viewer(OUTSIDER, PUBLIC)).sharing.share(FURTHER, "#team")
    assert shared.channels == (TEAM,)
