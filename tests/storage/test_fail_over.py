"""A real server that comes back without its last writes: what it says of itself, and what becomes of a card."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.controller.context import Context
from bot.controller.model import Key, Message, Registration, RequeueAfter
from bot.controller.outbox.messages import Outbox
from bot.controller.schema import Schema
from bot.playground.redis_server import PrivateRedis
from storage.clients import worker
from storage.keys import Keys
from storage.redis_resources import ERA_FRESH, RedisResources
from tests.doubles.clock import START, FakeClock
from tests.doubles.messages import FakeSlackMessages

pytestmark = [pytest.mark.slow, pytest.mark.redis_server]
JOB = Key("job", "a1b2")
OPEN, APPROVED = Message("Approve?"), Message("Approved by Amir")


class House:
    """A store on a server of its own, whose files can be put back to what they were."""

    def __init__(self, folder: Path) -> None:
        self.server = PrivateRedis(folder / "redis")
        self._copy = folder / "replica"
        self.clock = FakeClock()
        self.slack = FakeSlackMessages(self.clock)
        self.outbox = Outbox(self.slack, self.clock)
        self.resources = RedisResources(worker(self.server.start()), Keys("fail-over"), self.clock)

    def replicate(self) -> None:
        """Keep what the server has written by now, as a replica that then falls behind."""
        shutil.copytree(self.server.data_dir, self._copy)

    def fail_over(self) -> None:
        """Kill the server and bring back the replica."""
        self.server.kill()
        for old in self.server.data_dir.glob("appendonlydir"):
            shutil.rmtree(old)
            shutil.copytree(self._copy / old.name, old)
        self.server.start()
        self.clock.advance(ERA_FRESH + 1)

    def turn(self, shown: Message) -> None:
        [claim] = self.resources.claim(1, {"job": 30})
        context = Context(self.resources, claim, self.clock, Schema(claim.resource.key.kind, dict, dict))
        self.outbox.post_once(context, "card", OPEN, channel="C1", since=START)
        self.outbox.show(context, "card", shown)
        context.finish(RequeueAfter(0))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.server.stop()


def test_the_era_lasts_as_long_as_the_server_runs(house: House) -> None:
    before = house.resources.era()
    house.clock.advance(ERA_FRESH + 1)
    assert before == house.resources.era() != ""
    house.replicate()
    house.fail_over()
    assert house.resources.era() != before


def test_a_server_that_was_a_replica_meanwhile_has_another_era(house: House) -> None:
    """It runs on under its own run ID, and may have another server's data since."""
    before = house.resources.era()
    with worker(house.server.url) as client:
        run_id = client.info("server")["run_id"]
        client.replicaof("127.0.0.1", "1")
        client.replicaof("NO", "ONE")
        assert client.info("server")["run_id"] == run_id
    assert house.resources.era(at_once=True) != before


def test_a_card_whose_last_edit_was_forgotten_ends_with_the_newest_text(house: House) -> None:
    house.resources.register(Registration(JOB, {"v": 1}))
    house.turn(OPEN)
    house.replicate()
    house.turn(APPROVED)
    assert house.slack.visible()[0].message == APPROVED
    house.fail_over()

    house.turn(OPEN)  # the press was forgotten with the edit

    [card] = house.slack.visible()
    assert card.message == OPEN
    assert len(house.slack.everything_posted) == 1
