"""A bot for each of two workspaces, on one Redis and one account: neither sees, ends or tells what is the other's."""

from collections.abc import Mapping

import pytest
from redis import Redis

from bot.playground.bedrock import BedrockStandIn
from storage.keys import Keys
from tests.scenarios.conftest import addresses, slack_for
from tests.scenarios.doors import by_socket
from tests.scenarios.house import CHANNEL, House

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

WEST = "us-west-2"


def keys_of(redis: Redis, environment: Mapping[str, str]) -> set[str]:
    return {
        each.decode() for each in redis.scan_iter(f"{Keys(environment['TUNESMITH_REDIS_PREFIX']).root}:*")
    }


def test_neither_takes_what_is_the_others_for_anything_of_its_own(
    bedrock: BedrockStandIn,
    settings: dict[str, str],
    redis_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    second = {"TUNESMITH_REDIS_PREFIX": f"{settings['TUNESMITH_REDIS_PREFIX']}-payroll"}
    with (
        slack_for(bedrock=bedrock) as here,
        slack_for(bedrock=bedrock) as there,
        Redis.from_url(redis_url) as redis,
    ):
        ours, theirs = settings | addresses(here), settings | second | addresses(there)
        claims, payroll = House(here, bedrock, ours), House(there, bedrock, theirs)
        with by_socket(ours, here) as bot:
            bot.announce_ready()  # which leaves its mark
            claims.model()
            claims.lease()
            with by_socket(theirs, there) as other:
                other.announce_ready()
                account = Keys(theirs["TUNESMITH_REDIS_PREFIX"]).root + f":resource:account:{WEST}"
                looked = '"next_at": null'
                payroll.until(
                    lambda: looked not in (redis.hget(account, "status") or b'"next_at": null').decode(),
                    "a look at the account",
                )
                assert not [each for each in keys_of(redis, theirs) if ":resource:release:" in each]

                payroll.approver.slash("/tune", "jobs all", CHANNEL)
                listing = Keys(theirs["TUNESMITH_REDIS_PREFIX"]).root + f":resource:unmanaged:{WEST}"
                payroll.until(lambda: redis.hget(listing, "done") == b"1", "a look at its jobs")
                assert b"claims-router-job" not in (redis.hget(listing, "status") or b"")

                payroll.job("payroll-router")
                said = [each["text"] for each in payroll.approver.sees(CHANNEL)] + [
                    str(payroll.told(payroll.trainer))
                ]
                assert not any("claims-router" in each for each in said)
            assert len(claims.running()) == 1, "the lease is nobody else's to end"
            assert not (keys_of(redis, ours) & keys_of(redis, theirs))
            assert keys_of(redis, ours)
        tags = {
            call.parameters["jobName"]: call.parameters["jobTags"]
            for call in bedrock.log.of("CreateModelCustomizationJob")
        }
        marks = {name: {t["key"]: t["value"] for t in each}["tunesmith-bot"] for name, each in tags.items()}
        assert marks == {
            "claims-router-job": ours["TUNESMITH_REDIS_PREFIX"],
            "payroll-router-job": theirs["TUNESMITH_REDIS_PREFIX"],
        }
    assert not [text for text in caplog.messages if "second bot" in text or "lost track" in text]
