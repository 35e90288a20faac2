"""What Slack's Web API says of who is where, in its own words."""

from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from tests.doubles.visibility import FakeChannelMemberships


def said_of(people: FakeChannelMemberships, method: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is answered to a method, but for whether it went well."""
    if method == "conversations.info":
        place = people.place(asked["channel"])
        if place is None:
            return {"channel": {}}
        is_in = {"is_private": not place.public, "is_member": place.joined}
        return {"channel": {"id": asked["channel"], **is_in}}
    if method == "conversations.members":
        return {"members": ["UBOT", *(people.members(asked["channel"], ask=True) or ())]}
    if method == "users.conversations":
        inside = people.conversations(asked["user"])
        return {"channels": [{"id": each, "name": name} for each, name in inside.items()]}
    if method == "users.info":
        return {"user": {"id": asked["user"], "team_id": "T1"}}
    return {"user_id": "UBOT", "team_id": "T1"}


def answered(said: Mapping[str, Any], client: WebClient | None = None) -> SlackResponse:
    """Return that as the SDK's answer.

    Raises:
        SlackApiError: it is an ``error``.
    """
    refusal = said.get("error")
    response = SlackResponse(
        client=client,
        http_verb="GET",
        api_url="x",
        req_args={},
        data={"ok": not refusal, **said},
        headers={},
        status_code=200,
    )
    if refusal:
        raise SlackApiError(refusal, response)  # type: ignore[no-untyped-call]
    return response
