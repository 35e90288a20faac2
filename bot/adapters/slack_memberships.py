"""What people are to the workspace: ``bot.memberships.Memberships`` on the Web API."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from slack_sdk import WebClient

from bot.adapters.keyed_locks import KeyedLocks
from bot.adapters.slack_clients import Ourselves
from bot.adapters.slack_errors import slack_call
from bot.clock import Clock
from bot.errors import Refused, Unavailable
from bot.lately import Lately
from bot.memberships import SLACKBOT, Membership

FRESH = timedelta(hours=1)
"""For how long an answer holds: somebody who was made a guest may spend for so long at most."""


class ToldMemberships(Protocol):
    """What Slack last said of people, for all processes together."""

    def told(self, user: str) -> tuple[float, str] | None:
        """Return when it was told, in seconds since the epoch, and what; None: nothing lately.

        Raises:
            Unavailable: the store does not answer.
        """

    def tell(self, user: str, at: float, what: str) -> None:
        """Keep what was told. Raises the same."""


class SlackMemberships:
    """Asks Slack what somebody is, once an hour for each person; for all processes that share ``others``.

    The fields are those of the user object (docs.slack.dev/reference/objects/user-object): ``is_stranger`` is somebody
    of another workspace in no channel with us, so a partner of a shared channel is known by their ``team_id`` alone.
    In an organisation of several workspaces somebody belongs to ours when it is among their ``enterprise_user.teams``.
    """

    def __init__(
        self, reading: WebClient, ourselves: Ourselves, clock: Clock, others: ToldMemberships | None = None
    ) -> None:
        self._reading = reading
        self._others = others
        self._ourselves = ourselves
        self._clock = clock
        self._known: Lately[str, tuple[datetime, Membership]] = Lately()
        self._asking = KeyedLocks()

    def membership(self, user: str, within: timedelta = FRESH) -> Membership:
        """Return what somebody is, as it was told within that time."""
        if known := self._told(user, within):
            return known
        with self._asking.of(user):  # who asks meanwhile waits for this answer
            if known := self._told(user, within):
                return known
            if known := self._told_others(user, within):
                return known
            now, found = self._clock.now(), self._ask(user)
            self._known.put(user, (now, found))
            if self._others and user:
                with suppress(Unavailable):
                    self._others.tell(user, now.timestamp(), found.value)
            return found

    def _told(self, user: str, within: timedelta) -> Membership | None:
        known = self._known.get(user)
        # Both ways, since a clock that was set back would make an answer hold for long.
        return known[1] if known and abs(self._clock.now() - known[0]) < within else None

    def _told_others(self, user: str, within: timedelta) -> Membership | None:
        """Return what another process was told within that time, and know it from then on."""
        if self._others is None or not user:
            return None
        try:
            told = self._others.told(user)
            if told is None:
                return None
            self._known.put(user, (datetime.fromtimestamp(told[0], UTC), Membership(told[1])))
        except (Unavailable, ValueError, OverflowError, OSError):  # what is no such thing is asked anew
            return None
        return self._told(user, within)

    def _ask(self, user: str) -> Membership:
        if not user:
            return Membership.UNKNOWN
        team = self._ourselves.team_id
        try:
            with slack_call("users.info", writes=False):
                person = self._reading.api_call("users.info", params={"user": user}).get("user")
        except Refused:  # nobody of that ID, or nobody whom we may see
            return Membership.UNKNOWN
        return of_user(person or {}, team)


def of_user(person: Mapping[str, Any], team: str) -> Membership:
    """Return what the person of a user object is to the workspace ``team``."""
    if person.get("deleted"):
        return Membership.DEACTIVATED
    if is_bot(person):
        return Membership.BOT
    if person.get("is_stranger") or not _belongs(person, team):
        return Membership.PARTNER if person.get("team_id") else Membership.UNKNOWN
    if person.get("is_restricted") or person.get("is_ultra_restricted"):
        return Membership.GUEST
    return Membership.MEMBER


def is_bot(person: Mapping[str, Any]) -> bool:
    """Return whether the one of a user object is no person: an app's user, or Slackbot."""
    return bool(person.get("is_bot")) or person.get("id") == SLACKBOT


def _belongs(person: Mapping[str, Any], team: str) -> bool:
    teams = (person.get("enterprise_user") or {}).get("teams") or ()
    return bool(team) and (person.get("team_id") == team or team in teams)
