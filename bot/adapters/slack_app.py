"""What Slack says of our own app: who it is, what it may, whether its connections are let in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.adapters.slack_errors import slack_call
from bot.errors import Refused

_NOBODY = frozenset({"user_not_found", "user_not_visible", "channel_not_found"})
"""Slack's words for an ID under which there is nobody, and nothing, that the bot may see."""
SCOPES = "x-oauth-scopes"
"""The header in which every answer says what the token may (docs.slack.dev/authentication/installing-with-oauth)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a bot token is."""

    name: str
    team: str
    team_id: str
    scopes: frozenset[str] | None
    """None: Slack did not say."""


class SlackApp:
    """Asks with a client for reading. Each raises what the adapters raise."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def identity(self) -> Identity:
        """Return who the token is, and what it may."""
        answer = self._asked()
        said = _headers(answer).get(SCOPES)
        scopes = None if said is None else frozenset(each.strip() for each in said.split(",") if each.strip())
        return Identity(
            str(answer.get("user") or ""),
            str(answer.get("team") or ""),
            str(answer.get("team_id") or ""),
            scopes,
        )

    def check_socket(self, app_token: str) -> None:
        """Return when an app-level token may open connections; none is opened."""
        with slack_call("apps.connections.open", writes=False):
            self._client.apps_connections_open(app_token=app_token)

    def knows(self, who: str) -> bool:
        """Return whether there is such a person, or such a conversation that the bot may see, by ID.

        Raises:
            Refused, Throttled, Unavailable: Slack does not say.
        """
        is_person = who.startswith(("U", "W"))
        method, parameter = ("users.info", "user") if is_person else ("conversations.info", "channel")
        try:
            with slack_call(method, writes=False):
                answer = self._client.api_call(method, params={parameter: who})
        except Refused as refused:
            if refused.detail.rpartition(" ")[2] in _NOBODY:
                return False
            raise  # it says nothing of whether there is one
        person: Mapping[str, Any] = answer.get("user") or {}
        return not person.get("deleted", False)

    def now(self) -> datetime | None:
        """Return Slack's own time; None when its answer had none."""
        try:
            moment = parsedate_to_datetime(_headers(self._asked()).get("date", ""))
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _asked(self) -> SlackResponse:
        with slack_call("auth.test", writes=False):
            return self._client.auth_test()


def _headers(answer: SlackResponse) -> Mapping[str, str]:
    told: Mapping[str, Any] = answer.headers
    return {str(name).lower(): str(value) for name, value in told.items()}
