"""A role that the bot takes: everything is called as it, it is taken again in time, and a refusal says whose it is."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from moto.iam.models import iam_backends

from bot.adapters.assumed_role import session_of
from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.adapters.iam_policies import Account, bot_trust
from bot.adapters.simulation import Simulation, caller
from bot.errors import NoIdentity, TunesmithError
from bot.playground.bedrock import BedrockStandIn, SimulatedClock

WEST = "us-west-2"
HOME = Account(caller_arn="arn:aws:iam::123456789012:user/playground", external_id="northwind")


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[BedrockStandIn]:
    """An account in which the bot may do nothing but take its role."""
    with BedrockStandIn(clock=SimulatedClock(speed=0)) as running:
        for name in running.UNSET:
            monkeypatch.delenv(name, raising=False)
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        iam_backends[running.account]["aws"].create_role(
            "tunesmith-bot", json.dumps(bot_trust(HOME)), "/", None, "", [], "3600"
        )
        running.world.sessions.only_roles = True
        yield running


def clients(external_id: str = "northwind", name: str = "scenario") -> AwsClients:
    return AwsClients(lambda: session_of(HOME.bot, external_id, name, WEST))


def taken(stand_in: BedrockStandIn) -> int:
    return len(stand_in.world.sessions._sessions)


@pytest.mark.slow
def test_everything_is_called_as_the_role_which_is_taken_once(stand_in: BedrockStandIn) -> None:
    aws, bucket = clients(), stand_in.buckets[WEST]
    aws.s3(WEST).put_object(Bucket=bucket, Key="k", Body=b"x")
    assert aws.bedrock_listing(WEST).list_model_customization_jobs()["modelCustomizationJobSummaries"] == []
    aws.bedrock("us-east-1").list_custom_models()
    aws.quotas(WEST).list_service_quotas(ServiceCode="bedrock")
    aws.sqs(WEST).receive_message(QueueUrl=stand_in.world.queues.url(WEST))
    assert caller(aws, WEST).name == "assumed-role/tunesmith-bot/scenario"
    assert Simulation(aws).ourselves(WEST) == HOME.bot
    assert taken(stand_in) == 1

    nobody = AwsClients()
    with pytest.raises(TunesmithError), translated("ListCustomModels"):
        nobody.bedrock(WEST).list_custom_models()


def test_a_session_has_a_name_that_sts_takes_whatever_the_bots_prefix(stand_in: BedrockStandIn) -> None:
    names = ("b", "b" * 100)
    assert [caller(clients(name=each), WEST).name for each in names] == [
        "assumed-role/tunesmith-bot/b-",
        f"assumed-role/tunesmith-bot/{'b' * 64}",
    ]


def test_credentials_are_renewed_before_they_end(stand_in: BedrockStandIn) -> None:
    stand_in.world.sessions.lasts = timedelta(minutes=14)  # botocore renews what ends within fifteen
    aws = clients()
    for _ in range(3):
        aws.bedrock(WEST).list_custom_models()
    assert taken(stand_in) == 3


@pytest.mark.parametrize("external_id", ["", "southwind"])
def test_a_role_that_cannot_be_taken_says_so_whatever_was_to_be_called(
    stand_in: BedrockStandIn, external_id: str
) -> None:
    aws = clients(external_id)
    for operation in ("ListCustomModels", "CreateProvisionedModelThroughput"):
        with pytest.raises(NoIdentity) as caught, translated(operation):
            aws.bedrock(WEST).list_custom_models()
        assert "TUNESMITH_ASSUME_ROLE" in caught.value.sentence
        assert "northwind" not in caught.value.sentence
    assert stand_in.log.of("ListCustomModels") == []


def test_without_anybody_to_begin_with_it_is_told_as_that(
    stand_in: BedrockStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    aws = clients()
    with pytest.raises(NoIdentity), translated("ListCustomModels"):
        aws.bedrock(WEST).list_custom_models()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "playground")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "playground")
    assert aws.bedrock(WEST).list_custom_models()["modelSummaries"] == []
