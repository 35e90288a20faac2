"""Who is where, as Slack says it, and how long that is believed."""

import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from redis import Redis
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.adapters.slack_channel_memberships import (
    CHECKED,
    MEMBERS_PAGES,
    REMEMBERED,
    SlackChannelMemberships,
)
from bot.adapters.slack_clients import Ourselves
from bot.adapters.slack_errors import DEFAULT_RETRY_AFTER
from bot.adapters.slack_memberships import SlackMemberships
from bot.errors import Misconfigured, Throttled, Unavailable
from bot.memberships import Membership
from bot.visibility import Place
from storage.keys import Keys
from storage.redis_memberships import RedisMembers
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
            "conversations.members": {"members": ["UBOT", "U1"]},
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
    expected = {"C1": "claims-ai", "C2": "payroll"}
    assert memberships.conversations("U1") == memberships.conversations("U1") == expected
    [(method, arguments)] = slack.made
    assert method == "users.conversations"
    assert arguments == {
        "user": "U1",
        "types": "public_channel,private_channel,mpim",
        "limit": 999,
    }
    slack.answers["users.conversations"] = {"channels": []}
    clock.advance(REMEMBERED + 1)
    assert memberships.conversations("U1") == {}


def test_all_pages_are_read(slack: Slack) -> None:
    def page(arguments: Mapping[str, Any]) -> dict[str, Any]:
        if "cursor" in arguments:
            return {"channels": [PRIVATE], "response_metadata": {"next_cursor": ""}}
        return {"channels": [CHANNEL], "response_metadata": {"next_cursor": "n"}}

    slack.answers["users.conversations"] = page
    memberships = SlackChannelMemberships(slack, Ourselves(slack), FakeClock())
    assert set(memberships.conversations("U1")) == {"C1", "C2"}


@pytest.mark.parametrize("flag", ["is_restricted", "is_ultra_restricted", "is_stranger", "deleted"])
def test_guests_partners_and_those_who_left_are_no_full_members(slack: Slack, flag: str) -> None:
    slack.answers["users.info"] = {"user": {"id": "U1", "team_id": "T1", flag: True}}
    assert not SlackChannelMemberships(slack, Ourselves(slack), FakeClock()).is_full("U1")


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
        ({"is_private": False, "is_org_shared": True, "is_member": True}, Place(public=True, foreign=True)),
        ({}, Place(public=False, joined=False)),
    ],
)
def test_what_a_conversation_is(slack: Slack, said: dict[str, Any], place: Place) -> None:
    slack.answers["conversations.info"] = {"channel": said}
    assert SlackChannelMemberships(slack, Ourselves(slack), FakeClock()).place("C1") == place


def test_of_what_we_do_not_see_nobody_is_known_to_be_in(slack: Slack) -> None:
    slack.answers |= {"conversations.info": "channel_not_found", "users.info": "user_not_found"}
    slack.answers |= {"users.conversations": "user_not_found", "conversations.members": "channel_not_found"}
    memberships = SlackChannelMemberships(slack, Ourselves(slack), FakeClock())
    assert memberships.place("C9") is None
    assert (memberships.is_full("U9"), memberships.conversations("U9")) == (False, {})
    assert memberships.members("C9", ask=True) is None


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
        memberships.conversations("U1")
    slack.answers["users.conversations"] = before
    assert memberships.conversations("U1")


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
        asked: list[Future[object]] = [pool.submit(memberships.is_full, "U1")]
        assert begun.wait(20)
        asked += [pool.submit(memberships.is_full, "U1"), pool.submit(people.membership, "U1")]
        may_answer.set()
        for each in asked:
            each.result(20)
    assert [method for method, _ in slack.made] == ["users.info"]
    clock.advance(REMEMBERED + 1)
    assert people.membership("U1") is Membership.MEMBER
    assert len(slack.made) == 1
    assert memberships.is_full("U1")
    assert [method for method, _ in slack.made[1:]] == ["users.info"]


def test_while_slack_wants_no_such_question_none_is_asked(slack: Slack) -> None:
    clock = FakeClock()
    memberships = SlackChannelMemberships(slack, Ourselves(slack), clock)
    before = slack.answers["users.conversations"]
    slack.answers["users.conversations"] = "ratelimited"
    for user in ("U1", "U1", "U2"):
        with pytest.raises(Throttled):
            memberships.conversations(user)
    assert [method for method, _ in slack.made].count("users.conversations") == 1
    slack.answers["users.conversations"] = before
    clock.advance(DEFAULT_RETRY_AFTER)
    assert memberships.conversations("U2")


# Who is in a channel, for everybody at once


@pytest.fixture
def told(redis_client: Redis, redis_keys: Keys) -> RedisMembers:
    return RedisMembers(redis_client, redis_keys)


