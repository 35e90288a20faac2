"""The policies allow what the adapters call, and no more."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import storage
from bot import adapters
from bot.adapters.iam_policies import Account, action_of, bot_policy, role_policy, trust_policy
from bot.cli import app

MINE = Account(
    "210987654321", ("us-west-2", "us-east-1"), ("west", "east"), "arn:aws:iam::210987654321:role/tuning"
)
WITH_SECRETS = replace(
    MINE, secrets=("slack", "arn:aws:secretsmanager:us-east-1:210987654321:secret:redis-AbCdEf")
)
NEEDS_NO_PERMISSION = {"sts:GetCallerIdentity"}


def allowed() -> set[str]:
    return {action for each in bot_policy(WITH_SECRETS)["Statement"] for action in each["Action"]}


def called() -> set[str]:
    found: set[str] = set()
    for room in (adapters, storage):
        for path in Path(str(room.__file__)).parent.glob("*.py"):
            source = path.read_text(encoding="utf-8")
            found |= set(re.findall(r'translated\(\s*"(\w+)"', source))
            found |= set(re.findall(r'^OPERATION\b.*= "(\w+)"', source, re.MULTILINE))
    return found


def test_whatever_the_bot_calls_is_allowed() -> None:
    assert {action_of(each) for each in called()} - NEEDS_NO_PERMISSION <= allowed()


def test_what_reaches_beyond_is_not_allowed() -> None:
    spends_or_destroys = {"Delete", "Put", "Create"}
    others = [each for each in allowed() if not each.startswith("bedrock:")]

    assert [each for each in others if any(word in each for word in spends_or_destroys)] == ["s3:PutObject"]
    assert not any("*" in each for each in allowed())


def test_the_trust_policy_names_the_account_and_each_region() -> None:
    condition = trust_policy(MINE)["Statement"][0]["Condition"]

    assert condition["StringEquals"] == {"aws:SourceAccount": "210987654321"}
    assert condition["ArnLike"]["aws:SourceArn"] == [
        "arn:aws:bedrock:us-west-2:210987654321:model-customization-job/*",
        "arn:aws:bedrock:us-west-2:210987654321:model-invocation-job/*",
        "arn:aws:bedrock:us-east-1:210987654321:model-customization-job/*",
        "arn:aws:bedrock:us-east-1:210987654321:model-invocation-job/*",
    ]


def test_the_role_may_only_use_the_buckets_and_ask_models() -> None:
    statement, asking = role_policy(MINE)["Statement"]

    assert asking["Action"] == ["bedrock:InvokeModel"]
    assert asking["Resource"][0] == "arn:aws:bedrock:*:210987654321:inference-profile/*"

    assert statement["Resource"] == [
        "arn:aws:s3:::west",
        "arn:aws:s3:::west/*",
        "arn:aws:s3:::east",
        "arn:aws:s3:::east/*",
    ]
    assert all(each.startswith("s3:") for each in statement["Action"])


@pytest.mark.parametrize("which", ["bot", "role", "trust"])
def test_the_command_fills_in_what_the_settings_say(which: str) -> None:
    settings = {"TUNESMITH_BUCKETS": "us-west-2=west,us-east-1=east", "TUNESMITH_ROLE_ARN": MINE.role_arn}

    result = CliRunner().invoke(app, ["iam", which], env=settings)

    assert result.exit_code == 0
    wanted = {"bot": bot_policy, "role": role_policy, "trust": trust_policy}[which](MINE)
    assert json.loads(result.output) == wanted


@pytest.mark.parametrize("arguments", [["--buckets", "west"], ["--role", "tuning"]])
def test_what_is_no_bucket_or_role_is_wrong_use(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["iam", *arguments]).exit_code == 2
