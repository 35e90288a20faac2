"""Who is told how a job ends: its owner, those who follow it, nobody who wants quiet, and everybody once."""

from contextlib import suppress

import pytest

from bot.controller.crash_points import crashing
from bot.errors import NotFound, Refused
from bot.jobs.follow_service import MOST_FOLLOWERS, FollowService
from bot.notifications.model import Quiet
from bot.notifications.service import QuietHoursService
from tests.doubles.messages import Posted
from tests.doubles.world import Crash, World
from tests.examples import kills
from tests.unit.jobs.samples import plan

NAME, OWNER, READER = plan().job_name, "UTRAIN", "U2READER"
NOW_QUIET = Quiet(8, 12)
"""The tests' clock begins at nine in London."""


class Readers:
    """A world with a job under way, and the service of its followers."""

    def __init__(self) -> None:
        self.world = World()
        self.service = FollowService(self.world.store, self.world.jobs)
        self.hours = QuietHoursService(self.world.readers, self.world.clock)
        job = self.world.jobs.propose(plan())
        self.world.turn()
        self.world.press("job", job, "start", OWNER)
        self.world.turn()

    def end(self) -> None:
        self.world.customization.complete(NAME)

    @property
    def told(self) -> list[Posted]:
        return [each for each in self.world.messages.visible() if each.channel.startswith("D")]

    @property
    def ends(self) -> list[str]:
        return [each.message.text for each in self.world.said("JobEnded")]


@pytest.fixture
def readers() -> Readers:
    return Readers()


def test_the_owner_is_mentioned_in_the_channel_and_nobody_is_written_to(readers: Readers) -> None:
    readers.end()
    readers.world.pass_time(200)
    assert readers.ends == [f"JobEnded: <@{OWNER}> completed"]
    assert readers.told == []


def test_who_follows_is_written_to_once(readers: Readers) -> None:
    for _ in range(2):
        readers.service.follow(NAME, READER)
    readers.end()
    readers.world.pass_time(200)
    [told] = readers.told
    assert told.channel == f"D{READER}"
    assert "you follow it" in told.message.text


def test_quiet_hours_of_the_owner_keep_the_mention_back_and_the_morning_brings_the_news(
    readers: Readers,
) -> None:
    readers.hours.set_quiet(OWNER, NOW_QUIET)
    readers.end()
    readers.world.pass_time(200)
    assert readers.ends == ["JobEnded: completed"]
    assert readers.told == []
    readers.world.pass_time(3 * 3600, step=120)
    [told] = readers.told
    assert told.channel == f"D{OWNER}"
    assert "you wanted quiet" in told.message.text
    assert told.at.hour == 12


def test_who_takes_their_quiet_hours_away_is_told_soon_what_these_held_back(readers: Readers) -> None:
    readers.hours.set_quiet(OWNER, NOW_QUIET)
    readers.end()
    readers.world.pass_time(200)
    assert readers.told == []
    readers.hours.set_quiet(OWNER, None)
    readers.world.pass_time(16 * 60, step=120)
    [told] = readers.told
    assert told.channel == f"D{OWNER}"


def test_quiet_hours_are_those_of_the_readers_own_zone(readers: Readers) -> None:
    readers.world.people.zones[READER] = "America/New_York"
    readers.hours.set_quiet(READER, NOW_QUIET)
    readers.service.follow(NAME, READER)
    readers.end()
    readers.world.pass_time(200)
    assert len(readers.told) == 1


def test_a_slack_that_does_not_tell_the_zone_delays_no_end(readers: Readers) -> None:
    readers.hours.set_quiet(OWNER, NOW_QUIET)
    readers.world.people.down = True
    readers.end()
    readers.world.pass_time(200)
    assert readers.ends == ["JobEnded: completed"]
    readers.world.people.down = False
    readers.world.pass_time(4 * 3600, step=120)
    assert len(readers.told) == 1


def test_who_muted_it_is_neither_mentioned_nor_written_to(readers: Readers) -> None:
    readers.service.follow(NAME, READER)
    for user in (OWNER, READER):
        readers.service.mute(NAME, user)
    readers.end()
    readers.world.pass_time(200)
    assert readers.ends == ["JobEnded: completed"]
    assert readers.told == []


def test_following_takes_a_mute_back(readers: Readers) -> None:
    readers.service.mute(NAME, OWNER)
    readers.service.follow(NAME, OWNER)
    readers.end()
    readers.world.pass_time(200)
    assert readers.ends == [f"JobEnded: <@{OWNER}> completed"]
    assert readers.told == [], "the owner is mentioned already"


def test_a_follower_who_has_left_is_given_up_quietly(readers: Readers) -> None:
    readers.service.follow(NAME, READER)
    readers.world.messages.deactivated.add(READER)
    readers.end()
    readers.world.pass_time(300)
    assert readers.told == []
    assert len(readers.ends) == 1


def test_what_is_over_or_unknown_or_crowded_is_refused(readers: Readers) -> None:
    with pytest.raises(NotFound):
        readers.service.follow("nothing-like-it", READER)
    for number in range(MOST_FOLLOWERS):
        readers.service.follow(NAME, f"U{number}")
    with pytest.raises(Refused, match="people follow"):
        readers.service.follow(NAME, READER)
    readers.end()
    readers.world.pass_time(100)
    for wish in (readers.service.follow, readers.service.mute):
        with pytest.raises(Refused, match="already"):
            wish(NAME, READER)


@pytest.mark.parametrize("quiet", [Quiet(7, 7), Quiet(7, 24), Quiet(-1, 7)])
def test_hours_that_are_none_are_refused(readers: Readers, quiet: Quiet) -> None:
    with pytest.raises(Refused):
        readers.hours.set_quiet(OWNER, quiet)


@pytest.mark.slow
def test_a_crash_anywhere_tells_everybody_once() -> None:
    passed = _told_though_killed(at=0)
    assert len(passed) > 30
    assert {"before-tellings", "after-tellings"} <= set(passed)
    for place in kills(passed):
        _told_though_killed(place)


def _told_though_killed(at: int) -> list[str]:
    """See that everybody is told of the end once, though it dies at that crash point; return those that it passed."""
    passed: list[str] = []
    readers = Readers()
    readers.hours.set_quiet(OWNER, Quiet(8, 10))
    readers.service.follow(NAME, READER)
    readers.world.pass_time(20)
    readers.end()
    world = readers.world

    def hook(name: str) -> None:
        passed.append(name)
        if len(passed) == at:
            raise Crash

    world.clock.advance(70)
    with crashing(hook), suppress(Crash):
        world.turn()
        world.clock.advance(60)
        world.turn()
    world.pass_time(2 * 3600, step=60)
    assert sorted(each.channel for each in readers.told) == [f"D{READER}", f"D{OWNER}"], at
    assert readers.ends == ["JobEnded: completed"], at
    return passed
