"""A bot that may do nothing at AWS but take a role, from a file to an answer."""

import json
from dataclasses import replace

import pytest
from moto.iam.models import iam_backends

from bot.adapters.iam_policies import Account, bot_policy, bot_trust
from bot.playground.bedrock import BedrockStandIn
from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import CHANNEL

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

HOME = Account(caller_arn="arn:aws:iam::123456789012:user/playground", external_id="northwind")


def test_from_a_file_to_an_answer(open_house: OpenHouse, bedrock: BedrockStandIn) -> None:
    """With the very policies that `tunesmith iam` prints."""
    iam = iam_backends[bedrock.account]["aws"]
    iam.create_role("tunesmith-bot", json.dumps(bot_trust(HOME)), "/", None, "", [], "3600")
    account = replace(
        HOME,
        regions=tuple(bedrock.buckets),
        buckets=tuple(bedrock.buckets.values()),
        role_arn=bedrock.role_arn,
    )
    iam.put_role_policy("tunesmith-bot", "bot", json.dumps(bot_policy(account)))
    house = open_house(
        TUNESMITH_ASSUME_ROLE=HOME.bot,
        TUNESMITH_ASSUME_ROLE_EXTERNAL_ID="northwind",
        TUNESMITH_EVENT_QUEUES="us-west-2=https://sqs.us-west-2.amazonaws.com/123456789012/tunesmith-events",
    )
    house.bedrock.world.sessions.only_roles = True
    house.model()
    house.lease()
    house.trainer.slash("/ask", "Claim 4471 from Ohio, who handles it?", CHANNEL)
    house.until(lambda: house.bedrock.log.of("ConverseStream", outcome="ok"), "the question")
    house.until(lambda: house.bedrock.log.of("ReceiveMessage", outcome="ok"), "a look at the queue")
    [session, *_] = house.bedrock.world.sessions._sessions.values()
    assert session.name == house.environment["TUNESMITH_REDIS_PREFIX"]
