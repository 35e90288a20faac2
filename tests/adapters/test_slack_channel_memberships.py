"""Who is where, as Slack says it, and how long that is believed."""

import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.access import Membership
from bot.adapters.slack_channel_memberships import REMEMBERED, SlackChannelMemberships
from bot.adapters.slack_clients import Ourselves
from bot.adapters.slack_errors import DEFAULT_RETRY_AFTER
from bot.adapters.slack_memberships import SlackMemberships
from bot.errors import Misconfigured, Throttled, Unavailable
from bot.visibility import Place, Standing
from tests.doubles.clock import FakeClock

CHANNEL = {"id": "C1", "name": "claims-ai", "is_private": False, "is_member": True}
PRIVATE = {"id": "C2", "name": "payroll", "is_private": True}


class Slack(WebClient):
    """Answers by method: a body, an error's name, or an exception; every call is kept."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-test")
        self.made: list[tuple[str, Mapping[str, Any]]] = []
        self.answers: dict[str, Any] = {
            "conversations.info": {"channel": CHANNEL},
            "auth.test": {"user_id": "UBOT", "team_id": "T1"},
            "users.info": {"user": {"id": "U1", "team_id": "T1"}},
            "users.conversations": {"channels": [CHANNEL, PRIVATE]},
        }

    def api_call(self, api_method: str, **kwargs: Any) -> SlackResponse:
        params = kwargs.get("params") or {}
        if api_method != "auth.test":
            self.made.append((api_method, params))
        answer = self.answers[api_method]
        if callable(answer):
            answer = answer(params)
        if isinstance(answer, Exception):
            raise answer
        data = {"ok": False, "error": answer} if isinstance(answer, str) else {"ok": True, **answer}
        response = SlackResponse(
            client=self, http_verb="GET", api_url="x", req_args={}, data=data, headers={}, status_code=200
        )
        if isinstance(answer, str):
            raise SlackApiError(answer, response)  # type: ignore[no-untyped-call]
        return response


@pytest.fixture
def slack() -> Slack:
    return Slack()


def test_what_a_person_is_in_is_asked_in_one_call_and_remembered_for_a_minute(slack: Slack) -> None:
    clock = FakeClock()
    memberships = SlackChannelMemberships(slack, Ourselves(slack), clock)
    expected = Standing(True, {"C1": "claims-ai", "C2": "payroll"})
    assert memberships.standing("U1") == memberships.standing("U1") == expected
    assert [method for method, _ in slack.made] == ["users.info", "users.conversations"]
    assert slack.made[1][1] == {
        "user": "U1",
        "types": "public_channel,private_channel,mpim",
        "limit": 999,
    }
    slack.answers["users.conversations"] = {"channels": []}
    clock.advance(REMEMBERED + 1)
    assert memberships.standing("U1") == Standing(True, {})


def test_all_pages_are_read(slack: Slack) -> None:
    def page(arguments: Mapping[str, Any]) -> dict[str, Any]:
        if "cursor" in arguments:
            return {"channels": [PRIVATE], "response_metadata": {"next_cursor": ""}}
        return {"channels": [CHANNEL], "response_metadata": {"next_cursor": "n"}}

    slack.answers["users.conversations"] = page
    assert set(
        SlackChannelMemberships(slack, Ourselves(slack), FakeClock()).standing("U1").conversations
    ) == {"C1", "C2"}


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted", "is_stranger", "deleted"])
def test_guests_partners_and_those_who_left_are_no_full_members(slack: Slack, flag: str) -> None:
    slack.answers["users.info"] = {"user": {"id": "U1", "team_id": "T1", flag: True}}
    assert not SlackChannelMemberships(slack, Ourselves(slack), FakeClock()).standing("U1").full


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"is_private": False, "is_channel": True, "is_member": True}, Place(public=True)),
        ({"is_private": False, "is_channel": True, "is_member": False}, Place(public=True, joined=False)),
        ({"is_private": True}, Place(public=False)),
        ({"is_im": True, "user": "U1"}, Place(public=False, person="U1")),
        ({"is_mpim": True}, Place(public=False)),
        ({"is_group": True}, Place(public=False)),
        (
            {"is_private": False, "is_ext_shared": True, "is_member": True},
            Place(public=True, foreign=True),
        ),
        ({}, Place(public=False, joined=False)),
    ],
)
def test_what_a_conversation_is(slack: Slack, said: dict[str, Any], place: Place) -> None:
    slack.answers["conversations.info"] = {"channel": said}
    assert SlackChannelMemberships(slack, Ourselves(slack), FakeClock()).place("C1") == place


def test_of_what_we_do_not_see_nobody_is_known_to_be_in(slack: Slack) -> None:
    slack.answers |= {"conversations.info": "channel_not_found", "users.info": "user_not_found"}
    memberships = SlackChannelMemberships(slack, Ourselves(slack), FakeClock())
    assert memberships.place("C9") is None
    assert memberships.standing("U9") == Standing(False, {})


@pytest.mark.parametrize(
    ("answer", "error"), [(OSError("no route"), Unavailable), ("missing_scope", Misconfigured)]
)
def test_no_answer_is_no_answer_and_is_not_remembered(
    slack: Slack, answer: Any, error: type[Exception]
) -> None:
    before = slack.answers["users.conversations"]
    slack.answers["users.conversations"] = answer
    memberships = SlackChannelMemberships(slack, Ourselves(slack), FakeClock())
    with pytest.raises(error):
        memberships.standing("U1")
    slack.answers["users.conversations"] = before
    assert memberships.standing("U1").full


def test_of_those_who_ask_the_same_at_once_one_asks_slack(slack: Slack) -> None:
    clock, begun, may_answer = FakeClock(), threading.Event(), threading.Event()
    people = SlackMemberships(slack, Ourselves(slack), clock)
    memberships = SlackChannelMemberships(slack, Ourselves(slack), clock, people)

    def slowly(_: object) -> dict[str, Any]:
        begun.set()
        assert may_answer.wait(20)
        return {"user": {"id": "U1", "team_id": "T1"}}

    slack.answers["users.info"] = slowly
    with ThreadPoolExecutor(4) as pool:
        asked: list[Future[object]] = [pool.submit(memberships.standing, "U1")]
        assert begun.wait(20)
        asked += [pool.submit(memberships.standing, "U1"), pool.submit(people.membership, "U1")]
        may_answer.set()
        for each in asked:
            each.result(20)
    assert sorted(method for method, _ in slack.made) == ["users.conversations", "users.info"]
    clock.advance(REMEMBERED + 1)
    assert people.membership("U1") is Membership.MEMBER
    assert len(slack.made) == 2
    assert memberships.standing("U1").full
    assert [method for method, _ in slack.made[2:]] == ["users.info", "users.conversations"]


def test_while_slack_wants_no_such_question_none_is_asked(slack: Slack) -> None:
    clock = FakeClock()
    memberships = SlackChannelMemberships(slack, Ourselves(slack), clock)
    before = slack.answers["users.conversations"]
    slack.answers["users.conversations"] = "ratelimited"
    for user in ("U1", "U1", "U2"):
        with pytest.raises(Throttled):
            memberships.standing(user)
    assert [method for method, _ in slack.made].count("users.conversations") == 1
    slack.answers["users.conversations"] = before
    clock.advance(DEFAULT_RETRY_AFTER)
    assert memberships.standing("U2").full
