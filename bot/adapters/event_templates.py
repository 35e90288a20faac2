"""The queue of Bedrock's events and the rule that fills it, as parts of a template: for CloudFormation and Terraform.

Only EventBridge may write to the queue, and only for that rule. What is in it is encrypted, and gone after an hour: a
hint that nobody has read by then is worth nothing, since jobs are polled. What cannot be read goes to a second queue.
"""

import json
from typing import Any

from bot.adapters.iam_policies import Account, Json

SOURCE = "aws.bedrock"
TYPES = ("Model Customization Job State Change", "Batch Inference Job State Change")
"""Of the events (docs.aws.amazon.com/bedrock/latest/userguide/monitoring-eventbridge-how-it-works.html)."""
PATTERN: Json = {"source": [SOURCE], "detail-type": list(TYPES)}
WRITER = "events.amazonaws.com"
KEPT, LEFT, TRIES, HIDDEN = 3600, 4 * 24 * 3600, 5, 30
"""Seconds that a message is kept, and one that was not taken in so many tries; seconds that it is hidden meanwhile."""


LONGEST_RULE, LONGEST_QUEUE = 64, 80
"""Characters of a rule's name (botocore's model of EventBridge, RuleName), and of a queue's, which may be longer
(docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html)."""
_LEFT = "-left"


def arn_of(url: str, partition: str) -> str:
    """Return the ARN of a queue by its URL, as ``bot.setting_values`` takes it."""
    host, account, name = url.removeprefix("https://").split("/")
    return ":".join(("arn", partition, "sqs", host.split(".")[1], account, name))


def queue_in(account: Account, region: str) -> str:
    """Return the ARN of the region's queue; empty for none."""
    return next((each for each in account.queues if each.split(":")[3] == region), "")


def cloudformation_events(account: Account, region: str) -> tuple[Json, Json]:
    """Return resources and outputs for the region; none where it has no queue."""
    queue = queue_in(account, region)
    if not queue:
        return {}, {}
    name = queue.rpartition(":")[2]
    left = {"Fn::GetAtt": ["EventsLeft", "Arn"]}
    resources: Json = {
        "EventsLeft": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "QueueName": _left(name),
                "SqsManagedSseEnabled": True,
                "MessageRetentionPeriod": LEFT,
            },
        },
        "Events": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "QueueName": name,
                "SqsManagedSseEnabled": True,
                "MessageRetentionPeriod": KEPT,
                "VisibilityTimeout": HIDDEN,
                "RedrivePolicy": {"deadLetterTargetArn": left, "maxReceiveCount": TRIES},
            },
        },
        "EventsRule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "Name": _rule(name),
                "Description": "What becomes of customization and batch jobs, for Tunesmith",
                "EventPattern": PATTERN,
                "Targets": [{"Id": "queue", "Arn": {"Fn::GetAtt": ["Events", "Arn"]}}],
            },
        },
        "EventsPolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Events"}],
                "PolicyDocument": policy(queue, _rule_arn(account, region, name)),
            },
        },
    }
    value = {"Fn::Join": ["=", [region, {"Ref": "Events"}]]}
    return resources, {"EventQueues": {"Description": "For TUNESMITH_EVENT_QUEUES", "Value": value}}


def terraform_events(account: Account, region: str, key: str) -> dict[str, dict[str, Json]]:
    """Return resources by kind and name, ``key`` being the region's in names; none where it has no queue."""
    queue = queue_in(account, region)
    if not queue:
        return {}
    name = queue.rpartition(":")[2]
    redrive = (
        f"${{jsonencode({{deadLetterTargetArn = aws_sqs_queue.{key}_left.arn, maxReceiveCount = {TRIES}}})}}"
    )
    return {
        "aws_sqs_queue": {
            f"{key}_left": {
                "name": _left(name),
                "sqs_managed_sse_enabled": True,
                "message_retention_seconds": LEFT,
            },
            key: {
                "name": name,
                "sqs_managed_sse_enabled": True,
                "message_retention_seconds": KEPT,
                "visibility_timeout_seconds": HIDDEN,
                "redrive_policy": redrive,
            },
        },
        "aws_cloudwatch_event_rule": {
            key: {
                "name": _rule(name),
                "description": "What becomes of customization and batch jobs, for Tunesmith",
                "event_pattern": _text(PATTERN),
            }
        },
        "aws_cloudwatch_event_target": {
            key: {
                "rule": f"${{aws_cloudwatch_event_rule.{key}.name}}",
                "target_id": "queue",
                "arn": f"${{aws_sqs_queue.{key}.arn}}",
            }
        },
        "aws_sqs_queue_policy": {
            key: {
                "queue_url": f"${{aws_sqs_queue.{key}.id}}",
                "policy": _text(policy(queue, _rule_arn(account, region, name))),
            }
        },
    }


def policy(queue: str, rule: str) -> Json:
    """Return the queue's policy: EventBridge alone may write, and only for that rule."""
    allowed = {
        "Sid": "OnlyTheRule",
        "Effect": "Allow",
        "Principal": {"Service": WRITER},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    return {"Version": "2012-10-17", "Statement": [allowed]}


def _rule_arn(account: Account, region: str, name: str) -> str:
    return account.arn("events", region, account.number, f"rule/{_rule(name)}")


def _rule(queue: str) -> str:
    """Return the name of the rule that fills a queue: the queue's own, as far as a rule's may be long."""
    return queue[:LONGEST_RULE]


def _left(queue: str) -> str:
    """Return the name of the queue of what nobody took from another one."""
    return f"{queue[: LONGEST_QUEUE - len(_LEFT)]}{_LEFT}"


def _text(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"))
