"""Who may see what: one rule for everything that has a name, and for where it may be talked of.

A thing is seen by whoever can see the conversation that it came from, or one that its owner shared it with:

==========================  ==========================================================================================
it came from                it is seen by
==========================  ==========================================================================================
a public channel            everybody in the workspace; guests and partners only when they are in the channel
a private channel           its members
a direct message            the person in it
several of these            whoever sees all of them: a model inherits the narrowest of its datasets', and of the
                            model that was trained further
==========================  ==========================================================================================

Who is where is Slack's to say (``ChannelMemberships``). What it cannot say is not seen.
"""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Protocol

from bot.errors import Misconfigured, Refused, Throttled, Unavailable

_CONVERSATION = re.compile(r"[CDG][A-Z0-9]{1,30}")
"""The ID of a channel, a direct message or a group message."""

UNCLEAR = (
    "Slack did not tell me just now who is in which conversation, so something may be missing here. "
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

    ``datasets`` are IDs; ``held_out`` is the one of them that it was held against, empty without one. Whoever sees the
    model of that name and ARN sees the resource, too.
    """

    where: Origin
    datasets: tuple[str, ...] = ()
    held_out: str = ""
    model: str = ""
    model_arn: str = ""
    base_arn: str = ""
    """What is trained: of a custom model, which is trained further, nobody sees it who does not see that one."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where something came from. It is seen by whoever sees one origin of each group, or one channel of ``shared``.

    A dataset is one group: each label of its content is a way to see it. What was made of several things has a group
    for each of them. ``shared`` are channels that the owner shared it with. ``made_from`` has to be seen as well: the
    model that was trained further, which has shares of its own.
    """

    groups: tuple[tuple[Origin, ...], ...]
    shared: tuple[str, ...] = ()
    made_from: tuple["Provenance", ...] = ()

    @classmethod
    def of(cls, *origins: Origin) -> "Provenance":
        """Return that of one thing, which whoever sees one of these origins sees."""
        return cls((origins,))


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


class ChannelMemberships(Protocol):
    """Who is where, by Slack. What was said may be remembered for a minute, and never longer: silence is no answer.

    All raise ``Unavailable`` or ``Misconfigured`` (a scope) when Slack does not say.
    """

    def place(self, channel: str) -> Place | None:
        """Return what the conversation is; None when there is none that we see."""

    def known_as(self, channel: str) -> str:
        """Return by which ID a channel is known here: what came while nobody knew is kept under its later one.

        Raises nothing.
        """

    def is_full(self, user: str) -> bool:
        """Return whether the person is a full member of this workspace, no guest and no partner."""

    def members(self, channel: str, *, ask: bool) -> AbstractSet[str] | None:
        """Return who is in the conversation, the same for whoever asks.

        None: Slack would have to be asked and ``ask`` is not set, or this is not to be had by channel (they are too
        many, or Slack does not give it): then ``conversations`` says it by person.
        """

    def conversations(self, user: str) -> Mapping[str, str]:
        """Return the channels and group messages that the person is in and we see, by ID, with their names."""

    def silent(self) -> bool:
        """Return whether Slack refused or left out an answer to any such question a moment ago. Raises nothing."""


class MembershipNews(Protocol):
    """Hears of what changes who is where."""

    def changed(self, channel: str, user: str) -> None:
        """Have nobody believe any more what was said of who is in the conversation: somebody came, or left.

        Raises:
            Unavailable: the store does not answer, so that other processes may believe it for a minute.
        """


LISTS = 2
"""Conversations whose members are asked for in one request. Beyond them the person's own are, all in one call."""


class Sight:
    """What one viewer sees. It lasts for one request: what Slack said once is not asked again."""

    def __init__(self, viewer: Viewer, memberships: ChannelMemberships) -> None:
        self.viewer = viewer
        self._memberships = memberships
        self._places: dict[str, Place | None] = {}
        self._inside: dict[str, bool] = {}
        self._conversations: Mapping[str, str] | None = None
        self._full: bool | None = None
        self._lists = 0
        self._silent = False

    @property
    def unclear(self) -> bool:
        """Whether Slack did not answer, so that something may be left out."""
        return self._silent

    @property
    def may_be_unclear(self) -> bool:
        """Whether that is so, or would be for a viewer of whom more had to be asked.

        For what the viewer is told: that Slack was silent must not say that there was something to ask about.
        """
        return self._silent or self._memberships.silent()

    def sees(self, provenance: Provenance) -> bool:
        """Return whether the viewer may see it, and know that it is there."""
        came_from = provenance.groups and all(self._sees_one(group) for group in provenance.groups)
        if came_from and all(self.sees(each) for each in provenance.made_from):
            return True
        return any(self._is_in(channel) for channel in provenance.shared)

    def may_show(self, provenance: Provenance, channel: str) -> bool:
        """Return whether a message about it may be posted in the channel, where everybody there reads it."""
        if is_direct(channel):
            return self.sees(provenance)
        provenance = self._as_known(provenance)
        if channel in provenance.shared:
            return True
        came_from = bool(provenance.groups) and all(
            any(each.channel == channel or self._is_open(each.channel, channel) for each in group)
            for group in provenance.groups
        )
        return came_from and self.may_show_all(provenance.made_from, channel)

    def may_show_all(self, provenances: Iterable[Provenance], channel: str) -> bool:
        """Return whether each of them may be shown in the channel; of none it may."""
        return all(self.may_show(each, channel) for each in provenances)

    def may_answer(self, provenance: Provenance, channel: str) -> bool:
        """Return whether a model of this provenance answers in the channel.

        In a channel that it came from, when all that it was made of may be shown there; where it was shared; and in
        a direct message with somebody who sees it. Nowhere else: an answer is public where it is given.
        """
        provenance = self._as_known(provenance)
        if is_direct(channel) or channel in provenance.shared:
            return self.may_show(provenance, channel)
        came_from = any(each.channel == channel for group in provenance.groups for each in group)
        return came_from and self.may_show(provenance, channel)

    def sees_channel(self, channel: str, person: str = "") -> bool:
        """Return whether the viewer can see the conversation; ``person`` is who is in it, if it is a direct one."""
        channel = self._memberships.known_as(channel)
        if channel == self.viewer.here and channel:
            return True
        if not channel or is_direct(channel):
            return bool(person) and person == self.viewer.user
        place = self._place(channel)
        if place is None:
            return False
        return self._is_in(channel) if not place.public else self._sees_public(channel)

    def surely_sees_channel(self, channel: str, person: str) -> bool:
        """Return what ``sees_channel`` does, where somebody is told something later and silence must not decide.

        Raises:
            Unavailable: Slack does not say.
        """
        sees = self.sees_channel(channel, person)
        if not sees and self.unclear:
            raise Unavailable("Slack did not tell me who is in that channel.")
        return sees

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
        """Return whether the bot is in the channel and people of other workspaces are, too."""
        place = self._place(channel) if channel and not is_direct(channel) else None
        return place is not None and place.foreign and place.joined

    def is_without_us(self, channel: str) -> bool:
        """Return whether Slack says that the bot is not in the conversation: nothing can be posted there."""
        place = self._place(channel)
        return not self._silent and (place is None or not place.joined)

    def channels(self) -> Mapping[str, str]:
        """Return the channels that the viewer is in and we see, by ID, with their names."""
        if self._conversations is None and not self._silent:
            try:
                self._conversations = self._memberships.conversations(self.viewer.user)
            except (Unavailable, Misconfigured, Refused):
                self._silent = True
        return self._conversations or {}

    def is_in(self, channel: str) -> bool:
        """Return whether the viewer is in the conversation."""
        return self._is_in(channel)

    # How

    def _as_known(self, provenance: Provenance) -> Provenance:
        """Return it with each channel by the ID that it is known by here; what it is made from is as it was."""
        known_as = self._memberships.known_as
        groups = tuple(
            tuple(replace(each, channel=known_as(each.channel)) for each in group)
            for group in provenance.groups
        )
        return replace(provenance, groups=groups, shared=tuple(map(known_as, provenance.shared)))

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

    def _sees_public(self, channel: str) -> bool:
        throttled = False
        if self._full is None and not self._silent:
            try:
                self._full = self._memberships.is_full(self.viewer.user)
            except Throttled:
                throttled = True
            except (Unavailable, Misconfigured, Refused):
                self._silent = True
        if self._full or self._is_in(channel):
            return True
        self._silent = self._silent or throttled  # they may be a full member, and nobody says so
        return False

    def _is_in(self, channel: str) -> bool:
        channel = self._memberships.known_as(channel)
        if channel == self.viewer.here:
            return True
        if channel not in self._inside:
            self._inside[channel] = self._look_inside(channel)
        return self._inside[channel]

    def _look_inside(self, channel: str) -> bool:
        """Return whether the viewer is in it: by who is in there, which one answer says for everybody, else by theirs.

        A request that is about many conversations asks for the person's own, which is one call however many there are.
        """
        if self._conversations is not None or self._silent or not self.viewer.user:
            return channel in self.channels()
        try:
            inside = self._memberships.members(channel, ask=False)
            if inside is None and self._lists < LISTS:
                self._lists += 1
                inside = self._memberships.members(channel, ask=True)
        except (Unavailable, Misconfigured, Refused):
            self._silent = True
            return False
        return channel in self.channels() if inside is None else self.viewer.user in inside

    def _place(self, channel: str) -> Place | None:
        if channel not in self._places and not self._silent:
            try:
                self._places[channel] = self._memberships.place(channel)
            except (Unavailable, Misconfigured, Refused):
                self._silent = True
        return self._places.get(channel)


def is_surely_kept_out(memberships: ChannelMemberships, person: str, channel: str) -> bool:
    """Return whether Slack has the channel, and somebody cannot see it, where they are told something later.

    Raises:
        Unavailable: Slack does not say.
    """
    sight = Sight(Viewer(person), memberships)
    is_out = sight.is_kept_out(channel)
    if sight.unclear:
        raise Unavailable("Slack did not tell me who is in that channel.")
    return is_out


def is_direct(channel: str) -> bool:
    """Return whether it is a direct message, in which one person is with us."""
    return channel.startswith("D")
