"""Following, muting and quiet hours through the front door."""

import pytest

from bot.controller.model import Key
from bot.jobs.record import KIND
from tests.handlers.door import USER, Door
from tests.unit.jobs.samples import plan

NAME = plan().job_name


@pytest.mark.parametrize(("command", "member"), [("follow", "followers"), ("mute", "muted")])
def test_a_job_is_followed_or_muted_by_its_name(door: Door, command: str, member: str) -> None:
    job = door.jobs.propose(plan())

    door.command(f"{command} {NAME}")

    resource = door.store.get(Key(KIND, job))
    assert resource is not None
    assert resource.spec[member] == [USER]
    assert NAME in door.said


@pytest.mark.parametrize(
    "typed",
    [
        "follow a b",
        "mute a b",
        "quiet 22",
        "quiet late",
        "quiet 7-7",
        "quiet 7-30",
        "digest t 9",
        "digest now 9",
        "digest monday 24",
        "digest monday late",
    ],
)
def test_what_cannot_be_read_says_how_it_is_written(door: Door, typed: str) -> None:
    door.command(typed)

    assert "Write" in door.said


@pytest.mark.parametrize("typed", ["22-7", "22:00 - 7:00", "22 to 7", "22–7"])  # noqa: RUF001 -- what phones type
def test_quiet_hours_are_kept(door: Door, typed: str) -> None:
    door.command(f"quiet {typed}")

    assert "from 22:00 to 7:00" in door.said
    door.webhooks.clear()
    door.command("quiet")
    assert "from 22:00 to 7:00" in door.said
    door.webhooks.clear()
    door.command("quiet off")
    assert "no quiet hours" in door.said


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("monday 9", "Every Monday at 9:00"),
        ("every fri at 17:00", "Every Friday at 17:00"),
        ("su", "Every Sunday at 9:00"),
    ],
)
def test_a_channels_digest_is_set_shown_and_switched_off(door: Door, typed: str, told: str) -> None:
    for command in (f"digest {typed}", "digest"):
        door.command(command)
        assert told in door.said
        assert "from this channel" in door.said
        door.webhooks.clear()
    for answer in ("No digest here any more", "There was no digest"):
        door.command("digest off")
        assert answer in door.said
        door.webhooks.clear()
    door.command("digest")
    assert "There is no digest here" in door.said


def test_the_operators_digest_is_about_all_channels(door: Door) -> None:
    door.command("digest monday", channel_id="COPS")

    assert "in all channels" in door.said
