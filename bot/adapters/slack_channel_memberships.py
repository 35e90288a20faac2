"""Who is in which conversation: ``bot.visibility.ChannelMemberships`` on the Web API, remembered for a minute.

Who is in a conversation is the same for whoever asks, so it is asked for once a minute for everybody, in all processes
together, and forgotten as soon as Slack says that somebody came or left.
"""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, Protocol, TypeVar

from slack_sdk import WebClient

from bot.adapters.keyed_locks import KeyedLocks
from bot.adapters.slack_clients import Ourselves
from bot.adapters.slack_errors import slack_call
from bot.adapters.slack_memberships import SlackMemberships
from bot.clock import Clock
from bot.errors import Misconfigured, NotFound, Refused, Throttled, Unavailable
from bot.lately import Lately
from bot.memberships import Membership
from bot.visibility import Place

REMEMBERED = 60.0
"""Seconds for which an answer holds: who leaves a private channel sees what came from it a minute longer at most."""
KEPT = 2_000
"""Answers that are kept at once, the oldest forgotten first."""
PAGE = 999
"""Conversations asked for at once: the most that Slack gives (docs.slack.dev/reference/methods/users.conversations)."""
TYPES = "public_channel,private_channel,mpim"
"""Everything but direct messages: of these it is known who is in them."""
MEMBERS_PAGE = 1000
"""Members asked for at once, the most that Slack gives (docs.slack.dev/reference/methods/conversations.members)."""
MEMBERS_PAGES = 3
"""Calls for the members of one conversation; of a larger one the person's own conversations say more with less."""
CHECKED = 5.0
"""Seconds for which a process believes who is in a conversation before it looks whether another heard of a change.

The store keeps an answer for so much less than ``REMEMBERED``, so that nothing is believed for longer than that.
"""
KEPT_LISTS = 200
"""Conversations whose members are kept at once, the oldest forgotten first."""
SILENCE = 10.0
"""Seconds for which everybody is told that Slack did not say something, at least."""
MANY = 600.0
"""Seconds after which a conversation that had too many members is asked for them again."""
_SHARED = ("is_ext_shared", "is_pending_ext_shared", "is_org_shared")
"""What Slack says of a channel that other workspaces are in: of other organisations, invited ones, those of our own
organisation (docs.slack.dev/reference/objects/conversation-object)."""
T = TypeVar("T")


def described(client: WebClient, channel: str) -> Mapping[str, Any] | None:
    """Return a channel's conversation object; None where Slack has none that the bot may see.

    Raises:
        Unavailable, Misconfigured: Slack does not say.
    """
    try:
        with slack_call("conversations.info", writes=False):
            answer = client.api_call("conversations.info", params={"channel": channel})
    except Refused:
        return None
    found: Mapping[str, Any] = answer.get("channel") or {}
    return found


def with_others(channel: Mapping[str, Any]) -> bool:
    """Return whether people of other workspaces are in a channel, by its conversation object."""
    return any(channel.get(each) for each in _SHARED)


class ToldMembers(Protocol):
    """Who is in which conversation, as Slack last said it to any process."""

    def told(self, channel: str) -> tuple[str, float, frozenset[str]]:
        """Return the edition of what is known, when it was told (seconds since the epoch), and who is in there.

        Nobody: it is not known, or somebody came or left since it was told.

        Raises:
            Unavailable: the store does not answer.
        """

    def tell(self, channel: str, edition: str, at: float, members: AbstractSet[str]) -> None:
        """Keep who is in there, unless somebody came or left since that edition. Raises the same."""

    def forget(self, channel: str) -> None:
        """Begin a new edition: somebody came or left. Raises the same."""


