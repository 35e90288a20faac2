"""Who has a role: people by ID, and live whoever is in a user group or a channel.

==========================  ===========================================================================================
A role names                and means
==========================  ===========================================================================================
``U…`` or ``W…``, a person  them, everywhere
``S…``, a user group        whoever is in it now, everywhere
``C…`` or ``G…``, a         whoever is in it now, for what is asked for in that channel; where a role decides on money
channel                     of others, a channel that anybody may join means nobody
==========================  ===========================================================================================

What cannot be read grants nothing.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from bot.errors import Unavailable

_GROUP, _CHANNELS = "S", ("C", "G")


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is in a user group or a channel. ``open``: whoever likes may join it by themselves, as a public channel."""

    members: frozenset[str]
    open: bool = False


class Rosters(Protocol):
    """Who is in what, by Slack. What was said may be remembered for some minutes."""

    def roster(self, principal: str) -> Roster | None:
        """Return who is in a user group or channel; None: it cannot be read, which the operator is told.

        Raises:
            Unavailable: Slack does not say right now.
        """

    def known(self, principal: str) -> Roster | None:
        """Return the same, or what Slack said last; None: nothing. Never raises."""

    def readers(self, channel: str) -> frozenset[str] | None:
        """Return who sees what is posted there; None: everybody does, or Slack does not say. Never raises."""

    def forget(self, principal: str) -> None:
        """Ask Slack anew at the next question: somebody came or went. Never raises."""


class NoRosters:
    """``Rosters`` without a Slack to ask."""

    def roster(self, principal: str) -> Roster | None:  # noqa: ARG002 -- nothing is known
        """Return that it cannot be read."""
        return None

    def known(self, principal: str) -> Roster | None:  # noqa: ARG002 -- nothing is known
        """Return that nothing is known."""
        return None

    def readers(self, channel: str) -> frozenset[str] | None:  # noqa: ARG002 -- nothing is known
        """Return that everybody does."""
        return None

    def forget(self, principal: str) -> None:
        """Do nothing."""


class Holders(AbstractSet[str]):
    """Who has a role, by ID. It is true where anybody or anything is named, even where nobody is in that right now.

    Asking whether somebody is in it may raise ``Unavailable``, unless they are named themselves; going through it never
    does, and gives those whom Slack named last.

    Args:
        named: IDs of people, user groups and channels.
        rosters: says who is in these.
        counts_open: whether a channel that anybody may join gives the role.
        channel: where what is asked for is; None: anywhere, so that each channel counts.
    """

    def __init__(
        self, named: Iterable[str], rosters: Rosters, *, counts_open: bool = True, channel: str | None = None
    ) -> None:
        # A set as it is: what it holds of channels may change (``bot.moved_channels.KnownHere``).
        self.named: AbstractSet[str] = named if isinstance(named, AbstractSet) else frozenset(named)
        self._rosters = rosters
        self._counts_open = counts_open
        self._channel = channel

    def at(self, channel: str) -> "Holders":
        """Return who has it for what is asked for in that channel."""
        return Holders(self.named, self._rosters, counts_open=self._counts_open, channel=channel)

    @property
    def people(self) -> frozenset[str]:
        """Those who are named themselves."""
        return people_of(self.named)

    @property
    def channels(self) -> frozenset[str]:
        """The channels that give it."""
        return frozenset(each for each in self.named if each.startswith(_CHANNELS))

    def __contains__(self, user: object) -> bool:
        """Return whether they have it.

        Raises:
            Unavailable: Slack does not say who is in a group or channel, and they are in no other.
        """
        if not isinstance(user, str) or not user:
            return False
        if user in self.people:
            return True
        silent: Unavailable | None = None
        for each in self._circles:
            try:
                roster = self._rosters.roster(each)
            except Unavailable as error:
                silent = error
                continue
            if user in self._of(roster):
                return True
        if silent:
            raise silent
        return False

    def __iter__(self) -> Iterator[str]:
        """Go through all who have it, as far as Slack said, in the order of their IDs; those named first."""
        yield from sorted(self.people)
        others = {user for each in self._circles for user in self._of(self._rosters.known(each))}
        yield from sorted(others - self.people)

    def __len__(self) -> int:
        """Return how many have it, as far as Slack said."""
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        """Return whether it is given to anybody or anything at all: an empty group leaves it closed, not open."""
        return bool(self.named)

    def __eq__(self, other: object) -> bool:
        """Return whether it is this very one: who is in it changes, and a comparison asks Slack nothing."""
        return self is other

    def __hash__(self) -> int:
        """Return what goes with that."""
        return id(self)

    @property
    def is_clear(self) -> bool:
        """Return whether Slack says who is in each group and channel, or that it cannot be read."""
        try:
            "somebody" in self  # noqa: B015 -- each is asked for
        except Unavailable:
            return False
        return True

    @property
    def _circles(self) -> list[str]:
        groups = [each for each in self.named if each.startswith(_GROUP)]
        channels = self.channels if self._channel is None else self.channels & {self._channel}
        return sorted([*groups, *channels])

    def _of(self, roster: Roster | None) -> frozenset[str]:
        if roster is None or (roster.open and not self._counts_open):
            return frozenset()
        return roster.members


def people_of(named: AbstractSet[str]) -> frozenset[str]:
    """Return those of the IDs that are people's."""
    return frozenset(each for each in named if not each.startswith((_GROUP, *_CHANNELS)))


def at(role: AbstractSet[str], channel: str) -> AbstractSet[str]:
    """Return who has a role for what is asked for in that channel; people who are named have it everywhere."""
    return role.at(channel) if isinstance(role, Holders) else role


def has_any(user: str, *roles: AbstractSet[str]) -> bool:
    """Return whether somebody has one of these roles. That Slack says nothing of one keeps nobody from another.

    Raises:
        Unavailable: Slack does not say who has one of them, and they have no other.
    """
    silent: Unavailable | None = None
    for each in roles:
        try:
            if user in each:
                return True
        except Unavailable as error:
            silent = error
    if silent:
        raise silent
    return False


def is_clear(role: AbstractSet[str]) -> bool:
    """Return whether it is known who has a role now."""
    return role.is_clear if isinstance(role, Holders) else True


def channels_by(role: AbstractSet[str], user: str) -> list[str]:
    """Return the channels by which somebody has a role, as far as Slack said; of others they may not even know."""
    if not isinstance(role, Holders):
        return []
    return [each for each in sorted(role.channels) if user in list(role.at(each))]


def in_order(role: AbstractSet[str]) -> list[str]:
    """Return who has a role in its order: who is named before who is only in a group."""
    return list(role) if isinstance(role, Holders) else sorted(role)
