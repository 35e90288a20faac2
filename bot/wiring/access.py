"""Who may do what, as the settings say it: people, and live whoever is in the groups and channels that they name."""

from bot.access import Access
from bot.config import Settings
from bot.memberships import Memberships
from bot.moved_channels import ChannelMoves, KnownHere
from bot.rosters import Holders, Rosters, people_of


def named(settings: Settings) -> frozenset[str]:
    """Return all user groups and channels that a role names."""
    roles = settings.trainers | settings.approvers | settings.askers | settings.operators
    return roles - people_of(roles)


def last_resorts(settings: Settings) -> tuple[str, ...]:
    """Return who is told what goes wrong: the operator, or the approvers who are named themselves.

    Who is only in a group is none: nobody may be in that, and Slack may not say who is.
    """
    if settings.operator:
        return (settings.operator,)
    return tuple(sorted(people_of(settings.approvers)))


def access_of(settings: Settings, people: Memberships, rosters: Rosters, moves: ChannelMoves) -> Access:
    """Return who may do what.

    What decides on others' money is not given by a channel that anybody may join.
    """
    return Access(
        Holders(KnownHere(settings.trainers, moves), rosters),
        Holders(KnownHere(settings.approvers, moves), rosters, counts_open=False),
        KnownHere(settings.allowed_channels, moves),
        settings.guests,
        people,
        settings.operator,
        operators=Holders(KnownHere(settings.operators, moves), rosters, counts_open=False),
        askers=Holders(KnownHere(settings.askers, moves), rosters),
        rosters=rosters,
        breaks_glass=settings.break_glass,
    )
