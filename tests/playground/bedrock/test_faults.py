"""Failures to order, as a client meets them, and the log that tells what really happened."""

import re
from collections.abc import Callable
from contextlib import closing
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EventStreamError
from urllib3.exceptions import ProtocolError

from bot.playground.bedrock import LABEL, BedrockStandIn, wire
from bot.playground.bedrock.faults import EVERY, KINDS
from tests.playground.bedrock.conftest import HAIKU, Bench, client
from tests.tables import table

if TYPE_CHECKING:
    from mypy_boto3_bedrock.client import BedrockClient
    from mypy_boto3_bedrock_runtime.client import BedrockRuntimeClient
    from mypy_boto3_s3.client import S3Client

STATUS = re.compile(r"\((\d{3})\)$")
Refused = Callable[..., tuple[str, str]]
ASK: Any = {
    "modelId": HAIKU,
    "messages": [{"role": "user", "content": [{"text": "Hello there, who are you?"}]}],
}


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        ("throttle", "ThrottlingException", 429),
        ("internal_error", "InternalServerException", 500),
        ("access_denied", "AccessDeniedException", 403),
        ("quota_exceeded", "ServiceQuotaExceededException", 400),
        ("wrong_clock", "InvalidSignatureException", 400),
        ("html_502", "502", 502),
    ],
)
def test_a_service_error_hits_as_many_calls_as_ordered(
    stand_in: BedrockStandIn, bedrock: "BedrockClient", kind: str, code: str, status: int
) -> None:
    stand_in.faults.order(kind, "ListModelCustomizationJobs", 2)
    for _ in range(2):
        with pytest.raises(ClientError) as caught:
            bedrock.list_model_customization_jobs()
        assert caught.value.response["Error"]["Code"] == code
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"] == []
    assert stand_in.faults.orders() == []


def test_a_status_in_a_label_is_what_is_answered_wherever_the_failure_can_be_ordered() -> None:
    """It comes from the service model by the code, which a service that does not have the code answers with 400."""
    said = {kind: match for kind in KINDS.values() if kind.code and (match := STATUS.search(kind.label))}
    assert said
    with table() as row:
        for (kind, match), service in product(said.items(), ("bedrock", "bedrock-runtime")):
            if EVERY in kind.operations or set(kind.operations) & set(wire.model_of(service).operation_names):
                with row(kind.kind, service):
                    assert wire.render_fault(service, kind.error())[0] == int(match[1])


def test_a_call_that_is_dropped_has_no_effect(bench: Bench, bedrock: "BedrockClient") -> None:
    request = bench.job_request()
    bench.stand_in.faults.order("drop_before", "CreateModelCustomizationJob")
    with pytest.raises(ConnectionClosedError):
        bedrock.create_model_customization_job(**request)
    assert bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"] == []
    [call] = bench.stand_in.log.of("CreateModelCustomizationJob")
    assert (call.outcome, call.effect, call.parameters["jobName"]) == ("drop_before", None, "claims-1")


def test_a_lost_reply_leaves_its_effect_and_the_token_finds_it(
    bench: Bench, bedrock: "BedrockClient"
) -> None:
    request = bench.job_request(clientRequestToken="digest-1")
    bench.stand_in.faults.order("lose_reply", "CreateModelCustomizationJob")
    with pytest.raises(ConnectionClosedError):
        bedrock.create_model_customization_job(**request)
    arn = bedrock.create_model_customization_job(**request)["jobArn"]
    [summary] = bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"]
    assert summary["jobArn"] == arn
    lost, answered = bench.stand_in.log.of("CreateModelCustomizationJob", outcome="ok")
    assert (lost.reply_lost, lost.repeated, lost.effect) == (True, False, arn)
    assert (answered.reply_lost, answered.repeated, answered.effect) == (False, True, arn)


def test_the_sdks_own_retries_get_past_throttling(stand_in: BedrockStandIn) -> None:
    stand_in.faults.order("throttle", "ListFoundationModels", 1)
    patient = client(stand_in, "bedrock", retries={"total_max_attempts": 2, "mode": "standard"})
    assert patient.list_foundation_models()["modelSummaries"]


