"""What every scenario is held to at its end really sees what it should."""

import logging

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.slack import SlackStandIn
from tests.scenarios.doors import payloads_that_slack_refused, tracebacks


def test_a_message_and_a_form_that_slack_would_not_take_are_seen() -> None:
    with SlackStandIn() as slack:
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        client.chat_postMessage(channel=slack.channel_id("claims-ai"), text="a good one")
        assert payloads_that_slack_refused(slack) == []

        with pytest.raises(SlackApiError):
            client.chat_postMessage(
                channel=slack.channel_id("claims-ai"), text="no", blocks=[{"type": "section"}]
            )
        with pytest.raises(SlackApiError):
            client.views_publish(
                user_id="U0TRAINER1", view={"type": "home", "blocks": [{"type": "nonsense"}]}
            )

        assert len(payloads_that_slack_refused(slack)) == 2


def test_a_traceback_in_the_log_is_seen(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("anything")
    log.warning("a line")
    assert tracebacks(caplog.records) == []
    try:
        raise ValueError("defect")
    except ValueError:
        log.exception("it failed")
    assert len(tracebacks(caplog.records)) == 1
