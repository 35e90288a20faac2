"""Roles by user group and channel: whether Slack says who is in each, whether anybody is, and who could just join."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from bot.adapters.slack_channel_memberships import SlackChannelMemberships
from bot.adapters.slack_clients import Ourselves
from bot.adapters.slack_rosters import SlackRosters
from bot.checkup import Line, Look, bad, good, warning
from bot.config import Settings
from bot.doctor.surroundings import Surroundings
from bot.rosters import Rosters, people_of

ABOUT = "Slack roles"
TRAINERS, ASKERS = "TUNESMITH_TRAINERS", "TUNESMITH_ASKERS"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask Slack who is in what the roles name."""
    roles = roles_of(surroundings.settings)
    channels = SlackChannelMemberships(surroundings.slack, Ourselves(surroundings.slack), surroundings.clock)
    named = frozenset[str]().union(*roles.values())
    yield from found(
        roles, SlackRosters(surroundings.slack, surroundings.clock, channels, named=named - people_of(named))
    )


def roles_of(settings: Settings) -> dict[str, AbstractSet[str]]:
    """Return whom each role names, by its setting."""
    return {
        TRAINERS: settings.trainers,
        ASKERS: settings.askers,
        "TUNESMITH_APPROVERS": settings.approvers,
        "TUNESMITH_OPERATORS": settings.operators,
    }


def found(roles: Mapping[str, AbstractSet[str]], rosters: Rosters) -> Iterator[Line]:
    """Tell of each group and channel that a role names.

    Raises:
        Unavailable: Slack does not say right now.
    """
    every = [(setting, each) for setting, named in roles.items() for each in sorted(named - people_of(named))]
    lines = [line for setting, each in every if (line := _of(setting, each, rosters))]
    yield from lines
    if not every:
        yield good(ABOUT, "They name people alone.")
    elif not lines:
        yield good(
            ABOUT, f"Slack says who is in each of the {len(every)} groups and channels that they name."
        )


def _of(setting: str, principal: str, rosters: Rosters) -> Line | None:
    roster = rosters.roster(principal)
    if roster is None:
        return bad(
            ABOUT,
            f"{principal} in {setting} gives nobody a role: Slack does not say who is in it.",
            "Enable the user group, give the app `usergroups:read`, invite the bot into the channel, or name another.",
        )
    if roster.open and setting not in (TRAINERS, ASKERS):
        return bad(
            ABOUT,
            f"{principal} in {setting} gives nobody a role: whoever likes may join it.",
            "Make the channel private, or name a user group.",
        )
    if not roster.members:
        return warning(ABOUT, f"Nobody is in {principal}, which {setting} names.", "Add somebody in Slack.")
    if roster.open and setting == TRAINERS:
        return warning(
            ABOUT,
            f"Whoever joins {principal} may spend there ({setting}).",
            "Leave it where that is meant; else make the channel private, or name a user group.",
        )
    return None


LOOK = Look(ABOUT, at)
"""All looks together."""
