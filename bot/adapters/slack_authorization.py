"""Who a request from Slack is answered as, asked once; and a request that comes before anybody knows is not swallowed.

Bolt's own middleware for one workspace asks ``auth.test`` with the first request. When Slack does not answer just then
(429, a server error), it acknowledges that request with "please reinstall the app": the event is lost, since Slack
delivers again only what was not acknowledged.
"""

import threading
from collections.abc import Callable

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.adapters.slack_errors import slack_call

Authorize = Callable[[str | None], AuthorizeResult]
"""From the ID of who did something to what Bolt works with; Bolt passes the arguments by name."""


def authorization(client: WebClient) -> Authorize:
    """Return what ``App(authorize=…)`` takes, for the one workspace that the client's token belongs to.

    It raises ``Unavailable`` or ``Throttled`` while Slack does not say who we are: the request fails, Slack delivers
    an event again, and tells a person that the app did not answer.
    """
    known: list[AuthorizeResult] = []
    asking = threading.Lock()

    def authorize(user_id: str | None) -> AuthorizeResult:
        with asking:
            if not known:
                known.append(_ask(client))
        ours = known[0]
        return AuthorizeResult(
            enterprise_id=ours.enterprise_id,
            team_id=ours.team_id,
            user_id=user_id,
            bot_id=ours.bot_id,
            bot_user_id=ours.bot_user_id,
            bot_token=client.token,
        )

    return authorize


def _ask(client: WebClient) -> AuthorizeResult:
    with slack_call("auth.test", writes=False):
        told = client.auth_test()
    return AuthorizeResult(
        enterprise_id=told.get("enterprise_id"),
        team_id=told.get("team_id"),
        bot_id=told.get("bot_id"),
        bot_user_id=told.get("user_id"),
        bot_token=client.token,
    )
