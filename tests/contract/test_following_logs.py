"""Observations, the inbound log and heartbeats: the contracts, held against twins and a real server."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from redis import Redis

from bot.controller.model import Document
from bot.controller.ports import Heartbeats, Inbox
from bot.jobs.ports import Observations, Together
from storage.keys import Keys
from storage.redis_inbox import RedisHeartbeats, RedisInbox
from storage.redis_observations import RedisObservations
from storage.redis_together import RedisTogether
from tests.doubles.clock import FakeClock
from tests.doubles.following_logs import (
    InMemoryHeartbeats,
    InMemoryInbox,
    InMemoryObservations,
    InMemoryTogether,
)
from tests.fixtures.redis import rewind


@dataclass
class Logs:
    observations: Observations
    inbound: Inbox
    heartbeats: Heartbeats
    together: Together
    wait: Callable[[float], None]


@pytest.fixture(params=["twin", pytest.param("redis", marks=pytest.mark.redis_server)])
def logs(request: pytest.FixtureRequest) -> Logs:
    if request.param == "twin":
        clock = FakeClock()
        inbox, beats = InMemoryInbox(clock), InMemoryHeartbeats(clock)
        return Logs(InMemoryObservations(), inbox, beats, InMemoryTogether(), clock.advance)
    client: Redis = request.getfixturevalue("redis_client")
    keys: Keys = request.getfixturevalue("redis_keys")

    def wait(seconds: float) -> None:
        rewind(client, keys, seconds)

    return Logs(
        RedisObservations(client, keys),
        RedisInbox(client, keys),
        RedisHeartbeats(client, keys),
        RedisTogether(client, keys),
        wait,
    )


def test_who_comes_under_a_word_keeps_its_place(logs: Logs) -> None:
    together = logs.together
    places = [together.join("C1:U1:9", each) for each in ("b", "a", "b", "c")]
    assert places == [0, 1, 0, 2]
    assert together.join("C1:U2:9", "c") == 0
    assert together.members("C1:U1:9") == ["b", "a", "c"]
    assert together.members("C2:U1:9") == []


def test_an_observation_that_is_kept_is_no_news(logs: Logs) -> None:
    seen = logs.observations
    first: dict[str, Document] = {"a": {"status": "InProgress", "n": 1}, "b": {"status": "InProgress"}}
    assert sorted(seen.changed("us-west-2", first)) == ["a", "b"]
    assert sorted(seen.changed("us-west-2", first)) == ["a", "b"], "asking keeps nothing"
    seen.put("us-west-2", first)
    assert seen.changed("us-west-2", {"a": {"n": 1, "status": "InProgress"}, "b": first["b"]}) == []
    ended: dict[str, Document] = {"a": first["a"], "b": {"status": "Completed"}}
    assert seen.changed("us-west-2", ended) == ["b"]
    seen.put("us-west-2", {"b": ended["b"]})
    assert seen.changed("us-west-2", ended) == []
    assert seen.get("us-west-2", "b", "a") == [ended["b"], ended["a"]]


def test_what_left_the_listing_is_still_known(logs: Logs) -> None:
    logs.observations.put("us-west-2", {"a": {"status": "InProgress"}})
    logs.observations.put("us-west-2", {})
    assert logs.observations.changed("us-west-2", {}) == []
    assert logs.observations.get("us-west-2", "a") == [{"status": "InProgress"}]


def test_regions_and_names_are_apart(logs: Logs) -> None:
    logs.observations.put("us-west-2", {"a": {"n": 1}})
    assert logs.observations.get("us-east-1", "a") == [None]
    assert logs.observations.get("us-west-2", "b", "a") == [None, {"n": 1}]
    assert logs.observations.changed("us-east-1", {"a": {"n": 1}}) == ["a"]


def test_a_delivery_is_new_once(logs: Logs) -> None:
    assert not logs.inbound.has("Ev1")
    assert logs.inbound.first_time("Ev1")
    assert logs.inbound.has("Ev1")
    assert not logs.inbound.first_time("Ev1")
    assert logs.inbound.first_time("Ev2")


def test_a_delivery_is_new_again_once_it_was_taken_back(logs: Logs) -> None:
    logs.inbound.first_time("Ev1")
    logs.inbound.forget("Ev1")
    logs.inbound.forget("never seen")
    assert logs.inbound.first_time("Ev1")


def test_a_delivery_is_remembered_for_a_day(logs: Logs) -> None:
    logs.inbound.first_time("Ev1")
    logs.wait(86_300)
    assert not logs.inbound.first_time("Ev1")
    logs.wait(200)
    assert logs.inbound.first_time("Ev1")


def test_processes_say_that_they_live(logs: Logs) -> None:
    assert logs.heartbeats.last() == {}
    logs.heartbeats.beat("a:1")
    logs.heartbeats.beat("b:2")
    logs.heartbeats.beat("a:1")
    assert logs.heartbeats.last() == {"a:1": pytest.approx(0, abs=5), "b:2": pytest.approx(0, abs=5)}


@pytest.mark.redis_server
def test_a_process_that_ended_is_not_at_work_for_as_long_as_the_clock_was_set_back(
    redis_client: Redis, redis_keys: Keys
) -> None:
    beats = RedisHeartbeats(redis_client, redis_keys)
    beats.beat("gone")
    redis_client.zincrby(redis_keys.heartbeats, 1800, "gone")
    assert beats.last() == {}
    beats.beat("here")
    redis_client.zincrby(redis_keys.heartbeats, -1800, "here")
    assert list(beats.last()) == ["here"], (
        "once the clock is there again, it is not taken for one that just said so"
    )
