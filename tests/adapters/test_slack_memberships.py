from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis

from bot.adapters.slack_clients import Ourselves, reading_client
from bot.adapters.slack_memberships import FRESH, SlackMemberships, of_user
from bot.errors import Throttled, Unavailable
from bot.memberships import Membership
from storage.keys import Keys
from storage.redis_memberships import RedisMemberships
from tests.adapters.slack_server import Answer, SlackServer, error
from tests.doubles.clock import FakeClock


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer().running() as server:
        server.always["auth.test"] = Answer({"ok": True, "user_id": "UBOT", "team_id": "T1"})
        yield server


def asked_at(slack: SlackServer, clock: FakeClock) -> SlackMemberships:
    client = reading_client("xoxb-1", slack.base_url)
    return SlackMemberships(client, Ourselves(client), clock)


@pytest.mark.parametrize(
    ("person", "is_what"),
    [
        ({"team_id": "T1"}, Membership.MEMBER),
        ({"team_id": "T1", "is_restricted": True}, Membership.GUEST),
        ({"team_id": "T1", "is_restricted": True, "is_ultra_restricted": True}, Membership.GUEST),
        ({"team_id": "T2"}, Membership.PARTNER),
        ({"team_id": "T2", "is_restricted": True}, Membership.PARTNER),
        ({"team_id": "T1", "is_stranger": True}, Membership.PARTNER),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T2", "T1"]}}, Membership.MEMBER),
        (
            {"team_id": "T2", "enterprise_user": {"teams": ["T2", "T1"]}, "is_restricted": True},
            Membership.GUEST,
        ),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T2"]}}, Membership.PARTNER),
        ({"team_id": "T1", "deleted": True}, Membership.DEACTIVATED),
        ({"team_id": "T1", "is_bot": True}, Membership.BOT),
        ({"id": "USLACKBOT", "team_id": "T1", "is_bot": False}, Membership.BOT),
        ({}, Membership.UNKNOWN),
        ({"team_id": None}, Membership.UNKNOWN),
    ],
)
def test_what_a_user_object_says(person: dict[str, Any], is_what: Membership) -> None:
    assert of_user({"id": "U1", **person}, "T1") is is_what


def test_a_workspace_that_slack_does_not_name_has_no_members() -> None:
    assert of_user({"id": "U1", "team_id": ""}, "") is Membership.UNKNOWN


@pytest.mark.parametrize("name", ["user_not_found", "user_not_visible"])
def test_whom_slack_does_not_show_is_unknown(slack: SlackServer, name: str) -> None:
    slack.always["users.info"] = error(name)
    assert asked_at(slack, FakeClock()).membership("U1") is Membership.UNKNOWN


def test_nobody_is_unknown_without_a_call(slack: SlackServer) -> None:
    assert asked_at(slack, FakeClock()).membership("") is Membership.UNKNOWN
    assert slack.calls("users.info") == []


def test_it_is_asked_once_an_hour(slack: SlackServer) -> None:
    clock = FakeClock()
    people = asked_at(slack, clock)
    slack.line_up(
        "users.info",
        Answer({"ok": True, "user": {"id": "U1", "team_id": "T1"}}),
        Answer({"ok": True, "user": {"id": "U1", "team_id": "T1", "is_restricted": True}}),
    )
    seen = [people.membership("U1"), people.membership("U1")]
    clock.advance((FRESH + timedelta(seconds=1)).total_seconds())

    assert seen == [Membership.MEMBER, Membership.MEMBER]
    assert people.membership("U1") is Membership.GUEST
    assert len(slack.calls("users.info")) == 2


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "3"}), Throttled),
        (Answer(b"<html>", 502), Unavailable),
        (Answer(drop=True), Unavailable),
    ],
)
def test_a_slack_that_is_silent_is_no_answer_and_is_not_remembered(
    slack: SlackServer, answer: Answer, kind: type[Exception]
) -> None:
    people = asked_at(slack, FakeClock())
    slack.line_up("users.info", answer, Answer({"ok": True, "user": {"id": "U1", "team_id": "T1"}}))
    with pytest.raises(kind):
        people.membership("U1")
    assert people.membership("U1") is Membership.MEMBER


class Told:
    """What processes have told each other; ``broken``: the store is away."""

    def __init__(self) -> None:
        self.said: dict[str, tuple[float, str]] = {}
        self.broken = False

    def told(self, user: str) -> tuple[float, str] | None:
        self._look()
        return self.said.get(user)

    def tell(self, user: str, at: float, what: str) -> None:
        self._look()
        self.said[user] = at, what

    def _look(self) -> None:
        if self.broken:
            raise Unavailable("The store is away.")


def test_of_several_processes_one_asks_and_what_is_old_or_no_such_thing_is_asked_anew(
    slack: SlackServer,
) -> None:
    clock, told = FakeClock(), Told()
    client = reading_client("xoxb-1", slack.base_url)
    one, other, third = (SlackMemberships(client, Ourselves(client), clock, told) for _ in range(3))
    slack.always["users.info"] = Answer({"ok": True, "user": {"id": "U1", "team_id": "T1"}})
    asked = list[int]()

    def ask(people: SlackMemberships, within: timedelta = FRESH) -> None:
        assert people.membership("U1", within) is Membership.MEMBER
        asked.append(len(slack.calls("users.info")))

    ask(one)
    clock.advance(120)
    ask(other)
    ask(third, timedelta(seconds=60))
    ask(other)
    assert asked == [1, 1, 2, 2]
    for wrong in ((clock.now().timestamp(), "an admiral"), (float("inf"), "a member"), (0.0, "a member")):
        told.said["U1"] = wrong
        ask(SlackMemberships(client, Ourselves(client), clock, told))
    assert asked[4:] == [3, 4, 5]
    told.broken = True
    ask(SlackMemberships(client, Ourselves(client), clock, told))
    assert asked[-1] == 6


@pytest.mark.redis_server
def test_what_is_kept_in_redis_is_what_was_told(redis_client: Redis, redis_keys: Keys) -> None:
    kept = RedisMemberships(redis_client, redis_keys)
    assert kept.told("U1") is None
    kept.tell("U1", 1234.5, Membership.GUEST.value)
    assert kept.told("U1") == (1234.5, "a guest")
    redis_client.set(redis_keys.person("U1"), "no such thing")
    assert kept.told("U1") is None
