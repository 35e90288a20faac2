"""The queue of Bedrock's events: what is one, what is none, and what a queue that cannot be read is told as."""

import json
from typing import Any

import pytest

from bot.adapters.event_templates import policy
from bot.adapters.sqs_events import SqsEvents, job_of
from bot.doctor.checks.aws_events import _writers
from bot.errors import Misconfigured, Throttled, TunesmithError, Unavailable
from bot.jobs.events import Notice
from tests.adapters.aws import StubbedClients
from tests.tables import table

WEST = "us-west-2"
URL = "https://sqs.us-west-2.amazonaws.com/123456789012/tunesmith-events"
ARN = (
    "arn:aws:bedrock:us-west-2:123456789012:model-customization-job/"
    "anthropic.claude-3-haiku-20240307-v1:0:200k/abcdefabcdef"
)
DETAIL = {"version": "0.0", "jobName": "claims-1", "jobArn": ARN, "jobStatus": "Completed"}
EVENT: dict[str, Any] = {
    "version": "0",
    "id": "1",
    "detail-type": "Model Customization Job State Change",
    "source": "aws.bedrock",
    "account": "123456789012",
    "time": "2026-11-22T09:30:00Z",
    "region": WEST,
    "resources": [ARN],
    "detail": DETAIL,
}


BATCH_ARN, OVER = (
    "arn:aws:bedrock:us-west-2:123456789012:model-invocation-job/abcdefghwxyz",
    {"status": "Completed"},
)
BATCH: dict[str, Any] = {
    **EVENT,
    "detail-type": "Batch Inference Job State Change",
    "time": "Wed Aug 28 22:58:30 UTC 2024",
    "resources": [BATCH_ARN],
    "detail": {"version": "0.0", "batchJobArn": BATCH_ARN, "failureMessage": "", **OVER},
}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in EVENT.items() if key != name}


def detail(**changes: Any) -> dict[str, Any]:
    return {**EVENT, "detail": {**DETAIL, **changes}}


def test_an_event_is_about_its_job_whatever_else_aws_puts_into_it() -> None:
    assert job_of(json.dumps(EVENT), WEST) == ARN
    assert job_of(json.dumps({**EVENT, "replay-name": "x", "time": None}), WEST) == ARN
    assert job_of(json.dumps(detail(jobStatus="Tomorrow", more={"deep": [1]})), WEST) == ARN
    assert job_of(json.dumps(BATCH), WEST) == BATCH_ARN


def test_what_is_no_event_or_not_of_its_own_account_and_region_is_about_none() -> None:
    other = ARN.replace("123456789012", "210987654321")
    bodies: dict[str, Any] = {
        **{
            f"without {each}": without(each)
            for each in ("source", "detail-type", "account", "region", "detail")
        },
        "another source": {**EVENT, "source": "aws.s3"},
        "a custom source": {**EVENT, "source": "aws.bedrock.mine"},
        "another type": {**EVENT, "detail-type": "Batch Inference Job State Change"},
        "a batch job's under the other type": {**BATCH, "detail-type": EVENT["detail-type"]},
        "somebody else's batch job": {
            **BATCH,
            "detail": {"batchJobArn": BATCH_ARN.replace("12345", "54321"), **OVER},
        },
        "a batch job without a status": {**BATCH, "detail": {"batchJobArn": BATCH_ARN}},
        "a batch job's ARN with more": {**BATCH, "detail": {"batchJobArn": BATCH_ARN + "/x", **OVER}},
        "somebody else's job": detail(jobArn=other),
        "somebody else's event": {**EVENT, "account": "210987654321"},
        "an account that is a number": {**EVENT, "account": 123456789012},
        "another region's job": detail(jobArn=ARN.replace("us-west-2", "us-east-1")),
        "another region's event": {**EVENT, "region": "us-east-1"},
        "the status under a wrong name": detail(jobStatus=None, status="Completed"),
        "no ARN": detail(jobArn="claims-1"),
        "an ARN of something else": detail(jobArn=ARN.replace("model-customization-job", "custom-model")),
        "an ARN with more": detail(jobArn=ARN + "\n" + ARN),
        "a long one": detail(jobArn=ARN + "a" * 5_000),
        "a list": [EVENT],
        "a word": "Completed",
        "nothing": None,
        "the event as text": json.dumps(EVENT),
    }
    raw = ["", "{", "[" * 200_000, '{"a":' * 100_000, '"\ud800"', "\x00", json.dumps(EVENT)[:-1], "NaN"]
    with table() as row:
        for name, body in bodies.items():
            with row(name):
                assert job_of(json.dumps(body), WEST) == ""
        for text in raw:
            with row(text[:20]):
                assert job_of(text, WEST) == ""