def test_a_delay_only_delays(stand_in: BedrockStandIn, bedrock: "BedrockClient") -> None:
    stand_in.faults.order("delay", "ListFoundationModels", seconds=0.02)
    assert bedrock.list_foundation_models()["modelSummaries"]


def test_any_operation_means_bedrocks_and_s3_is_named_apart(
    bench: Bench, bedrock: "BedrockClient", s3: "S3Client", refused: Refused
) -> None:
    faults = bench.stand_in.faults
    faults.order("throttle")
    s3.put_object(Bucket=bench.bucket, Key="k", Body=b"x")
    assert refused(bedrock.list_custom_models)[0] == "ThrottlingException"
    faults.order("throttle", "PutObject")
    assert refused(s3.put_object, Bucket=bench.bucket, Key="k", Body=b"y")[0] == "SlowDown"
    assert s3.get_object(Bucket=bench.bucket, Key="k")["Body"].read() == b"x"
    faults.order("access_denied", "s3:*")
    assert refused(s3.get_object, Bucket=bench.bucket, Key="k")[0] == "AccessDenied"
    faults.order("wrong_clock", "s3:*", 2)
    assert refused(s3.get_object, Bucket=bench.bucket, Key="k")[0] == "RequestTimeTooSkewed"
    assert refused(client(bench.stand_in, "sts").get_caller_identity)[0] == "SignatureDoesNotMatch"
    faults.order("lose_reply", "PutObject")
    with pytest.raises(ConnectionClosedError):
        s3.put_object(Bucket=bench.bucket, Key="k", Body=b"z")
    assert s3.get_object(Bucket=bench.bucket, Key="k")["Body"].read() == b"z"


def test_a_stream_breaks_off(stand_in: BedrockStandIn, runtime: "BedrockRuntimeClient") -> None:
    stand_in.faults.order("cut_stream", "ConverseStream")
    stream = runtime.converse_stream(**ASK)["stream"]
    with closing(stream), pytest.raises(ProtocolError):  # boto3 does not translate it
        list(stream)
    whole = "".join(
        event["contentBlockDelta"]["delta"]["text"]
        for event in runtime.converse_stream(**ASK)["stream"]
        if "contentBlockDelta" in event
    )
    assert whole.endswith(LABEL)


def test_a_stream_ends_with_a_models_error(stand_in: BedrockStandIn, runtime: "BedrockRuntimeClient") -> None:
    stand_in.faults.order("stream_error", "ConverseStream")
    stream = runtime.converse_stream(**ASK)["stream"]
    with closing(stream), pytest.raises(EventStreamError, match="modelStreamErrorException"):
        list(stream)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (("explode",), "There is no failure 'explode'"),
        (("throttle", "CreateModelCustomisationJob"), "There is no operation 'CreateModelCustomisationJob'"),
        (("fail_training", "ListCustomModels"), "for CreateModelCustomizationJob only"),
        (("throttle", "*", 0), "one call or more"),
    ],
)
def test_a_failure_that_makes_no_sense_is_refused(
    stand_in: BedrockStandIn, order: tuple[Any, ...], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        stand_in.faults.order(*order)


def test_the_log_keeps_parameters_outcomes_and_the_simulated_time(
    bench: Bench, bedrock: "BedrockClient", refused: Refused
) -> None:
    bench.start(jobTags=[{"key": "slack:user", "value": "U1"}])
    bench.stand_in.clock.advance(30)
    refused(bedrock.get_model_customization_job, jobIdentifier="nobody")
    refused(bedrock.stop_model_customization_job, jobIdentifier="a b")
    put, create, get, stop = bench.stand_in.log.all()
    assert (put.service, put.operation, put.outcome) == ("s3", "PutObject", "ok")
    assert create.parameters["jobTags"] == [{"key": "slack:user", "value": "U1"}]
    assert (create.region, create.status, create.outcome) == ("us-west-2", 201, "ok")
    assert (get.outcome, get.status) == ("ResourceNotFoundException", 404)
    assert stop.outcome == "ValidationException"
    assert (get.at - create.at).total_seconds() == 30
    assert [call.sequence for call in bench.stand_in.log.all()] == [1, 2, 3, 4]