class SlackChannelMemberships:
    """Asks Slack; ``client`` is for calls that people wait for, ``people`` knows what somebody is.

    ``known_as`` gives the ID by which a channel is known here.
    """

    def __init__(
        self,
        client: WebClient,
        ourselves: Ourselves,
        clock: Clock,
        people: SlackMemberships | None = None,
        others: ToldMembers | None = None,
        known_as: Callable[[str], str] = str,
    ) -> None:
        self._client = client
        self.known_as = known_as
        self._people = people or SlackMemberships(client, ourselves, clock)
        self._clock = clock
        self._others = others
        self._asking = KeyedLocks()
        self._quiet: dict[str, float] = {}
        self._known: Lately[tuple[str, str], tuple[float, Any]] = Lately(KEPT)
        self._inside: Lately[str, tuple[float, AbstractSet[str]]] = Lately(KEPT_LISTS)
        self._silent_until = 0.0
        self._crowds: Lately[str, float] = Lately(KEPT_LISTS)

    def place(self, channel: str) -> Place | None:
        """Return what the conversation is; None when there is none that we see."""
        return self._remembered("place", channel, lambda: self._place(channel))

    def is_full(self, user: str) -> bool:
        """Return whether the person is a full member of the workspace."""
        with self._noticing():
            what = self._people.membership(user, timedelta(seconds=REMEMBERED))
        return what is Membership.MEMBER

    def conversations(self, user: str) -> Mapping[str, str]:
        """Return what the person is in."""
        return self._remembered("conversations", user, lambda: self._conversations(user))

    def silent(self) -> bool:
        """Return whether Slack refused or left out an answer within the last seconds."""
        return self._clock.monotonic() < self._silent_until

    def members(self, channel: str, *, ask: bool) -> AbstractSet[str] | None:
        """Return who is in the conversation, as Slack said it within the last minute."""
        if (known := self._believed(channel)) is not None:
            return known
        with self._asking.of("members", channel):  # who asks meanwhile waits for this answer
            if (known := self._believed(channel)) is not None:
                return known
            # What is known is read before Slack is asked: whoever leaves meanwhile makes the answer an old one.
            edition, inside = self._told_others(channel)
            if inside is None and ask and self._is_askable(channel):
                now = self._clock.now().timestamp()
                inside = self._ask_members(channel)
                if inside is not None and self._others is not None:
                    with suppress(Unavailable):
                        self._others.tell(channel, edition, now, inside)
            if inside is not None:
                self._believe(channel, inside)
            return inside

    def changed(self, channel: str, user: str) -> None:
        """Have nobody believe any more what was said of who is in the conversation."""
        try:
            if self._others is not None:
                self._others.forget(channel)
        finally:  # last: else whoever asks meanwhile reads from the store what is over, and believes it anew
            self._inside.forget(channel)
            self._known.forget(("conversations", user))
            self._known.forget(("place", channel))

    def _believed(self, channel: str) -> AbstractSet[str] | None:
        known = self._inside.get(channel)
        lasts = REMEMBERED if self._others is None else CHECKED
        return known[1] if known and self._clock.monotonic() - known[0] < lasts else None

    def _believe(self, channel: str, inside: AbstractSet[str]) -> None:
        self._inside.put(channel, (self._clock.monotonic(), inside))

    def _told_others(self, channel: str) -> tuple[str, AbstractSet[str] | None]:
        if self._others is None:
            return "", None
        try:
            edition, at, inside = self._others.told(channel)
        except Unavailable:
            return "", None
        # Both ways, since a clock that was set back would make an answer hold for long.
        is_fresh = abs(self._clock.now().timestamp() - at) < REMEMBERED
        return edition, inside if inside and is_fresh else None

    def _is_askable(self, channel: str) -> bool:
        return self._clock.monotonic() >= (self._crowds.get(channel) or 0.0)

    def _ask_members(self, channel: str) -> AbstractSet[str] | None:
        try:
            return self._asked("members", lambda: self._members(channel))
        except (Throttled, Refused):  # the person's own conversations say it, too
            return None

    def _members(self, channel: str) -> AbstractSet[str] | None:
        found: set[str] = set()
        cursor = ""
        for _ in range(MEMBERS_PAGES):
            arguments = {"channel": channel, "limit": MEMBERS_PAGE} | ({"cursor": cursor} if cursor else {})
            with slack_call("conversations.members", writes=False):
                answer = self._client.api_call("conversations.members", params=arguments)
            found.update(str(each) for each in answer.get("members") or [])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(found)
        self._crowds.put(channel, self._clock.monotonic() + MANY)
        return None

    def _remembered(self, what: str, who: str, ask: Callable[[], T]) -> T:
        key = (what, who)
        with self._asking.of(what, who):  # who asks meanwhile waits for this answer
            now = self._clock.monotonic()
            known = self._known.get(key)
            if known and now - known[0] < REMEMBERED:
                remembered: T = known[1]
                return remembered
            answer = self._asked(what, ask)
            self._known.put(key, (now, answer))
            return answer

    def _asked(self, what: str, ask: Callable[[], T]) -> T:
        """Ask, unless Slack wants no such question for now: it counts those, too."""
        left = self._quiet.get(what, 0.0) - self._clock.monotonic()
        if left > 0:
            raise Throttled("Slack asked me to slow down.", retry_after=left, hint="I will try again.")
        try:
            with self._noticing():
                return ask()
        except Throttled as slow:
            self._quiet[what] = self._clock.monotonic() + slow.retry_after
            raise

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        """Know for a while that Slack did not say something: whoever asks for nothing is told so, too."""
        try:
            yield
        except (Unavailable, Misconfigured) as error:
            lasts = max(SILENCE, error.retry_after) if isinstance(error, Throttled) else SILENCE
            self._silent_until = max(self._silent_until, self._clock.monotonic() + lasts)
            raise

    def _place(self, channel: str) -> Place | None:
        found = described(self._client, channel)
        if found is None:
            return None
        closed = any(found.get(each) for each in ("is_private", "is_im", "is_mpim", "is_group"))
        foreign = with_others(found)
        joined = closed or found.get("is_member") is True  # what is closed is not seen from outside
        person = str(found.get("user") or "") if found.get("is_im") else ""
        return Place(public=bool(found) and not closed, foreign=foreign, joined=joined, person=person)

    def _conversations(self, user: str) -> Mapping[str, str]:
        try:
            return self._all_conversations(user) if user else {}
        except (NotFound, Refused):  # nobody of that ID, or nobody whom we may see
            return {}

    def _all_conversations(self, user: str) -> dict[str, str]:
        found: dict[str, str] = {}
        cursor = ""
        while True:
            arguments = {"user": user, "types": TYPES, "limit": PAGE} | ({"cursor": cursor} if cursor else {})
            with slack_call("users.conversations", writes=False):
                answer = self._client.api_call("users.conversations", params=arguments)
            for each in answer.get("channels") or []:
                found[str(each["id"])] = str(each.get("name") or "")
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found
