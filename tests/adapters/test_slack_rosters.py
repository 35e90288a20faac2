import logging
from collections.abc import Iterator

import pytest
from redis import Redis

from bot.adapters.slack_clients import reading_client
from bot.adapters.slack_rosters import FRESH, NEAR, SlackRosters
from bot.errors import Throttled, Unavailable
from bot.rosters import Roster
from storage.keys import Keys
from storage.redis_rosters import RedisRosters
from tests.adapters.slack_server import Answer, SlackServer, error
from tests.doubles.clock import FakeClock
from tests.doubles.visibility import FakeChannelMemberships
from tests.tables import table

GROUP, CHANNEL = "S0TEAM", "C0CLOSED"
NAMED = frozenset({GROUP, CHANNEL, "C0OPEN"})


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer().running() as server:
        yield server


class Told:
    """What processes have told each other; ``broken``: the store is away."""

    def __init__(self) -> None:
        self.said: dict[str, tuple[float, Roster]] = {}
        self.broken = False

    def told(self, principal: str) -> tuple[float, Roster] | None:
        self._look()
        return self.said.get(principal)

    def tell(self, principal: str, at: float, roster: Roster) -> None:
        self._look()
        self.said[principal] = at, roster

    def forget(self, principal: str) -> None:
        self._look()
        self.said.pop(principal, None)

    def _look(self) -> None:
        if self.broken:
            raise Unavailable("The store is away.")


def rosters(
    slack: SlackServer,
    clock: FakeClock,
    told: Told | None = None,
    channels: FakeChannelMemberships | None = None,
) -> SlackRosters:
    return SlackRosters(
        reading_client("xoxb-1", slack.base_url), clock, channels or FakeChannelMemberships(), told, NAMED
    )


def users(*who: str) -> Answer:
    return Answer({"ok": True, "users": list(who)})


def test_a_group_is_asked_once_in_a_while_and_at_once_when_somebody_came_or_went(slack: SlackServer) -> None:
    clock, told = FakeClock(), Told()
    one, other = (rosters(slack, clock, told) for _ in range(2))
    slack.line_up("usergroups.users.list", users("U1"), users("U2"), users("U3"), users("U4"))
    asked = list[tuple[frozenset[str], int]]()

    def ask(from_whom: SlackRosters) -> None:
        found = from_whom.roster(GROUP)
        assert found is not None
        asked.append((found.members, len(slack.calls("usergroups.users.list"))))

    ask(one)
    ask(other)
    clock.advance(FRESH.total_seconds() - 1)
    ask(one)
    clock.advance(2)
    ask(other)
    other.forget(GROUP)
    ask(other)
    clock.advance(NEAR.total_seconds())
    ask(one)
    told.broken = True
    clock.advance(NEAR.total_seconds())
    ask(one)
    clock.step(-FRESH.total_seconds() * 3)
    ask(one)
    assert [(min(who), calls) for who, calls in asked] == [
        ("U1", 1),
        ("U1", 1),
        ("U1", 1),
        ("U2", 2),
        ("U3", 3),
        ("U3", 3),
        ("U3", 3),
        ("U4", 4),
    ], (
        "of two processes one asks; a change is known to both; a store that is away, or a clock set back, opens nothing"
    )
    assert all("include_disabled" not in call for call in slack.calls("usergroups.users.list"))


def test_what_slack_refuses_gives_nothing_and_the_operator_is_told_once(
    slack: SlackServer, caplog: pytest.LogCaptureFixture
) -> None:
    with table() as row:
        for name, words in (
            ("missing_scope", "lacks a permission"),
            ("no_such_subteam", "no such user group"),
            ("plan_upgrade_required", "has no user groups"),
            ("an_error_of_tomorrow", "refused this"),
        ):
            with row(name):
                caplog.clear()
                asked = rosters(slack, FakeClock())
                slack.always["usergroups.users.list"] = error(name)
                before = len(slack.calls("usergroups.users.list"))
                with caplog.at_level(logging.WARNING):
                    assert [asked.roster(GROUP), asked.roster(GROUP), asked.known(GROUP)] == [None] * 3
                assert len(slack.calls("usergroups.users.list")) == before + 1
                [line] = [each for each in caplog.records if GROUP in each.getMessage()]
                assert "nobody has a role by it" in line.getMessage()
                assert words in line.getMessage()


def test_a_slack_that_is_silent_is_no_answer_whatever_it_said_before(slack: SlackServer) -> None:
    with table() as row:
        for answer, kind in (
            (Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "3"}), Throttled),
            (Answer(b"<html>", 502), Unavailable),
            (Answer(drop=True), Unavailable),
        ):
            with row(kind.__name__):
                clock = FakeClock()
                asked = rosters(slack, clock)
                slack.line_up("usergroups.users.list", users("U1"), answer, answer, users("U2"))
                asked.roster(GROUP)
                clock.advance(FRESH.total_seconds() + 1)
                with pytest.raises(kind):
                    asked.roster(GROUP)
                assert asked.known(GROUP) == Roster(frozenset({"U1"})), (
                    "enough to name somebody, and for no more"
                )
                assert asked.roster(GROUP) == Roster(frozenset({"U2"}))


def test_channels(slack: SlackServer) -> None:
    places = FakeChannelMemberships()
    places.private(CHANNEL, "U1", "U2")
    places.public("C0OPEN", "U3")
    places.public("C0ELSE", "U4")
    clock = FakeClock()
    asked = rosters(slack, clock, channels=places)
    assert asked.roster(CHANNEL) == Roster(frozenset({"U1", "U2"}))
    assert asked.readers(CHANNEL) == frozenset({"U1", "U2"})
    assert asked.roster("C0OPEN") == Roster(frozenset({"U3"}), open=True)
    assert asked.readers("C0OPEN") is None
    assert places.asked["members"] == 2
    assert asked.readers("C0ELSE") is None
    assert places.asked["members"] == 2, "of a public channel that no role names nobody is listed"
    assert asked.readers("D0SOMEBODY") == frozenset(), "nobody else is in it"
    assert asked.readers("") is None
    places.leave(CHANNEL, "U2")
    clock.advance(NEAR.total_seconds())
    assert asked.roster(CHANNEL) == Roster(frozenset({"U1"}))
    places.too_many.add(CHANNEL)
    clock.advance(NEAR.total_seconds())
    assert asked.roster(CHANNEL) is None, "it is too large"
    places.gone("C0OPEN")
    assert asked.roster("C0OPEN") is None, "we do not see it any more"
    places.away = Unavailable("Slack could not be reached.")
    clock.advance(FRESH.total_seconds())
    with pytest.raises(Unavailable):
        asked.roster(CHANNEL)


@pytest.mark.redis_server
def test_what_is_kept_in_redis_is_what_was_told(redis_client: Redis, redis_keys: Keys) -> None:
    kept = RedisRosters(redis_client, redis_keys)
    assert kept.told(GROUP) is None
    kept.tell(GROUP, 1234.5, Roster(frozenset({"U1", "U2"}), open=True))
    assert kept.told(GROUP) == (1234.5, Roster(frozenset({"U1", "U2"}), open=True))
    kept.forget(GROUP)
    assert kept.told(GROUP) is None
    for odd in (
        "no such thing",
        "{}",
        '{"at": "x", "members": [], "open": 0}',
        "[]",
        '{"at": 1, "members": 3}',
    ):
        redis_client.set(redis_keys.roster(GROUP), odd)
        assert kept.told(GROUP) is None
