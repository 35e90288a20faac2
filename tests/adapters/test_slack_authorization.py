"""A request that comes while Slack does not say who we are fails; it is not acknowledged away."""

import json
import time
from collections.abc import Iterator, Sequence

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.adapters.slack_authorization import authorization
from bot.errors import Throttled
from bot.playground.slack import SlackStandIn


@pytest.fixture
def client(slack_stand_in: SlackStandIn) -> WebClient:
    return WebClient(token=slack_stand_in.bot_token, base_url=slack_stand_in.api_url, retry_handlers=[])


@pytest.fixture
def slack_stand_in() -> Iterator[SlackStandIn]:
    with SlackStandIn(rate_limits=False) as slack:
        yield slack


def test_it_is_asked_once(client: WebClient, slack_stand_in: SlackStandIn) -> None:
    authorize = authorization(client)
    first, again = authorize("U1"), authorize("U2")
    assert (first.bot_user_id, first.user_id, again.user_id) == (slack_stand_in.bot_user_id, "U1", "U2")
    assert first.bot_id
    assert first.bot_token == client.token
    assert len(slack_stand_in.log.calls("auth.test")) == 1


def test_it_is_asked_again_after_slack_refused(client: WebClient, slack_stand_in: SlackStandIn) -> None:
    authorize = authorization(client)
    slack_stand_in.faults.rate_limit("auth.test")
    with pytest.raises(Throttled):
        authorize("U1")
    assert authorize("U1").bot_user_id == slack_stand_in.bot_user_id


def test_an_event_that_comes_meanwhile_is_not_acknowledged(
    client: WebClient, slack_stand_in: SlackStandIn
) -> None:
    taken: list[str] = []
    app = App(
        name="t",
        client=client,
        authorize=authorization(client),
        request_verification_enabled=False,
        signing_secret="s",
        process_before_response=True,
    )
    app.event("app_mention")(lambda event: taken.append(event["text"]))
    event = {"type": "app_mention", "text": "hello", "user": "U1", "channel": "C1", "ts": "1.1"}
    body = {"type": "event_callback", "event": event, "event_id": "Ev1", "team_id": "T1"}

    def delivered() -> int:
        headers: dict[str, str | Sequence[str]] = {
            "content-type": "application/json",
            "x-slack-request-timestamp": str(int(time.time())),
        }
        return app.dispatch(BoltRequest(body=json.dumps(body), headers=headers)).status

    slack_stand_in.faults.server_error("auth.test")
    assert delivered() == 500
    assert delivered() == 200
    assert taken == ["hello"]
