"""Who may see what: one rule for everything that has a name, and for where it may be talked of.

A thing is seen by whoever can see the conversation that it came from, or one that its owner shared it with:

==========================  ==========================================================================================
it came from                it is seen by
==========================  ==========================================================================================
a public channel            everybody in the workspace; guests and partners only when they are in the channel
a private channel           its members
a direct message            the person in it
several of these            whoever sees all of them: a model inherits the narrowest of its datasets'
==========================  ==========================================================================================

Who is where is Slack's to say (``ChannelMemberships``). What it cannot say is not seen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import Misconfigured, Refused, Unavailable

_CONVERSATION = re.compile(r"[CDG][A-Z0-9]{1,30}")
"""The ID of a channel, a direct message or a group message."""

UNCLEAR = (
    "Slack did not tell me which conversations you are in, so I show what comes from this one only. "
    "Nothing is lost: try again in a minute."
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, and where they are.

    ``here`` is the conversation in which Slack has just delivered what they ask, so that they are in it; empty where
    there is none: in forms and in App Home.
    """

    user: str
    here: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """A conversation that something came from, and the person who brought it there."""

    channel: str
    person: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The conversation that something was asked for in, and what it is made from, as its kind reads it out of its spec.

    ``datasets`` are IDs. Whoever sees the model of that name and ARN sees the resource, too.
    """

    where: Origin
    datasets: tuple[str, ...] = ()
    model: str = ""
    model_arn: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where something came from. It is seen by whoever sees one origin of each group, or one channel of ``shared``.

    A dataset is one group: each label of its content is a way to see it. What was made of several things has a group
    for each of them. ``shared`` are channels that the owner shared it with.
    """

    groups: tuple[tuple[Origin, ...], ...]
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What Slack says of a conversation.

    ``foreign``: people of other workspaces are in it, too. ``joined``: the bot is in it. ``person``: who is in a direct
    message with it.
    """

    public: bool
    foreign: bool = False
    joined: bool = True
    person: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What Slack says of a person.

    ``full``: they are a full member of this workspace, no guest and no partner. ``conversations``: the channels and
    group messages that they are in and we see, by ID, with their names.
    """

    full: bool
    conversations: Mapping[str, str] = field(default_factory=dict)


class ChannelMemberships(Protocol):
    """Who is where, by Slack. What was said may be remembered for a minute.

    Both raise ``Unavailable`` or ``Misconfigured`` (a scope) when Slack does not say.
    """

    def place(self, channel: str) -> Place | None:
        """Return what the conversation is; None when there is none that we see."""

    def standing(self, user: str) -> Standing:
        """Return what the person is in; of somebody unknown nothing."""


class Sight:
    """What one viewer sees. It lasts for one request: what Slack said once is not asked again."""

    def __init__(self, viewer: Viewer, memberships: ChannelMemberships) -> None:
        self.viewer = viewer
        self._memberships = memberships
        self._places: dict[str, Place | None] = {}
        self._standing: Standing | None = None
        self._silent = False

    @property
    def unclear(self) -> bool:
        """Whether Slack did not answer, so that something may be left out."""
        return self._silent

    def sees(self, provenance: Provenance) -> bool:
        """Return whether the viewer may see it, and know that it is there."""
        if provenance.groups and all(self._sees_one(group) for group in provenance.groups):
            return True
        return any(self._is_in(channel) for channel in provenance.shared)

    def may_show(self, provenance: Provenance, channel: str) -> bool:
        """Return whether a message about it may be posted in the channel, where everybody there reads it."""
        if is_direct(channel):
            return self.sees(provenance)
        if channel in provenance.shared:
            return True
        return bool(provenance.groups) and all(
            any(each.channel == channel or self._is_open(each.channel, channel) for each in group)
            for group in provenance.groups
        )

    def may_answer(self, provenance: Provenance, channel: str) -> bool:
        """Return whether a model of this provenance answers in the channel.

        In a channel that it came from, when all that it was made of may be shown there; where it was shared; and in
        a direct message with somebody who sees it. Nowhere else: an answer is public where it is given.
        """
        if is_direct(channel) or channel in provenance.shared:
            return self.may_show(provenance, channel)
        came_from = any(each.channel == channel for group in provenance.groups for each in group)
        return came_from and self.may_show(provenance, channel)

    def sees_channel(self, channel: str, person: str = "") -> bool:
        """Return whether the viewer can see the conversation; ``person`` is who is in it, if it is a direct one."""
        if channel == self.viewer.here and channel:
            return True
        if not channel or is_direct(channel):
            return bool(person) and person == self.viewer.user
        place = self._place(channel)
        if place is None:
            return False
        return self._is_in(channel) if not place.public else self._is_full() or self._is_in(channel)

    def is_kept_out(self, channel: str) -> bool:
        """Return whether it is no place for the viewer: a conversation that Slack has, and that they cannot see.

        One that the bot is not in is not known here: nothing can be posted there either. What is no conversation's ID
        is nobody's place: Slack takes a person's ID for a direct message with them, and a name for its channel.
        """
        if not channel or channel == self.viewer.here:
            return False
        if not _CONVERSATION.fullmatch(channel):
            return True
        if is_direct(channel):
            place = self._place(channel)
            return place is not None and place.person != self.viewer.user
        return not self.sees_channel(channel) and self._place(channel) is not None

    def is_shared_with_others(self, channel: str) -> bool:
        """Return whether the bot is in the channel and people of other workspaces are, too (Slack Connect)."""
        place = self._place(channel) if channel and not is_direct(channel) else None
        return place is not None and place.foreign and place.joined

    def channels(self) -> Mapping[str, str]:
        """Return the channels that the viewer is in and we see, by ID, with their names."""
        standing = self._ask_standing()
        return standing.conversations if standing else {}

    # How

    def _sees_one(self, group: tuple[Origin, ...]) -> bool:
        near = any(each.channel and each.channel == self.viewer.here for each in group)
        return near or any(self.sees_channel(each.channel, each.person) for each in group)

    def _is_open(self, source: str, target: str) -> bool:
        """Return whether everybody who reads the target may see what came from the source: a public channel."""
        if not source or is_direct(source):
            return False
        place = self._place(source)
        if place is None or not place.public:
            return False
        where = self._place(target)
        return where is not None and not where.foreign

    def _is_in(self, channel: str) -> bool:
        if channel == self.viewer.here:
            return True
        standing = self._ask_standing()
        return standing is not None and channel in standing.conversations

    def _is_full(self) -> bool:
        standing = self._ask_standing()
        return standing is not None and standing.full

    def _ask_standing(self) -> Standing | None:
        if self._standing is None and not self._silent:
            try:
                self._standing = self._memberships.standing(self.viewer.user)
            except (Unavailable, Misconfigured, Refused):
                self._silent = True
        return self._standing

    def _place(self, channel: str) -> Place | None:
        if channel not in self._places and not self._silent:
            try:
                self._places[channel] = self._memberships.place(channel)
            except (Unavailable, Misconfigured, Refused):
                self._silent = True
        return self._places.get(channel)


def is_direct(channel: str) -> bool:
    """Return whether it is a direct message, in which one person is with us."""
    return channel.startswith("D")
