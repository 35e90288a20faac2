"""Who and what there is in a workspace, listed once: ``bot.setting_names.NameBook`` on the Web API."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from slack_sdk import WebClient

from bot.adapters.slack_errors import slack_call
from bot.adapters.slack_memberships import is_bot
from bot.errors import Throttled, Unavailable
from bot.setting_names import Named

PAGE = {"conversations.list": 999, "users.list": 200}
"""Entries asked for at once: Slack gives up to 999 channels, and advises 200 people
(docs.slack.dev/reference/methods/conversations.list, …/users.list)."""
LONGEST = 60.0
"""Seconds that all waiting for Slack's patience may take together: both methods are tier 2, about 20 calls a minute."""


class SlackNameBook:
    """Lists a workspace, once each for its channels and its people.

    Args:
        client: for reading.
        sleep: waits for so many seconds, when Slack asks for that.
    """

    def __init__(self, client: WebClient, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep
        self._waited = 0.0

    def channels(self) -> Sequence[Named]:
        """Return the channels that the bot may see."""
        return self._channels

    def people(self) -> Sequence[Named]:
        """Return everybody."""
        return self._people

    def groups(self) -> Sequence[Named]:
        """Return the user groups."""
        return self._groups

    @cached_property
    def _groups(self) -> list[Named]:
        answer = self._page("usergroups.list", {"include_disabled": True})
        return [
            Named(
                str(each["id"]),
                str(each.get("handle") or ""),
                (str(each["name"]),) if each.get("name") else (),
                gone="is disabled" if each.get("date_delete") else "",
            )
            for each in answer.get("usergroups") or []
        ]

    @cached_property
    def _channels(self) -> list[Named]:
        types = {"types": "public_channel,private_channel"}
        return [
            Named(
                str(each["id"]),
                str(each.get("name") or ""),
                gone="is archived" if each.get("is_archived") else "",
            )
            for each in self._all("conversations.list", "channels", types)
        ]

    @cached_property
    def _people(self) -> list[Named]:
        return [_person(each) for each in self._all("users.list", "members", {})]

    def _all(self, method: str, field: str, wanted: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        cursor = ""
        while True:
            answer = self._page(
                method, {**wanted, "limit": PAGE[method]} | ({"cursor": cursor} if cursor else {})
            )
            yield from answer.get(field) or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _page(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        while True:
            try:
                with slack_call(method, writes=False):
                    return self._client.api_call(method, params=dict(arguments)).data  # type: ignore[return-value] # JSON
            except Throttled as asked:
                self._waited += asked.retry_after
                if self._waited > LONGEST:
                    raise Unavailable(
                        "Slack asked for more patience than a start has.", detail=method
                    ) from None
                self._sleep(asked.retry_after)


def _person(user: Mapping[str, Any]) -> Named:
    profile = user.get("profile") or {}
    shown = (profile.get("real_name") or user.get("real_name"), profile.get("display_name"))
    gone = "is deactivated" if user.get("deleted") else "is a bot" if is_bot(user) else ""
    return Named(
        str(user["id"]),
        str(user.get("name") or ""),
        tuple(dict.fromkeys(str(each) for each in shown if each)),
        gone,
    )
