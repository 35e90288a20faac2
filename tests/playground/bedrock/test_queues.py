"""SQS as its readers meet it: what became of jobs, at least once, and only for whoever asks rightly."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from bot.playground.bedrock import BedrockStandIn
from tests.playground.bedrock.conftest import Bench, client

WEST, EAST = "us-west-2", "us-east-1"


@pytest.fixture
def sqs(stand_in: BedrockStandIn) -> Any:
    return client(stand_in, "sqs")


def received(sqs: Any, url: str, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **asked).get(
        "Messages", []
    )
    return found


def test_a_job_is_told_as_it_begins_and_ends_until_that_is_deleted(bench: Bench, sqs: Any) -> None:
    url = bench.stand_in.world.queues.url(WEST)
    assert received(sqs, url) == []
    arn = bench.start()
    bench.stand_in.clock.advance(7200)
    messages = received(sqs, url)
    told = [json.loads(each["Body"]) for each in messages]
    assert [each["detail"]["jobStatus"] for each in told] == ["InProgress", "Completed"]
    assert {each["detail"]["jobArn"] for each in told} == {arn}
    assert {(each["source"], each["detail-type"], each["account"], each["region"]) for each in told} == {
        ("aws.bedrock", "Model Customization Job State Change", "123456789012", WEST)
    }
    assert received(sqs, url) == [], "what was handed out is hidden for a while"
    bench.stand_in.world.queues._hidden.clear()
    assert len(received(sqs, url)) == 2, "and comes again"
    answer = sqs.delete_message_batch(
        QueueUrl=url,
        Entries=[
            {"Id": "0", "ReceiptHandle": messages[0]["ReceiptHandle"]},
            {"Id": "1", "ReceiptHandle": "x"},
        ],
    )
    assert [each["Id"] for each in answer["Successful"]] == ["0"]
    assert [each["Code"] for each in answer["Failed"]] == ["ReceiptHandleIsInvalid"]
    bench.stand_in.world.queues._hidden.clear()
    [left] = received(sqs, url)
    assert json.loads(left["Body"])["detail"]["jobStatus"] == "Completed"


def test_what_sqs_would_refuse_is_refused(
    bench: Bench, sqs: Any, refused: Callable[..., tuple[str, str]]
) -> None:
    url = bench.stand_in.world.queues.url(WEST)
    gone = "AWS.SimpleQueueService.NonExistentQueue"
    assert refused(sqs.receive_message, QueueUrl=url + "s")[0] == gone
    assert refused(sqs.get_queue_attributes, QueueUrl=url.replace(WEST, EAST))[0] == gone
    assert refused(sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=11)[0] == "ValidationException"
    assert refused(sqs.receive_message, QueueUrl=url, WaitTimeSeconds=21)[0] == "ValidationException"
    for entries, code in (
        ([], "EmptyBatchRequest"),
        ([{"Id": "1", "ReceiptHandle": "r"}] * 2, "BatchEntryIdsNotDistinct"),
        ([{"Id": str(n), "ReceiptHandle": "r"} for n in range(11)], "TooManyEntriesInBatchRequest"),
    ):
        assert refused(sqs.delete_message_batch, QueueUrl=url, Entries=entries)[0] == code


def test_whoever_waits_is_answered_when_something_comes_and_holds_nobody_up(bench: Bench, sqs: Any) -> None:
    queues = bench.stand_in.world.queues
    answers: list[list[dict[str, Any]]] = []
    waiting = threading.Thread(
        target=lambda: answers.append(received(sqs, queues.url(WEST), WaitTimeSeconds=9))
    )
    began = time.monotonic()
    waiting.start()
    assert bench.bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"] == []
    queues.post(WEST, "anything")
    waiting.join(5)
    assert time.monotonic() - began < 4
    assert [each["Body"] for each in answers[0]] == ["anything"]


def test_the_queue_of_a_region_has_its_own_jobs(east: Bench, sqs: Any) -> None:
    queues = east.stand_in.world.queues
    east.start()
    assert received(sqs, queues.url(WEST)) == []
    there = client(east.stand_in, "sqs", EAST)
    assert len(received(there, queues.url(EAST))) == 1
    said = there.get_queue_attributes(QueueUrl=queues.url(EAST), AttributeNames=["QueueArn"])["Attributes"]
    assert said == {"QueueArn": f"arn:aws:sqs:{EAST}:123456789012:tunesmith-events"}