def test_messages_are_waited_for_and_deleted_together() -> None:
    stubbed = StubbedClients()
    queue = SqsEvents(stubbed, WEST, URL)
    asked = {"QueueUrl": URL, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 20}
    messages = [{"ReceiptHandle": "a", "Body": json.dumps(EVENT)}, {"ReceiptHandle": "b", "Body": "?"}]
    stubbed.expect("sqs", "receive_message", {"Messages": messages}, asked)
    stubbed.expect("sqs", "receive_message", {}, {**asked, "WaitTimeSeconds": 3})
    entries = [{"Id": "0", "ReceiptHandle": "a"}, {"Id": "1", "ReceiptHandle": "b"}]
    stubbed.expect(
        "sqs", "delete_message_batch", {"Successful": [], "Failed": []}, {"QueueUrl": URL, "Entries": entries}
    )

    found = queue.receive(20)
    assert found == [Notice("a", ARN), Notice("b", "")]
    assert queue.receive(3) == []
    queue.forget(found)
    stubbed.all_made()
    [(service, region, config)] = set(stubbed.used)
    assert (service, region) == ("sqs", WEST)
    assert config.read_timeout > 20  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "status", "kind", "words"),
    [
        ("AccessDenied", 403, Misconfigured, "sqs:ReceiveMessage"),
        (
            "AWS.SimpleQueueService.NonExistentQueue",
            400,
            Misconfigured,
            "no queue tunesmith-events in us-west-2",
        ),
        ("QueueDoesNotExist", 400, Misconfigured, "TUNESMITH_EVENT_QUEUES"),
        ("InvalidAddress", 404, Misconfigured, "does not take"),
        ("KmsAccessDenied", 400, Misconfigured, "The key of KMS"),
        ("InvalidClientTokenId", 403, Misconfigured, "AWS"),
        ("RequestThrottled", 403, Throttled, "slow down"),
        ("OverLimit", 403, Throttled, "slow down"),
        ("InternalFailure", 500, Unavailable, "AWS"),
    ],
)
def test_a_queue_that_cannot_be_read_is_a_fault_of_ours(
    code: str, status: int, kind: type[TunesmithError], words: str
) -> None:
    stubbed = StubbedClients()
    stubbed.refuse("sqs", "receive_message", code, "the very words", status)
    with pytest.raises(kind) as caught:
        SqsEvents(stubbed, WEST, URL).receive(20)
    assert words in caught.value.sentence
    assert "the very words" not in caught.value.sentence


def test_who_may_write_beside_the_rule_is_read_as_aws_reads_it() -> None:
    queue = "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:tunesmith-events"
    [rule] = policy(queue, "arn:aws-us-gov:events:us-gov-west-1:123456789012:rule/r")["Statement"]
    one: dict[str, Any] = {"Effect": "Allow", "Principal": {"AWS": "210987654321"}, "Resource": queue}
    others = {
        "the owner, in another partition": {
            **one,
            "Principal": {"AWS": "arn:aws-us-gov:iam::123456789012:root"},
            "Action": "SQS:*",
        },
        "the owner, by number": {**one, "Principal": {"AWS": "123456789012"}, "Action": "SQS:*"},
        "who may only look": {**one, "Action": ["sqs:Get*", "sqs:ReceiveMessage"]},
        "who may not": {**one, "Effect": "Deny", "Action": "sqs:*"},
        "all but one thing": {**one, "NotAction": "sqs:DeleteQueue"},
        "some of it": {**one, "Action": ["sqs:Get*", "sqs:Send*"]},
        "everything": {**one, "Action": "*"},
    }
    found = {name: _writers(json.dumps({"Statement": [rule, each]})) for name, each in others.items()}
    assert [name for name, each in found.items() if each == "Others"] == [
        "all but one thing",
        "some of it",
        "everything",
    ]
    assert set(found.values()) == {"", "Others"}