def test_who_is_in_a_channel_is_asked_once_a_minute_for_everybody_in_all_processes(
    slack: Slack, told: RedisMembers
) -> None:
    clock = FakeClock()
    first, second = (SlackChannelMemberships(slack, Ourselves(slack), clock, others=told) for _ in range(2))
    assert second.members("C2", ask=False) is None, "nothing is known, and Slack is not asked"
    for _ in range(62):
        assert first.members("C2", ask=True) == {"UBOT", "U1"}
    assert second.members("C2", ask=False) == {"UBOT", "U1"}
    assert slack.made == [("conversations.members", {"channel": "C2", "limit": 1000})]
    clock.advance(REMEMBERED + 1)
    slack.answers["conversations.members"] = {"members": ["UBOT"]}
    assert first.members("C2", ask=False) is None, (
        "a minute is as long as it is believed, even where Redis keeps it"
    )
    assert first.members("C2", ask=True) == {"UBOT"}


def test_who_leaves_is_out_at_once_here_and_in_seconds_elsewhere(slack: Slack, told: RedisMembers) -> None:
    clock = FakeClock()
    first, second = (SlackChannelMemberships(slack, Ourselves(slack), clock, others=told) for _ in range(2))
    assert first.members("C2", ask=True) == second.members("C2", ask=True) == {"UBOT", "U1"}
    assert first.conversations("U1")
    slack.answers |= {"conversations.members": {"members": ["UBOT"]}, "users.conversations": {"channels": []}}
    first.changed("C2", "U1")
    assert first.members("C2", ask=False) is None
    assert first.conversations("U1") == {}
    clock.advance(CHECKED)
    assert second.members("C2", ask=True) == {"UBOT"}


def test_what_was_asked_before_somebody_left_is_not_kept(slack: Slack, told: RedisMembers) -> None:
    clock = FakeClock()
    memberships = SlackChannelMemberships(slack, Ourselves(slack), clock, others=told)

    def meanwhile(_: object) -> dict[str, Any]:
        told.forget("C2")  # another process heard that they left
        return {"members": ["UBOT", "U1"]}

    slack.answers["conversations.members"] = meanwhile
    assert memberships.members("C2", ask=True) == {"UBOT", "U1"}
    slack.answers["conversations.members"] = {"members": ["UBOT"]}
    clock.advance(CHECKED)
    assert memberships.members("C2", ask=True) == {"UBOT"}


def test_who_asks_while_a_change_is_noted_believes_nothing_old_afterwards(
    slack: Slack, told: RedisMembers, monkeypatch: pytest.MonkeyPatch
) -> None:
    memberships = SlackChannelMemberships(slack, Ourselves(slack), FakeClock(), others=told)
    assert memberships.members("C2", ask=True) == {"UBOT", "U1"}
    slack.answers["conversations.members"] = {"members": ["UBOT"]}
    forget = told.forget

    def meanwhile(channel: str) -> None:
        assert memberships.members(channel, ask=False) == {"UBOT", "U1"}  # in another thread, a moment before
        forget(channel)

    monkeypatch.setattr(told, "forget", meanwhile)
    memberships.changed("C2", "U1")
    assert memberships.members("C2", ask=True) == {"UBOT"}


def test_a_crowd_is_asked_for_by_person_and_so_is_what_slack_refuses_for_now(slack: Slack) -> None:
    clock = FakeClock()
    memberships = SlackChannelMemberships(slack, Ourselves(slack), clock)
    slack.answers["conversations.members"] = {"members": ["U1"], "response_metadata": {"next_cursor": "n"}}
    for _ in range(2):
        assert memberships.members("C1", ask=True) is None
    assert len(slack.made) == MEMBERS_PAGES, "and not again for a while"
    slack.answers["conversations.members"] = "ratelimited"
    for _ in range(2):
        assert memberships.members("C2", ask=True) is None
    assert len(slack.made) == MEMBERS_PAGES + 1
    slack.answers["conversations.members"] = OSError("no route")
    clock.advance(DEFAULT_RETRY_AFTER)
    with pytest.raises(Unavailable):
        memberships.members("C2", ask=True)


class Silent(RedisMembers):
    """A store that does not answer."""

    def told(self, channel: str) -> tuple[str, float, frozenset[str]]:
        raise Unavailable("Redis does not answer.")

    def tell(self, channel: str, edition: str, at: float, members: object) -> None:
        raise Unavailable("Redis does not answer.")


def test_what_the_store_cannot_say_is_asked_anew(
    slack: Slack, told: RedisMembers, redis_client: Redis, redis_keys: Keys
) -> None:
    clock = FakeClock()
    redis_client.set(redis_keys.members("C2"), "no JSON")
    unread = SlackChannelMemberships(slack, Ourselves(slack), clock, others=told)
    memberships = SlackChannelMemberships(slack, Ourselves(slack), clock, others=Silent(redis_client))
    for each in (unread, memberships):
        assert each.members("C2", ask=True) == {"UBOT", "U1"}
    clock.advance(CHECKED)
    slack.answers["conversations.members"] = {"members": ["UBOT"]}
    assert memberships.members("C2", ask=True) == {"UBOT"}, "nobody can say that they did not leave meanwhile"
