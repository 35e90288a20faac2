"""Batch jobs: what the stand-in refuses, how a job goes, and the files that it leaves."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.adapters.sqs_events import job_of
from bot.playground.bedrock import BedrockStandIn, SimulatedClock
from bot.playground.bedrock.recall import LABEL
from tests.playground.bedrock.conftest import WEST, client

TEACHER = "us.anthropic.claude-haiku-4-5-20251001-v1:0"


def records(count: int = 100, **body: Any) -> bytes:
    rows = [
        {
            "recordId": f"ROW{number:08d}",
            "modelInput": {
                "messages": [{"role": "user", "content": [{"text": f"Route claim {number}."}]}],
                "inferenceConfig": {"maxTokens": 200},
                **body,
            },
        }
        for number in range(1, count + 1)
    ]
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.fixture
def put(stand_in: BedrockStandIn) -> Callable[[bytes], dict[str, Any]]:
    """Store an input, and return what is sent for it."""

    def stored(data: bytes, key: str = "prompts.jsonl") -> dict[str, Any]:
        bucket = stand_in.buckets[WEST]
        client(stand_in, "s3").put_object(Bucket=bucket, Key=key, Body=data)
        return {
            "jobName": "answers",
            "roleArn": stand_in.role_arn,
            "modelId": TEACHER,
            "modelInvocationType": "Converse",
            "clientRequestToken": "one",
            "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"s3://{bucket}/{key}"}},
            "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"s3://{bucket}/out/"}},
            "tags": [{"key": "owner", "value": "U1"}],
        }

    return stored


Put = Callable[[bytes], dict[str, Any]]


def files(stand_in: BedrockStandIn) -> dict[str, bytes]:
    s3, bucket = client(stand_in, "s3"), stand_in.buckets[WEST]
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="out/").get("Contents", [])
    return {each["Key"]: s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in listed}


def test_a_job_goes_its_way_and_leaves_answers_that_say_whose_they_are(
    stand_in: BedrockStandIn, clock: SimulatedClock, put: Put
) -> None:
    bedrock = client(stand_in, "bedrock")
    arn = bedrock.create_model_invocation_job(**put(records()))["jobArn"]
    seen = []
    for seconds in (1, 100, 100, 110, 600):
        clock.advance(seconds)
        seen.append(bedrock.get_model_invocation_job(jobIdentifier=arn))

    assert [each["status"] for each in seen] == [
        "Submitted",
        "Validating",
        "Scheduled",
        "InProgress",
        "Completed",
    ]
    assert (seen[-1]["processedRecordCount"], seen[-1]["errorRecordCount"]) == (100, 0)
    [listed] = bedrock.list_model_invocation_jobs(nameContains="answers")["invocationJobSummaries"]
    assert (listed["jobArn"], listed["clientRequestToken"]) == (arn, "one")
    assert bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == [{"key": "owner", "value": "U1"}]

    left = {key.rsplit("/", 1)[-1]: body for key, body in files(stand_in).items()}
    answers = [json.loads(line) for line in left["prompts.jsonl.out"].splitlines()]
    assert {each["recordId"] for each in answers} == {f"ROW{number:08d}" for number in range(1, 101)}
    assert [each["recordId"] for each in answers] != sorted(each["recordId"] for each in answers)
    [block] = answers[0]["modelOutput"]["output"]["message"]["content"]
    assert block["text"].endswith(LABEL)
    assert json.loads(left["manifest.json.out"])["successRecordCount"] == 100

    url = stand_in.world.queues.url(WEST)
    told = client(stand_in, "sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [job_of(each["Body"], WEST) for each in told] == [arn, arn], "it is read as the bot reads it"
    assert [json.loads(each["Body"])["detail"]["status"] for each in told] == ["Submitted", "Completed"]


def test_a_used_token_makes_nothing_new_and_a_name_only_one_job(stand_in: BedrockStandIn, put: Put) -> None:
    bedrock, request = client(stand_in, "bedrock"), put(records())
    first = bedrock.create_model_invocation_job(**request)
    assert bedrock.create_model_invocation_job(**request)["jobArn"] == first["jobArn"]

    with pytest.raises(ClientError, match="ConflictException"):
        bedrock.create_model_invocation_job(**request | {"clientRequestToken": "two"})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"modelId": "us.anthropic.unheard-of-v1:0"}, "model identifier is invalid"),
        ({"modelId": "anthropic.claude-haiku-4-5-20251001-v1:0"}, "inference profile"),
        ({"modelInvocationType": "InvokeModel"}, "Converse only"),
        ({"roleArn": "arn:aws:iam::999999999999:role/other"}, "does not belong"),
        ({"jobName": "no_underscores"}, "jobName"),
        ({"timeoutDurationInHours": 169}, "timeoutDurationInHours"),
        ({"inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://elsewhere/x.jsonl"}}}, "GetObject"),
        ({"outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://elsewhere/out/"}}}, "PutObject"),
    ],
)
def test_what_is_wrong_with_a_request_is_refused_at_once(
    stand_in: BedrockStandIn, put: Put, changed: dict[str, Any], words: str
) -> None:
    with pytest.raises(ClientError, match=words):
        client(stand_in, "bedrock").create_model_invocation_job(**put(records()) | changed)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (records(99), "at least 100"),
        (records().replace(b"ROW00000007", b"ROW-7"), "Line 7"),
        (records() + b"not JSON\n", "Line 101"),
    ],
)
def test_what_is_wrong_with_the_input_fails_the_job(
    stand_in: BedrockStandIn, clock: SimulatedClock, put: Put, data: bytes, words: str
) -> None:
    bedrock = client(stand_in, "bedrock")
    arn = bedrock.create_model_invocation_job(**put(data))["jobArn"]
    clock.advance(400)

    seen = bedrock.get_model_invocation_job(jobIdentifier=arn)
    assert seen["status"] == "Failed"
    assert words in seen["message"]
    assert [key for key in files(stand_in) if key.endswith(".out")] == []


def test_a_job_that_is_stopped_keeps_what_is_answered(
    stand_in: BedrockStandIn, clock: SimulatedClock, put: Put
) -> None:
    bedrock = client(stand_in, "bedrock")
    arn = bedrock.create_model_invocation_job(**put(records()))["jobArn"]
    clock.advance(400)
    bedrock.stop_model_invocation_job(jobIdentifier=arn)
    bedrock.stop_model_invocation_job(jobIdentifier=arn)
    assert bedrock.get_model_invocation_job(jobIdentifier=arn)["status"] == "Stopping"
    clock.advance(100)

    seen = bedrock.get_model_invocation_job(jobIdentifier=arn.rsplit("/", 1)[-1])
    assert (seen["status"], seen["processedRecordCount"]) == ("Stopped", 50)
    [answers] = [body for key, body in files(stand_in).items() if key.endswith(".jsonl.out")]
    assert len(answers.splitlines()) == 50
    with pytest.raises(ClientError, match="already ended"):
        bedrock.stop_model_invocation_job(jobIdentifier=arn)


def test_a_record_that_cannot_be_answered_has_an_error_in_place_of_an_answer(
    stand_in: BedrockStandIn, clock: SimulatedClock, put: Put
) -> None:
    stand_in.control({"fault": {"kind": "fail_records"}})
    client(stand_in, "bedrock").create_model_invocation_job(**put(records(messages=[{"role": "user"}])))
    clock.advance(2000)
    client(stand_in, "bedrock").list_model_invocation_jobs()

    [answers] = [body for key, body in files(stand_in).items() if key.endswith(".jsonl.out")]
    codes = [json.loads(line)["error"]["errorCode"] for line in answers.splitlines()]
    assert sorted(codes) == [400] * 97 + [500] * 3
