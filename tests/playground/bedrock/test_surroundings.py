"""The port around Bedrock: the Date header, S3, STS, IAM, the environment, and what happens to defects."""

import ast
import socket
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from moto.core.routing import ServiceOperationRouter
from moto.core.utils import get_service_model
from werkzeug.test import create_environ

from bot.playground.bedrock import BedrockStandIn, SimulatedClock, StandInDefect, moto_side
from bot.playground.bedrock.wire import Operation, check_response, model_of
from tests.playground.bedrock.conftest import HAIKU, START, Bench, client

if TYPE_CHECKING:
    from mypy_boto3_bedrock.client import BedrockClient
    from mypy_boto3_s3.client import S3Client

Refused = Callable[..., tuple[str, str]]


def _date(answer: Any) -> str:
    return str(answer["ResponseMetadata"]["HTTPHeaders"]["date"])


def test_every_reply_carries_the_simulated_time(
    bench: Bench, bedrock: "BedrockClient", s3: "S3Client", clock: SimulatedClock
) -> None:
    clock.advance(86_400)
    wanted = "Mon, 23 Nov 2026 09:00:00 GMT"
    runtime = client(bench.stand_in, "bedrock-runtime")
    ask = {"modelId": HAIKU, "messages": [{"role": "user", "content": [{"text": "Hi"}]}]}
    stream = runtime.converse_stream(**ask)
    answers = [
        bedrock.list_custom_models(),
        s3.list_buckets(),
        s3.put_object(Bucket=bench.bucket, Key="k", Body=b"x"),
        s3.head_object(Bucket=bench.bucket, Key="k"),
        s3.delete_object(Bucket=bench.bucket, Key="k"),
        client(bench.stand_in, "sts").get_caller_identity(),
        runtime.converse(**ask),
        stream,
    ]
    list(stream["stream"])
    assert [_date(answer) for answer in answers] == [wanted] * len(answers)
    assert parsedate_to_datetime(wanted) == clock.now()


def test_refusals_carry_it_too(bedrock: "BedrockClient", clock: SimulatedClock) -> None:
    with pytest.raises(bedrock.exceptions.ResourceNotFoundException) as caught:
        bedrock.get_custom_model(modelIdentifier="nobody")
    headers = caught.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert parsedate_to_datetime(headers["date"]) == clock.now()
    assert headers["x-amzn-requestid"]


def test_s3_objects_are_dated_by_the_simulated_clock(
    bench: Bench, s3: "S3Client", clock: SimulatedClock
) -> None:
    clock.advance(3600)
    bench.put("k", b"x")
    assert (s3.head_object(Bucket=bench.bucket, Key="k")["LastModified"] - START).total_seconds() == 3600


def test_presigned_urls_need_no_signature_in_a_header(bench: Bench, s3: "S3Client") -> None:
    bench.put("report.txt", b"hello")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bench.bucket, "Key": "report.txt"})
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"hello"


def test_the_role_is_there_and_trusts_bedrock(stand_in: BedrockStandIn) -> None:
    role = client(stand_in, "iam").get_role(RoleName=stand_in.role_arn.rsplit("/", 1)[-1])["Role"]
    assert role["Arn"] == stand_in.role_arn
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "bedrock.amazonaws.com"}


