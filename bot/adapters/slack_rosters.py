"""Who is in a user group or a channel that a role names: ``bot.rosters.Rosters`` on the Web API."""

import logging
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol

from slack_sdk import WebClient

from bot.adapters.keyed_locks import KeyedLocks
from bot.adapters.slack_errors import slack_call
from bot.clock import Clock
from bot.errors import FaultText, Misconfigured, NotFound, Refused, TunesmithError, Unavailable
from bot.lately import Lately
from bot.rosters import Roster
from bot.visibility import ChannelMemberships, is_direct

FRESH = timedelta(minutes=3)
"""For how long an answer holds: who leaves a group has its role so much longer at most, where no event tells of it.
``usergroups.users.list`` may be called some twenty times a minute (tier 2)."""
NEAR = timedelta(seconds=5)
"""For how long a process believes itself, before it looks whether another was told of a change."""
GROUP = "S"

MOST = 1_000
"""Groups and channels of which it is remembered who is in them."""
_Near = tuple[datetime, datetime, Roster | None]
"""When Slack told it, when it was looked at last, and who is in it."""

log = logging.getLogger(__name__)


class ToldRosters(Protocol):
    """What Slack last said, for all processes together."""

    def told(self, principal: str) -> tuple[float, Roster] | None:
        """Return when it was told, in seconds since the epoch, and who; None: nothing lately.

        Raises:
            Unavailable: the store does not answer.
        """

    def tell(self, principal: str, at: float, roster: Roster) -> None:
        """Keep what was told. Raises the same."""

    def forget(self, principal: str) -> None:
        """Forget it. Raises the same."""


class SlackRosters:
    """Asks Slack who is in something, once in ``FRESH``; for all processes that share ``others``.

    What Slack refuses to tell (no such group, a disabled one, a missing scope, a plan without groups) gives nothing,
    and the log says so, from where the operator is told once.
    """

    def __init__(
        self,
        client: WebClient,
        clock: Clock,
        channels: ChannelMemberships,
        others: ToldRosters | None = None,
        named: AbstractSet[str] = frozenset(),
    ) -> None:
        """``channels`` knows who is in these; ``named`` are the groups and channels that roles name."""
        self._channels = channels
        self._named = named
        self._client = client
        self._clock = clock
        self._others = others
        self._near: Lately[str, _Near] = Lately(MOST)
        self._asking = KeyedLocks()

    def roster(self, principal: str) -> Roster | None:
        """Return who is in it; None: it cannot be read."""
        with self._asking.of(principal):  # who asks meanwhile waits for this answer
            now, near = self._clock.now(), self._near.get(principal)
            if near and self._still_holds(near, now):
                return near[2]
            if principal.startswith(GROUP):
                at, found = self._group_as_told(principal, near, now)
            else:  # what is known of channels is shared already
                at, found = now, self._ask(principal)
            self._near.put(principal, (at, now, found))
            return found

    def _still_holds(self, near: _Near, now: datetime) -> bool:
        """Return whether a process believes what it knows: when it was told, when it looked last, and who."""
        is_fresh = abs(now - near[0]) < FRESH
        refused = near[2] is None  # which is not shared: each process finds it out
        return is_fresh and (refused or abs(now - near[1]) < NEAR)

    def _group_as_told(self, group: str, near: _Near | None, now: datetime) -> tuple[datetime, Roster | None]:
        told, is_alone = self._told_others(group, now)
        if told is not None:
            return told
        if is_alone and near and abs(now - near[0]) < FRESH:
            return near[0], near[2]
        found = self._ask(group)
        if self._others and found is not None:
            with suppress(Unavailable):
                self._others.tell(group, now.timestamp(), found)
        return now, found

    def known(self, principal: str) -> Roster | None:
        """Return the same, or what Slack said last."""
        with suppress(Unavailable):
            return self.roster(principal)
        last = self._near.get(principal)
        return last[2] if last else None

    def readers(self, channel: str) -> frozenset[str] | None:
        """Return who sees what is posted there; None: everybody does, or Slack does not say."""
        if is_direct(channel):
            return frozenset()  # whoever is in it asks for what is asked for there
        found = self.known(channel) if channel else None
        return None if found is None or found.open else found.members

    def forget(self, principal: str) -> None:
        """Ask Slack anew at the next question, in each process."""
        self._near.forget(principal)
        if self._others:
            with suppress(Unavailable):
                self._others.forget(principal)

    def _told_others(self, group: str, now: datetime) -> tuple[tuple[datetime, Roster | None] | None, bool]:
        """Return what another process was told lately, or None; and whether there is no store that would know it."""
        if self._others is None:
            return None, True
        try:
            told = self._others.told(group)
            at = datetime.fromtimestamp(told[0], UTC) if told else None
        except Unavailable:
            return None, True
        except (ValueError, OverflowError, OSError):  # what is no such thing is asked anew
            return None, False
        # Both ways, since a clock that was set back would make an answer hold for long.
        return ((at, told[1]) if told and at and abs(now - at) < FRESH else None), False

    def _ask(self, principal: str) -> Roster | None:
        try:
            return self._group(principal) if principal.startswith(GROUP) else self._channel(principal)
        except (Refused, NotFound, Misconfigured) as error:
            self._tell(principal, error)
            return None

    def _tell(self, principal: str, error: TunesmithError) -> None:
        if principal not in self._named:
            return
        what = "user group" if principal.startswith(GROUP) else "channel"
        text = f"I cannot see who is in the {what} {principal}, so nobody has a role by it. {error.sentence}"
        log.warning("%s", FaultText(text, f"roster {principal}"), extra={"detail": error.detail})

    def _group(self, group: str) -> Roster:
        # Without ``include_disabled``: of a group that was disabled nobody is left.
        with slack_call("usergroups.users.list", writes=False):
            answer = self._client.api_call("usergroups.users.list", params={"usergroup": group})
        return Roster(frozenset(str(each) for each in answer.get("users") or []))

    def _channel(self, channel: str) -> Roster:
        place = self._channels.place(channel)
        if place is None:
            raise Refused("Slack does not show it to me.", hint="Invite me there, or name another.")
        if place.public and channel not in self._named:
            return Roster(frozenset(), open=True)  # everybody sees it: nobody has to be listed
        inside = self._channels.members(channel, ask=True)
        if inside is None:
            raise Refused("Too many people are in it, or Slack does not list them.")
        return Roster(frozenset(inside), open=place.public)
