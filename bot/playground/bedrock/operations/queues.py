"""SQS, as far as a reader of one queue needs it. The queue's URL has to be the whole of it, in its own region."""

import hashlib
import json
from typing import Any

from bot.playground.bedrock.errors import ServiceFault, invalid
from bot.playground.bedrock.queues import NAME, Queues
from bot.playground.bedrock.registry import Call, operation
from bot.playground.bedrock.world import World

MOST, LONGEST = 10, 20
"""Messages handed out or deleted at once, and seconds of a wait (SQS's API reference)."""


@operation("sqs", "ReceiveMessage")
def receive(world: World, call: Call) -> dict[str, Any]:
    """Answer with what is there now; ``application`` has waited."""
    queues = _queue(world, call)
    most = call.get("MaxNumberOfMessages", 1)
    check_wait(call.get("WaitTimeSeconds", 0))
    if not 1 <= most <= MOST:
        raise invalid(f"Value {most} for parameter MaxNumberOfMessages is invalid. Must be 1 to {MOST}.")
    taken = queues.receive(call.region, most)
    if not taken:
        return {}  # as SQS does: no empty list
    return {
        "Messages": [
            {
                "MessageId": each.id,
                "ReceiptHandle": receipt,
                "MD5OfBody": hashlib.md5(each.body.encode(), usedforsecurity=False).hexdigest(),
                "Body": each.body,
            }
            for each, receipt in taken
        ]
    }


@operation("sqs", "DeleteMessageBatch")
def delete(world: World, call: Call) -> dict[str, Any]:
    """Delete each, and tell which were not."""
    queues, entries = _queue(world, call), call["Entries"]
    if not entries:
        raise ServiceFault("EmptyBatchRequest", "There should be at least one entry in the request.")
    if len(entries) > MOST:
        raise ServiceFault(
            "TooManyEntriesInBatchRequest", f"Maximum number of entries per request are {MOST}."
        )
    if len({each["Id"] for each in entries}) < len(entries):
        raise ServiceFault("BatchEntryIdsNotDistinct", "An ID is there twice.")
    gone = [each["Id"] for each in entries if queues.delete(each["ReceiptHandle"])]
    wrong = [each["Id"] for each in entries if each["Id"] not in gone]
    return {
        "Successful": [{"Id": each} for each in gone],
        "Failed": [{"Id": each, "SenderFault": True, "Code": "ReceiptHandleIsInvalid"} for each in wrong],
    }


@operation("sqs", "GetQueueAttributes")
def attributes(world: World, call: Call) -> dict[str, Any]:
    """Answer with what the template makes of a queue."""
    queues = _queue(world, call)
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queues.arn(call.region),
        "Condition": {
            "ArnEquals": {"aws:SourceArn": f"arn:aws:events:{call.region}:{world.account}:rule/{NAME}"}
        },
    }
    said = {
        "QueueArn": queues.arn(call.region),
        "ApproximateNumberOfMessages": str(len(queues.all(call.region))),
        "SqsManagedSseEnabled": "true",
        "MessageRetentionPeriod": "3600",
        "Policy": json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
    } | queues.attributes.get(call.region, {})
    wanted = call.get("AttributeNames", [])
    return {"Attributes": said if "All" in wanted else {n: v for n, v in said.items() if n in wanted}}


def check_wait(seconds: int) -> None:
    """Return when a wait may be so long. Raises ServiceFault."""
    if not 0 <= seconds <= LONGEST:
        raise invalid(f"Value {seconds} for parameter WaitTimeSeconds is invalid. Must be 0 to {LONGEST}.")


def _queue(world: World, call: Call) -> Queues:
    if call["QueueUrl"] != world.queues.url(call.region) or call.region in world.queues.missing:
        raise ServiceFault("QueueDoesNotExist", "The specified queue does not exist.")
    return world.queues
