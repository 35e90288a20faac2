"""The stores on a real Redis Cluster of three nodes, through a slot that moves and an owner that is killed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot.controller.model import Claim, Done, Key, Registration
from bot.errors import TunesmithError, Unavailable
from storage.checks import check
from storage.clients import interactive, worker
from storage.keys import Keys
from storage.redis_resources import RedisResources
from storage.stores import Stores
from tests.doubles.clock import FakeClock
from tests.fixtures.redis_cluster import Cluster, redis_cluster, until

pytestmark = [pytest.mark.redis_server, pytest.mark.slow, pytest.mark.timeout(120)]

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with redis_cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """One whose nodes may be killed."""
    with redis_cluster(tmp_path / "cluster") as made:
        yield made


def keys_on(cluster: Cluster, number: int) -> Keys:
    """Return keys of a bot that lie on that node."""
    for each in range(200):
        keys = Keys(f"bot{each}")
        if cluster.owner(keys.kinds) is cluster.nodes[number]:
            return keys
    raise AssertionError("no prefix falls there")


def test_a_client_is_made_while_nobody_is_there_and_says_kindly_that_nobody_is() -> None:
    keys = Keys("bot")
    with interactive(NOBODY, keys.kinds) as client:
        stores = Stores.on(client, keys)
        [found] = check(client, keys)
        assert (found.name, found.ok) == ("reachable", False)
        assert "nothing listens" in found.sentence
        with pytest.raises(Unavailable):
            stores.resources.register(Registration(Key("job", "j1"), {}))


def test_a_server_that_is_no_cluster_is_told_and_the_other_way_round(
    redis_url: str, cluster: Cluster
) -> None:
    keys = keys_on(cluster, 0)
    with interactive(redis_url, keys.kinds) as client:
        [found] = check(client, keys)
        assert not found.ok
        assert "it is one server and no cluster" in found.sentence
    with interactive(cluster.url) as client:
        [form] = [each for each in check(client, keys) if not each.ok]
        assert (form.name, form.required, form.mend) == ("form", True, "Set TUNESMITH_REDIS_FORM=cluster.")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_everything_is_asked_of_the_node_that_has_the_keys(cluster: Cluster, number: int) -> None:
    keys, owner = keys_on(cluster, number), cluster.nodes[number]
    with worker(cluster.url, cluster=keys.kinds) as client:
        stores = Stores.on(client, keys)
        assert [each.name for each in check(client, keys) if not each.ok] == []
        told: dict[str, Any] = dict(owner.client.info())
        assert stores.resources.era() == f"{told['run_id']}:{told['master_replid']}"
        before = calls(owner.client, "time")
        stores.resources.now()
        assert calls(owner.client, "time") == before + 1
        stores.resources.register(Registration(Key("job", "j1"), {"v": 1}))
        [claim] = stores.resources.claim(10, {"job": 30.0})
        assert stores.resources.commit(claim, {"done": True}, Done()).resource.done
        stores.heartbeats.beat("one")
        assert set(stores.heartbeats.last()) == {"one"}
        assert stores.inbound.first_time("x")
        assert not stores.inbound.first_time("x")
        assert stores.ledger.entries("2026-11") == []


def calls(client: Redis, command: str) -> int:
    found: Any = client.info("commandstats").get(f"cmdstat_{command}", {})
    return int(found.get("calls", 0))


def finish(resources: RedisResources, taken: list[Claim]) -> None:
    for claim in taken:
        resources.commit(claim, {"done": True}, Done())


def test_a_slot_that_moves_and_an_owner_that_is_killed_lose_nothing(own_cluster: Cluster) -> None:
    cluster = own_cluster
    keys = keys_on(cluster, 1)
    things = 60
    with worker(cluster.url, cluster=keys.kinds) as client:
        resources = RedisResources(client, keys, FakeClock())
        for number in range(things):
            resources.register(Registration(Key("job", f"j{number}"), {"v": 1}))
        first = resources.claim(20, {"job": 60.0})
        cluster.move(keys.kinds, cluster.nodes[2])
        assert cluster.owner(keys.kinds) is cluster.nodes[2]
        finish(resources, first)  # claimed at the old owner, committed at the new one
        second = resources.claim(20, {"job": 60.0})
        assert len(first) == len(second) == 20

        era, owner = resources.era(at_once=True), cluster.nodes[2]
        cluster.replicate(owner)
        assert owner.ask("WAIT", 1, 5000) >= 1
        cluster.nodes.remove(owner)
        owner.kill()
        refused: list[TunesmithError] = []

        def committed() -> bool:
            try:
                finish(resources, second)
            except TunesmithError as away:
                refused.append(away)
                return False
            return True

        until(committed, "the replica to take over")
        assert refused, "while nobody has the slot that is told as ours"
        assert resources.era(at_once=True) != era, "another server answers, which may lack the last second"
        finish(resources, resources.claim(100, {"job": 60.0}))
        done = [each for each in resources.of_kind("job") if each.done]
        assert len(done) == things
