"""Who calls, and what IAM says that they may do."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.playground.bedrock import BedrockStandIn
from bot.playground.bedrock.simulation import decision
from tests.playground.bedrock.conftest import client

PASSED = {
    "ContextKeyName": "iam:PassedToService",
    "ContextKeyValues": ["bedrock.amazonaws.com"],
    "ContextKeyType": "string",
}
ELSEWHERE = {**PASSED, "ContextKeyValues": ["ec2.amazonaws.com"]}


def simulated(iam: Any, who: str, action: str, resource: str, *context: dict[str, Any]) -> str:
    reply = iam.simulate_principal_policy(
        PolicySourceArn=who, ActionNames=[action], ResourceArns=[resource], ContextEntries=list(context)
    )
    [result] = reply["EvaluationResults"]
    assert (result["EvalActionName"], result["EvalResourceName"]) == (action, resource)
    return str(result["EvalDecision"])


def test_the_caller_may_pass_the_role_to_bedrock_alone(stand_in: BedrockStandIn) -> None:
    who, iam = client(stand_in, "sts").get_caller_identity()["Arn"], client(stand_in, "iam")

    assert simulated(iam, who, "iam:PassRole", stand_in.role_arn, PASSED) == "allowed"
    assert simulated(iam, who, "iam:PassRole", stand_in.role_arn, ELSEWHERE) == "implicitDeny"
    assert simulated(iam, who, "iam:PassRole", f"{stand_in.role_arn}2", PASSED) == "implicitDeny"


def test_the_role_may_read_and_write_its_buckets_alone(stand_in: BedrockStandIn) -> None:
    bucket, iam = stand_in.buckets["us-west-2"], client(stand_in, "iam")

    assert simulated(iam, stand_in.role_arn, "s3:GetObject", f"arn:aws:s3:::{bucket}/a/b.jsonl") == "allowed"
    assert simulated(iam, stand_in.role_arn, "s3:GetObject", "arn:aws:s3:::other/a") == "implicitDeny"
    assert simulated(iam, stand_in.role_arn, "s3:DeleteObject", f"arn:aws:s3:::{bucket}/a") == "implicitDeny"


def test_nobody_has_no_policies(stand_in: BedrockStandIn) -> None:
    with pytest.raises(ClientError, match="NoSuchEntity"):
        simulated(client(stand_in, "iam"), "arn:aws:iam::123456789012:role/nobody", "s3:GetObject", "*")


@pytest.mark.parametrize(
    ("effects", "expected"),
    [
        (["Allow"], "allowed"),
        (["Allow", "Deny"], "explicitDeny"),
        (["Deny"], "explicitDeny"),
        ([], "implicitDeny"),
    ],
)
def test_a_deny_wins(effects: list[str], expected: str) -> None:
    policy = {"Statement": [{"Effect": each, "Action": "s3:*", "Resource": "*"} for each in effects]}

    assert decision([policy], "s3:GetObject", "arn:aws:s3:::x/y", {}) == expected


def test_a_condition_without_its_key_does_not_fit_unless_it_says_so() -> None:
    def policy(operator: str) -> dict[str, Any]:
        wants = {operator: {"iam:PassedToService": "bedrock.amazonaws.com"}}
        return {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": wants}}

    assert decision([policy("StringEquals")], "iam:PassRole", "r", {}) == "implicitDeny"
    assert decision([policy("StringEqualsIfExists")], "iam:PassRole", "r", {}) == "allowed"
