"""Somebody leaves a private channel while something of it is on its way to them: it does not arrive.

Hours lie between a wish and what comes of it: quiet hours, a queue, a model that is asked to slow down. Who sees what
is asked of Slack when it is told, and not when it was wanted.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.controller.model import Message
from bot.errors import Throttled, Unavailable
from bot.jobs.follow_service import FollowService
from bot.notifications.model import Quiet
from bot.notifications.reconciler import notification
from bot.notifications.service import QuietHoursService
from bot.spending import handovers
from bot.spending.model import Handover
from tests.doubles.messages import Posted
from tests.doubles.visibility import FakeChannelMemberships
from tests.doubles.world import World
from tests.tables import table
from tests.unit.jobs.samples import plan
from tests.unit.sweeps.test_reconciler import VALUES, of, started
from tests.unit.trials.test_prompt import LABELS
from tests.unit.trials.test_trial import RIGHT, Room

OWNER, READER, PRIVATE = "UTRAIN", "U2READER", "C1"
NIGHT = Quiet(8, 12)
"""The tests' clock begins at nine in London."""


def direct(world: World) -> list[Posted]:
    """Return what was written to people directly."""
    return [each for each in world.messages.visible() if each.channel.startswith("D")]


class Followed:
    """A job of a private channel that ends in the night, and everybody's quiet hours."""

    def __init__(self) -> None:
        self.world = World()
        self.world.memberships.private(PRIVATE, OWNER, READER)
        job = self.world.jobs.propose(plan())
        self.world.turn()
        self.world.press("job", job, "start", OWNER)
        self.world.turn()
        FollowService(self.world.store, self.world.jobs).follow(plan().job_name, READER)
        hours = QuietHoursService(self.world.readers, self.world.clock)
        for each in (OWNER, READER):
            hours.set_quiet(each, NIGHT)
        self.world.customization.complete(plan().job_name)
        self.world.pass_time(200)
        assert direct(self.world) == []

    def morning(self) -> list[str]:
        """Return who is told when the night is over."""
        self.world.pass_time(4 * 3600, step=300)
        return sorted(each.channel for each in direct(self.world))


@pytest.mark.parametrize("leaver", [OWNER, READER])
def test_news_that_waits_for_the_morning_does_not_follow_who_left_in_the_night(leaver: str) -> None:
    """Tried: leaving a private channel in one's quiet hours, and reading in the morning how its job has ended."""
    followed = Followed()
    followed.world.memberships.leave(PRIVATE, leaver)
    assert followed.morning() == [f"D{each}" for each in (READER, OWNER) if each != leaver]


def test_news_waits_while_slack_does_not_say_who_is_where() -> None:
    """Tried: the same while Slack does not say who is in a channel, so that nobody could tell.

    What must happen: who stayed is told once it does, and who left is not.
    """
    followed = Followed()
    followed.world.memberships.leave(PRIVATE, READER)
    followed.world.memberships.away = Unavailable("Slack is away.")
    assert followed.morning() == []
    followed.world.memberships.away = None
    followed.world.pass_time(1200)
    assert [each.channel for each in direct(followed.world)] == [f"D{OWNER}"]


def test_the_end_of_a_sweep_does_not_follow_its_owner_out_of_the_channel() -> None:
    """Tried: the same with the jobs of a sweep, whose end is told once for all."""
    told = []
    for leaves in (False, True):
        world = World()
        world.memberships.private(PRIVATE, OWNER)
        started(world)
        QuietHoursService(world.readers, world.clock).set_quiet(OWNER, NIGHT)
        for value in VALUES:
            world.customization.complete(of(world, value))
        world.pass_time(400)
        if leaves:
            world.memberships.leave(PRIVATE, OWNER)
        world.pass_time(4 * 3600, step=300)
        told.append([each.channel for each in direct(world)])
    assert told == [[f"D{OWNER}"], []]


def test_who_left_while_the_base_was_asked_reads_no_rows_of_it(tmp_path: Path) -> None:
    """Tried: having a private channel's dataset tried, being put out of there, and reading what its answers are."""
    for asked_before in (0, 3):
        (tmp_path / str(asked_before)).mkdir()
        room = Room(tmp_path / str(asked_before))
        room.memberships.private(PRIVATE, OWNER, READER)
        room.access = replace(room.access, trainers=frozenset({OWNER, READER}))
        room.rebuilt()
        good = [("intake", RIGHT)] * asked_before
        room.inference.line_up(*good, (Throttled("Slow down.", retry_after=60.0),))
        assert room.begin(user=READER, channel=PRIVATE)
        room.turn()
        assert len(room.inference.asked) == asked_before + 1
        room.memberships.leave(PRIVATE, READER)
        room.pass_time(600, step=30)
        ended = room.ended
        assert not any(label in ended.instruction for label in LABELS), asked_before
        assert "cannot see it" in ended.why, asked_before
        assert len(room.inference.asked) == asked_before + 1, "no row is asked for who left"


OWN: dict[str, tuple[Callable[[FakeChannelMemberships], None], str, list[str]]] = {
    "a member's": (lambda people: None, PRIVATE, [OWNER]),
    "of who left": (lambda people: people.leave(PRIVATE, OWNER), PRIVATE, []),
    "of a channel that the bot is not in any more": (lambda people: people.gone(PRIVATE), PRIVATE, [OWNER]),
    "asked for directly": (lambda people: people.direct("D7", READER), "D7", [OWNER]),
}


def test_what_others_did_with_ones_own_is_told_to_who_sees_where_it_belongs() -> None:
    """Tried: leaving a private channel, and being told directly what becomes of one's things that stayed there."""
    with table() as row:
        for name, (happens, channel, told) in OWN.items():
            with row(name):
                world = World()
                world.memberships.private(PRIVATE, OWNER, READER)
                happens(world.memberships)
                said = Message("Somebody released `payroll`.")
                world.store.register(
                    notification("lease:a1", "ended", OWNER, said, world.clock.now(), own_in=channel)
                )
                world.pass_time(120)
                assert [each.channel for each in direct(world)] == [f"D{each}" for each in told]


def test_care_that_was_handed_on_is_told_to_who_had_it_where_they_see_it() -> None:
    """Tried: leaving a private channel, and reading that one's lease there is in another's care."""
    world = World()
    world.memberships.private(PRIVATE, "UELSE")
    now = world.clock.now()
    said = Message("`payroll` is in another's care.")
    for each in handovers.news(
        [Handover(READER, READER, now)],
        0,
        lambda _: said,
        first=OWNER,
        channel=PRIVATE,
        paying="",
        key="lease:a1",
        now=now,
    ):
        world.store.register(each)
    world.pass_time(120)
    assert [each.channel for each in direct(world)] == [f"D{READER}"], "they see it as a model that is shared"
