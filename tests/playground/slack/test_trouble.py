"""Rate limits and ordered faults."""

import threading
import time
import urllib.error
from collections.abc import Iterator
from http.client import HTTPException

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.slack import Person, SlackStandIn
from bot.playground.slack.rates import POSTING, TIER_2, RateLimits
from tests.playground.slack.support import ManualClock, client_of, error_of

pytestmark = pytest.mark.chaos

CHANNEL = "C0CLAIMSAI"


@pytest.fixture
def limited(clock: ManualClock) -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=clock) as slack:
        yield slack


def refusal_of(client: WebClient, text: str = "x") -> tuple[int, str, str]:
    with pytest.raises(SlackApiError) as refusal:
        client.chat_postMessage(channel=CHANNEL, text=text)
    response = refusal.value.response
    return response.status_code, response["error"], response.headers["Retry-After"]


def test_about_one_message_a_second_with_a_short_burst(limited: SlackStandIn, clock: ManualClock) -> None:
    client = client_of(limited)
    for _ in range(10):
        client.chat_postMessage(channel=CHANNEL, text="x")
    assert refusal_of(client) == (429, "ratelimited", "10")
    client.chat_postMessage(channel="C0FINANCE1", text="another channel")
    clock.advance(10)
    client.chat_postMessage(channel=CHANNEL, text="x")


def test_twenty_a_minute_in_tier_two(clock: ManualClock) -> None:
    rates = RateLimits(clock.monotonic, enabled=True)
    for _ in range(20):
        assert rates.take("chat.startStream", TIER_2) is None
        clock.advance(1)
    assert rates.take("chat.startStream", TIER_2) == 40
    assert rates.take("chat.stopStream", TIER_2) is None
    clock.advance(40)
    assert rates.take("chat.startStream", TIER_2) is None
    assert rates.take("chat.startStream", TIER_2) == 1


def test_sixty_messages_a_minute_at_most(clock: ManualClock) -> None:
    rates = RateLimits(clock.monotonic, enabled=True)
    taken = 0
    for _ in range(600):
        taken += rates.take("chat.postMessage", POSTING, "C1") is None
        clock.advance(0.1)
    assert 59 <= taken <= 70


def test_rate_limits_can_be_switched_off_and_forgotten(limited: SlackStandIn) -> None:
    client = client_of(limited)
    for _ in range(10):
        client.chat_postMessage(channel=CHANNEL, text="x")
    limited.rates.forget()
    client.chat_postMessage(channel=CHANNEL, text="x")
    limited.rates.enabled = False
    for _ in range(20):
        client.chat_postMessage(channel=CHANNEL, text="x")


def test_an_ordered_429(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    slack.faults.rate_limit("chat.postMessage", times=2, retry_after=7)
    assert refusal_of(client) == (429, "ratelimited", "7")
    assert client.auth_test()["ok"]
    assert refusal_of(client) == (429, "ratelimited", "7")
    client.chat_postMessage(channel=CHANNEL, text="at last")
    assert [m["text"] for m in trainer.sees("claims-ai")] == ["at last"]
    assert [call["ok"] for call in slack.log.calls("chat.postMessage")] == [False, False, True]


def test_a_reply_lost_after_the_effect(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    slack.faults.drop_after("chat.postMessage")
    with pytest.raises((OSError, HTTPException, urllib.error.URLError)):
        client.chat_postMessage(channel=CHANNEL, text="done")
    assert [m["text"] for m in trainer.sees("claims-ai")] == ["done"]


def test_a_call_lost_before_the_effect(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    slack.faults.drop_before("chat.postMessage")
    with pytest.raises((OSError, HTTPException, urllib.error.URLError)):
        client.chat_postMessage(channel=CHANNEL, text="never")
    assert trainer.sees("claims-ai") == []


def test_the_sdks_own_retry_posts_twice(slack: SlackStandIn, trainer: Person) -> None:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    slack.faults.drop_after("chat.postMessage")
    client.chat_postMessage(channel=CHANNEL, text="done")
    assert [m["text"] for m in trainer.sees("claims-ai")] == ["done", "done"]


def test_an_html_page_instead_of_an_answer(slack: SlackStandIn, client: WebClient) -> None:
    slack.faults.server_error("auth.test")
    with pytest.raises(SlackApiError) as refusal:
        client.auth_test()
    assert refusal.value.response.status_code == 500
    assert "non-JSON" in refusal.value.response["error"]


def test_any_of_slacks_errors(slack: SlackStandIn, client: WebClient) -> None:
    slack.faults.error("*", "fatal_error", times=2)
    assert error_of(client.auth_test) == "fatal_error"
    assert error_of(client.users_info, user="U0TRAINER1") == "fatal_error"
    assert client.auth_test()["ok"]


def test_a_call_held_at_the_door(slack: SlackStandIn, client: WebClient, trainer: Person) -> None:
    hold = slack.faults.hold("chat.postMessage")
    posting = threading.Thread(target=lambda: client.chat_postMessage(channel=CHANNEL, text="late"))
    posting.start()
    hold.wait_until_reached()
    assert trainer.sees("claims-ai") == []
    hold.release()
    posting.join(timeout=5)
    assert [m["text"] for m in trainer.sees("claims-ai")] == ["late"]


def test_a_delay(slack: SlackStandIn, client: WebClient) -> None:
    slack.faults.delay("auth.test", 0.05)
    started = time.monotonic()
    assert client.auth_test()["ok"]
    assert time.monotonic() - started >= 0.05


def test_orders_can_be_taken_back(slack: SlackStandIn, client: WebClient) -> None:
    slack.faults.error("auth.test", "fatal_error")
    slack.faults.redirect_downloads = "same"
    slack.faults.clear()
    assert client.auth_test()["ok"]
    assert slack.faults.redirect_downloads is None
