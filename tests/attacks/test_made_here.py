"""Jobs that were made here and are forgotten by now: nobody finds them as jobs of nobody, or takes them over."""

import pytest

from bot.errors import NotFound, Refused
from bot.spending.tags import common
from bot.visibility import Viewer
from tests.attacks.test_private_channels import ended
from tests.attacks.two_channels import (
    INSIDER,
    JOB_NAME,
    OTHER,
    OUTSIDER,
    PRIVATE,
    PUBLIC,
    SECRET,
    TwoChannels,
)
from tests.unit.jobs.samples import plan

WEST = "us-west-2"
LONG = 8 * 86_400


def elsewhere(house: TwoChannels, user: str, here: str = PUBLIC) -> list[str]:
    """Return what somebody reads of jobs that were made elsewhere, once they were looked at anew."""
    house.world.clock.advance(60)
    house.services_for(Viewer(user, here)).unmanaged.look()
    house.world.pass_time(20)
    return [each.name for each in house.services_for(Viewer(user, here)).unmanaged.elsewhere()]


@pytest.mark.slow
def test_a_job_that_the_store_forgot_is_no_job_made_elsewhere() -> None:
    """Tried: a week after a private channel's job has ended, finding it among the account's, and following it."""
    house = TwoChannels()
    ended(house)
    made = house.world.models.find(f"{SECRET}-next")
    assert made is not None
    house.world.clock.advance(LONG)
    assert house.world.store.of_kind("job") == [], "done jobs are kept for a week"
    assert not any(SECRET in each for each in elsewhere(house, OUTSIDER))
    with pytest.raises(NotFound):
        house.services_for(Viewer(OUTSIDER, PUBLIC)).unmanaged.follow(
            WEST, JOB_NAME, by=OUTSIDER, channel=PUBLIC
        )
    house.door.command(f"follow {JOB_NAME}")
    house.door.press("job.follow", f"{WEST} {JOB_NAME}")
    house.world.pass_time(60)
    assert house.world.models.find(f"{SECRET}-next") == made, "it stays where it came from"


@pytest.mark.slow
def test_what_another_bot_made_is_seen_by_who_sees_where_it_came_from() -> None:
    """Tried: reading of jobs that a bot which is gone has made for a private channel, and following one."""
    house = TwoChannels(secrets=False)
    marks = common(owner=INSIDER, channel=PRIVATE, thread_ts=None, digest="d" * 64, bot="earlier")
    house.world.customization.create(plan(job_name="payroll-old", model_name="payroll-old"), marks)
    house.world.customization.create(plan(job_name="console-job", model_name="console-job"), {})
    assert elsewhere(house, OUTSIDER) == ["console-job"]
    assert set(elsewhere(house, INSIDER)) == {"console-job", "payroll-old"}
    with pytest.raises(NotFound):
        house.services_for(Viewer(OUTSIDER, PUBLIC)).unmanaged.follow(
            WEST, "payroll-old", by=OUTSIDER, channel=PUBLIC
        )
    inside = house.services_for(Viewer(INSIDER, OTHER)).unmanaged
    with pytest.raises(Refused, match="not for everybody in this channel"):
        inside.follow(WEST, "payroll-old", by=INSIDER, channel=OTHER)
    inside.follow(WEST, "payroll-old", by=INSIDER, channel=PRIVATE)


@pytest.mark.slow
def test_a_job_of_which_nobody_knows_yet_who_made_it_is_shown_to_nobody() -> None:
    house = TwoChannels(secrets=False)
    marks = common(owner=INSIDER, channel=PRIVATE, thread_ts=None, digest="d" * 64, bot="earlier")
    names = [f"payroll-{number}" for number in range(25)]
    for name in names:
        house.world.customization.create(plan(job_name=name, model_name=name), marks)
        house.world.clock.advance(1)
    house.services_for(Viewer(OUTSIDER, PUBLIC)).unmanaged.look()
    for _ in range(4):
        house.world.controller.tick()
        assert house.services_for(Viewer(OUTSIDER, PUBLIC)).unmanaged.elsewhere() == []
        house.world.clock.advance(1)
    assert set(elsewhere(house, INSIDER)) == set(names), "all of them are asked about in the end"