def test_the_environment_leads_a_plain_client_here(
    stand_in: BedrockStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in BedrockStandIn.UNSET:
        monkeypatch.delenv(name, raising=False)
    for name, value in stand_in.environment().items():
        monkeypatch.setenv(name, value)
    session = boto3.session.Session()
    assert session.client("bedrock").list_foundation_models()["modelSummaries"]
    assert session.client("sts").get_caller_identity()["Account"] == stand_in.account
    buckets = session.client("s3").list_buckets()["Buckets"]
    assert set(stand_in.buckets.values()) == {bucket["Name"] for bucket in buckets}


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"Origin": "https://example.org"}, 403),
        ("/moto-api/reset", {}, 400),
        ("/moto-api/reset", {"Origin": "null"}, 403),
    ],
)
def test_a_web_page_cannot_reach_it_nor_make_it_forget(
    bench: Bench, s3: "S3Client", path: str, headers: dict[str, str], status: int
) -> None:
    bench.put("k", b"x")
    request = urllib.request.Request(
        bench.stand_in.endpoint_url + path, data=b"", headers=headers, method="POST"
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    with caught.value as answer:
        assert answer.status == status
    held = s3.get_object(Bucket=bench.bucket, Key="k")
    assert held["Body"].read() == b"x"
    assert not [n for n in held["ResponseMetadata"]["HTTPHeaders"] if n.startswith("access-control")]


def test_a_service_that_is_not_offered_says_so(stand_in: BedrockStandIn, refused: Refused) -> None:
    code, message = refused(client(stand_in, "events").list_rules)
    assert (code, message) == (
        "UnknownOperationException",
        "The playground does not offer events here.",
    )


def test_a_bearer_token_reaches_bedrock_in_the_default_region(stand_in: BedrockStandIn) -> None:
    request = urllib.request.Request(
        f"{stand_in.endpoint_url}/foundation-models", headers={"Authorization": "Bearer key"}
    )
    with urllib.request.urlopen(request) as answer:
        assert HAIKU.encode() in answer.read()


def test_a_request_that_cannot_be_read_is_no_defect(stand_in: BedrockStandIn, refused: Refused) -> None:
    lax = client(stand_in, "bedrock", parameter_validation=False)
    assert refused(lax.create_model_customization_job, jobName=7)[0] == "SerializationException"
    assert refused(lax.create_model_customization_job, jobName="a")[0] == "ValidationException"
    assert refused(lax.list_custom_models, maxResults="many")[0] == "SerializationException"


def test_a_response_that_the_model_does_not_allow_is_a_defect() -> None:
    operation = Operation(
        "bedrock", "GetCustomModel", model_of("bedrock").operation_model("GetCustomModel"), {}
    )
    with pytest.raises(StandInDefect, match="Value null at 'creationTime'"):
        check_response(operation, {"modelArn": "a" * 30, "modelName": "n"})
    with pytest.raises(StandInDefect, match="members it does not have"):
        check_response(operation, {"surprise": 1})


def test_a_defect_is_told_to_the_client_and_raised_at_the_end(
    clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = BedrockStandIn(clock=clock).start()
    monkeypatch.setattr(stand_in.world.quotas, "tags_per_resource", None)
    bench = Bench(stand_in)
    with pytest.raises(bench.bedrock.exceptions.InternalServerException, match="defect of the stand-in"):
        bench.start(jobTags=[{"key": "a", "value": "b"}])
    with pytest.raises(StandInDefect, match="TypeError"):
        stand_in.stop()


@pytest.mark.parametrize("signed_for", ["bedrock", "sqs", "s3"])
def test_a_client_that_dies_while_it_sends_is_no_defect(clock: SimulatedClock, signed_for: str) -> None:
    with BedrockStandIn(clock=clock) as stand_in:  # whose end raises what it took for its own defect
        address = urllib.parse.urlsplit(stand_in.endpoint_url)
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
            connection.sendall(_begun(signed_for))
            connection.shutdown(socket.SHUT_WR)  # what a kill does to the sending side
            while connection.recv(4096):
                pass
        assert not [call for call in stand_in.log.all() if call.effect]
        assert (
            client(stand_in, "bedrock").list_model_customization_jobs()["modelCustomizationJobSummaries"]
            == []
        )


def _begun(signed_for: str) -> bytes:
    """Return the beginning of a request of a hundred bytes."""
    path = "/model-customization-jobs" if signed_for == "bedrock" else "/tunesmith-playground-us-west-2/key"
    scope = f"Credential=playground/20261123/us-west-2/{signed_for}/aws4_request"
    return (
        f"{'PUT' if signed_for == 's3' else 'POST'} {path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0\r\n"
        "X-Amz-Target: AmazonSQS.ReceiveMessage\r\nContent-Type: application/x-amz-json-1.0\r\n"
        'Content-Length: 100\r\n\r\n{"jobName": '
    ).encode()


def test_a_slow_stream_is_paced(clock: SimulatedClock) -> None:
    with BedrockStandIn(clock=clock, chunk_delay=0.001) as stand_in:
        runtime = client(stand_in, "bedrock-runtime")
        ask = {"modelId": HAIKU, "messages": [{"role": "user", "content": [{"text": "Hi"}]}]}
        assert len(list(runtime.converse_stream(**ask)["stream"])) > 5


def test_a_port_that_is_taken_is_an_error_not_an_exit(
    stand_in: BedrockStandIn, clock: SimulatedClock
) -> None:
    taken = int(stand_in.endpoint_url.rsplit(":", 1)[-1])
    second = BedrockStandIn(clock=clock, port=taken, account="210987654321", buckets={})
    with pytest.raises(OSError, match="in use"):
        second.start()
    second.stop()


def test_clients_may_keep_their_usual_settings(stand_in: BedrockStandIn) -> None:
    usual = boto3.client(
        "bedrock",
        region_name="us-west-2",
        endpoint_url=stand_in.endpoint_url,
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(
            retries={"mode": "adaptive", "total_max_attempts": 4}, connect_timeout=3, read_timeout=10
        ),
    )
    assert usual.list_custom_models()["modelSummaries"] == []


def test_no_thread_of_a_server_makes_routes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """That compiles by way of ``ast``, which CPython 3.11 cannot do in two threads at once."""

    def new_router(service: str) -> ServiceOperationRouter:
        return ServiceOperationRouter(get_service_model(service))

    monkeypatch.setattr(moto_side, "get_service_router", new_router)
    side = moto_side.MotoSide(bench.stand_in.world)

    def too_late(*_: object, **__: object) -> None:
        raise AssertionError("a route is made while a request waits for it")

    with monkeypatch.context() as patch:
        patch.setattr(ast, "parse", too_late)
        assert side.operation("s3", create_environ("/bucket/key", method="PUT")) == "PutObject"
