"""Who is in which conversation: ``bot.visibility.ChannelMemberships`` on the Web API, remembered for a minute."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from slack_sdk import WebClient

from bot.access import Membership
from bot.adapters.keyed_locks import KeyedLocks
from bot.adapters.slack_clients import Ourselves
from bot.adapters.slack_errors import slack_call
from bot.adapters.slack_memberships import SlackMemberships
from bot.clock import Clock
from bot.errors import NotFound, Refused, Throttled
from bot.visibility import Place, Standing

REMEMBERED = 60.0
"""Seconds for which an answer holds: who leaves a private channel sees what came from it a minute longer at most."""
KEPT = 2_000
"""Answers that are kept at once, the oldest forgotten first."""
PAGE = 999
"""Conversations asked for at once: the most that Slack gives (docs.slack.dev/reference/methods/users.conversations)."""
TYPES = "public_channel,private_channel,mpim"
"""Everything but direct messages: of these it is known who is in them."""
T = TypeVar("T")


class SlackChannelMemberships:
    """Asks Slack; ``client`` is for calls that people wait for, ``people`` knows what somebody is."""

    def __init__(
        self, client: WebClient, ourselves: Ourselves, clock: Clock, people: SlackMemberships | None = None
    ) -> None:
        self._client = client
        self._people = people or SlackMemberships(client, ourselves, clock)
        self._clock = clock
        self._asking = KeyedLocks()
        self._quiet: dict[str, float] = {}
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], tuple[float, Any]] = OrderedDict()

    def place(self, channel: str) -> Place | None:
        """Return what the conversation is; None when there is none that we see."""
        return self._remembered("place", channel, lambda: self._place(channel))

    def standing(self, user: str) -> Standing:
        """Return what the person is in."""
        return self._remembered("standing", user, lambda: self._standing(user))

    def _remembered(self, what: str, who: str, ask: Callable[[], T]) -> T:
        key = (what, who)
        with self._asking.of(what, who):  # who asks meanwhile waits for this answer
            now = self._clock.monotonic()
            with self._lock:
                known = self._known.get(key)
            if known and now - known[0] < REMEMBERED:
                remembered: T = known[1]
                return remembered
            answer = self._asked(what, ask)
            with self._lock:
                self._known[key] = (now, answer)
                self._known.move_to_end(key)
                while len(self._known) > KEPT:
                    self._known.popitem(last=False)
            return answer

    def _asked(self, what: str, ask: Callable[[], T]) -> T:
        """Ask, unless Slack wants no such question for now: it counts those, too."""
        left = self._quiet.get(what, 0.0) - self._clock.monotonic()
        if left > 0:
            raise Throttled("Slack asked me to slow down.", retry_after=left, hint="I will try again.")
        try:
            return ask()
        except Throttled as slow:
            self._quiet[what] = self._clock.monotonic() + slow.retry_after
            raise

    def _place(self, channel: str) -> Place | None:
        try:
            with slack_call("conversations.info", writes=False):
                found: dict[str, Any] = (
                    self._client.api_call("conversations.info", params={"channel": channel}).get("channel")
                    or {}
                )
        except (NotFound, Refused):
            return None
        closed = any(found.get(each) for each in ("is_private", "is_im", "is_mpim", "is_group"))
        foreign = any(found.get(each) for each in ("is_ext_shared", "is_pending_ext_shared"))
        joined = closed or found.get("is_member") is True  # what is closed is not seen from outside
        person = str(found.get("user") or "") if found.get("is_im") else ""
        return Place(public=bool(found) and not closed, foreign=foreign, joined=joined, person=person)

    def _standing(self, user: str) -> Standing:
        what = self._people.membership(user, timedelta(seconds=REMEMBERED))
        if what is Membership.UNKNOWN:
            return Standing(full=False)
        try:
            return Standing(what is Membership.MEMBER, self._conversations(user))
        except (NotFound, Refused):
            return Standing(full=False)

    def _conversations(self, user: str) -> dict[str, str]:
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
