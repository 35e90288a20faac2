"""The policies allow what the bot calls, and no more; and what AWS does not know of stands in none of them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session
from typer.testing import CliRunner

import storage
from bot import adapters, config
from bot.adapters.iam_policies import (
    TAGGABLE,
    Account,
    action_of,
    bot_policy,
    bot_trust,
    caller_policy,
    role_policy,
    trust_policy,
)
from bot.adapters.iam_templates import LONGEST, bot_policies, cloudformation, terraform
from bot.cli import app
from bot.playground.bedrock.registry import handlers
from tests.tables import table

KEY = "arn:aws:kms:us-west-2:210987654321:key/11111111-2222-3333-4444-555555555555"
MINE = Account(
    "210987654321", ("us-west-2", "us-east-1"), ("west", "east"), "arn:aws:iam::210987654321:role/tuning"
)
SECRET = "arn:aws:secretsmanager:us-east-1:210987654321:secret"
QUEUE = "arn:aws:sqs:us-west-2:210987654321:tunesmith-events"
WHOLE = replace(
    MINE,
    keys=(KEY,),
    secrets=("slack", "arn:aws:secretsmanager:us-east-1:210987654321:secret:redis-AbCdEf"),
    queues=(QUEUE,),
)
GOV = replace(
    WHOLE,
    role_arn="arn:aws-us-gov:iam::210987654321:role/apps/tuning",
    secrets=("slack",),
    keys=(),
    queues=(),
)
KNOWN: Mapping[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "iam_actions.json").read_text(encoding="utf-8")
)["actions"]

NEEDS_NO_PERMISSION = {"sts:GetCallerIdentity"}
WITHOUT_A_CALL = {
    "iam:PassRole": "by whoever orders a job",
    "kms:Decrypt": "by S3 and Bedrock, for the caller",
    "kms:GenerateDataKey": "by S3 and Bedrock, for the caller",
    "kms:CreateGrant": "by Bedrock, for the caller",
    "bedrock:InvokeModel": "by whoever orders answers in batch",
    "s3:AbortMultipartUpload": "by boto3's transfers, when an upload breaks off",
}
"""Actions that no call of ours is named for, and who asks for them."""
GLOBAL_KEYS = {"aws:RequestedRegion"}
"""Keys that every request has."""
JOB_ITSELF = ("bedrock:CreateModelCustomizationJob", "bedrock:model-customization-job")
"""Not in the reference, and in the policies of Bedrock's own guide."""


def statements(*policies: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for policy in policies:
        for each in policy["Statement"]:
            yield each.get("Sid", ""), each


TAKEN = replace(WHOLE, caller_arn="arn:aws:iam::111122223333:role/tunesmith", external_id="northwind")
"""A bot in another account, which takes a role in this one."""


def allowed(account: Account = WHOLE) -> set[str]:
    return {action for _, each in statements(bot_policy(account)) for action in each["Action"]}


def sources() -> Iterator[str]:
    for room in (adapters, storage):
        for path in Path(str(room.__file__)).parent.glob("*.py"):
            if not path.name.startswith("iam_"):
                yield path.read_text(encoding="utf-8")


def called() -> set[str]:
    """Return every operation of AWS's that our code names as a method of a client."""
    methods: dict[str, str] = {}
    for service in (
        "bedrock",
        "bedrock-runtime",
        "s3",
        "iam",
        "kms",
        "sts",
        "service-quotas",
        "secretsmanager",
        "cloudwatch",
        "sqs",
    ):
        for operation in get_session().get_service_model(service).operation_names:
            methods[re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", operation).lower()] = (
                operation
            )
    methods["list_objects_v2"] = "ListObjectsV2"
    methods |= {"upload_file": "PutObject", "download_file": "GetObject", "upload_fileobj": "PutObject"}
    methods |= {"download_fileobj": "GetObject"}
    text = "\n".join(sources())
    named = set(re.findall(r"\.(\w+)\(", text)) | set(re.findall(r'get_paginator\(\s*"(\w+)"', text))
    return {methods[each] for each in named & set(methods)}


def test_each_action_has_a_call_and_each_call_its_action() -> None:
    named = {action_of(each) for each in called()}

    assert named - NEEDS_NO_PERMISSION - allowed() == set(), "called, and not allowed"
    assert allowed() - named - set(WITHOUT_A_CALL) == set(), "allowed, and never called"


def test_the_stand_in_answers_every_call_that_bedrock_is_asked() -> None:
    answered = {name for _, name in handlers()}
    of_bedrock = {each for each in called() if action_of(each).startswith("bedrock:")}

    assert of_bedrock <= answered
    assert len(of_bedrock) > 20


def kind_of(arn: str) -> str:
    if arn == "*":
        return arn
    _, _, service, _, _, rest = arn.split(":", 5)
    if service == "s3":
        return "s3:object" if "/" in rest else "s3:bucket"
    if service == "sqs":
        return "sqs:queue"
    if service == "iam":
        return "iam:role"
    return f"{service}:{re.split('[/:]', rest)[0]}"


def test_every_action_knows_the_resources_and_the_keys_of_its_statement() -> None:
    with table() as row:
        for account in (WHOLE, GOV, TAKEN):
            for sid, each in statements(bot_policy(account), role_policy(account), caller_policy(account)):
                said = each["Resource"]
                kinds = {kind_of(arn) for arn in ([said] if isinstance(said, str) else said)}
                keys = {
                    key.partition("/")[0] for wants in each.get("Condition", {}).values() for key in wants
                }
                for action in each["Action"]:
                    with row(sid, action):
                        known = KNOWN[action]
                        assert kinds & set(known["types"]), "it is about none of these resources"
                        assert keys <= {*known["keys"], *GLOBAL_KEYS}, (
                            "a key that it does not know refuses it"
                        )
                for kind in kinds:
                    with row(sid, kind):
                        wanted = {action for action in each["Action"] if kind in KNOWN[action]["types"]}
                        wanted |= {action for action in each["Action"] if (action, kind) == JOB_ITSELF}
                        assert wanted, "none of its actions is about that"


def test_least_privilege() -> None:
    by_sid = dict(statements(bot_policy(WHOLE)))
    everywhere = {sid for sid, each in by_sid.items() if each["Resource"] == "*"}
    asks = {sid for sid, each in by_sid.items() if any("Invoke" in action for action in each["Action"])}
    regional = {sid for sid, each in by_sid.items() if "aws:RequestedRegion" in json.dumps(each)}

    assert everywhere == {"Lists", "Figures"}
    assert everywhere <= regional
    assert asks == {"Asks", "AsksByProfile"}
    assert not asks & regional, "that breaks profiles across regions"
    assert by_sid["Creates"]["Condition"]["StringEquals"]["aws:RequestTag/managed-by"] == "tunesmith"
    assert by_sid["Ends"]["Condition"]["StringEquals"]["aws:ResourceTag/managed-by"] == "tunesmith"
    assert {kind_of(each).partition(":")[2] for each in by_sid["Ends"]["Resource"]} <= set(TAGGABLE)
    assert by_sid["HandsOver"]["Action"] == ["iam:PassRole"]
    assert by_sid["HandsOver"]["Condition"] == {
        "StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}
    }
    assert by_sid["LooksAtRoles"]["Resource"] == [
        MINE.role_arn,
        "arn:aws:iam::210987654321:role/tunesmith-bot",
    ]
    assert not any("*" in action for action in allowed())
    writes = [each for each in allowed() if re.search("s3:(Put|Delete|Create)", each)]
    assert writes == ["s3:PutObject"]


def test_everything_is_in_the_partition_of_the_role() -> None:
    for document in (
        bot_policy(GOV),
        role_policy(GOV),
        trust_policy(GOV),
        cloudformation(GOV),
        terraform(GOV),
    ):
        assert "arn:aws-us-gov:" in json.dumps(document)
        assert "arn:aws:" not in json.dumps(document)
    assert terraform(GOV)["resource"]["aws_iam_role"]["bedrock"]["path"] == "/apps/"


def test_the_trust_policy_names_the_account_and_each_region() -> None:
    condition = trust_policy(MINE)["Statement"][0]["Condition"]

    assert condition["StringEquals"] == {"aws:SourceAccount": "210987654321"}
    assert condition["ArnLike"]["aws:SourceArn"] == [
        "arn:aws:bedrock:us-west-2:210987654321:model-customization-job/*",
        "arn:aws:bedrock:us-west-2:210987654321:model-invocation-job/*",
        "arn:aws:bedrock:us-east-1:210987654321:model-customization-job/*",
        "arn:aws:bedrock:us-east-1:210987654321:model-invocation-job/*",
    ]


def test_the_role_may_only_use_the_buckets_the_keys_and_ask_models() -> None:
    by_sid = dict(statements(role_policy(WHOLE)))

    assert by_sid["Data"]["Resource"] == ["arn:aws:s3:::west/*", "arn:aws:s3:::east/*"]
    assert by_sid["Buckets"]["Resource"] == ["arn:aws:s3:::west", "arn:aws:s3:::east"]
    assert by_sid["Teachers"]["Action"] == ["bedrock:InvokeModel"]
    assert by_sid["Keys"]["Resource"] == [KEY]
    assert set(dict(statements(role_policy(MINE)))) == {"Data", "Buckets", "Teachers"}


def test_a_template_has_a_closed_bucket_the_role_and_policies_that_fit() -> None:
    regions = tuple(f"us-west-{number}" for number in range(1, 30))
    many = replace(WHOLE, regions=regions, buckets=tuple(f"a-bucket-of-{each}" for each in regions))
    assert len(bot_policies(MINE)) == 1
    assert [each["Sid"] for part in bot_policies(many) for each in part["Statement"]] == list(
        dict(statements(bot_policy(many)))
    )
    assert all(len(json.dumps(each, separators=(",", ":"))) <= LONGEST for each in bot_policies(many))

    made = cloudformation(WHOLE)["Resources"]
    bucket = made["Bucket"]["Properties"]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    [kept] = bucket["LifecycleConfiguration"]["Rules"]
    assert not {"ExpirationInDays", "ExpirationDate"} & set(kept), "plans stay"
    assert made["Bucket"]["DeletionPolicy"] == "Retain"
    assert made["BedrockRole"]["Properties"]["AssumeRolePolicyDocument"] == trust_policy(WHOLE)
    assert made["BotPolicy1"]["Properties"]["PolicyDocument"] == bot_policies(WHOLE)[0]
    assert cloudformation(WHOLE)["Outputs"]["BotPolicy1"]["Value"] == {"Ref": "BotPolicy1"}, (
        "its ARN, to attach"
    )
    elsewhere = cloudformation(WHOLE, "us-east-1")["Resources"]
    assert set(elsewhere) == {"Bucket", "BucketPolicy"}
    assert "KMSMasterKeyID" not in json.dumps(elsewhere), "a key is of its own region"


def test_whoever_takes_the_bots_role_may_do_that_and_nothing_else_and_nobody_else_may() -> None:
    by_sid = dict(statements(caller_policy(TAKEN)))
    assert set(by_sid) == {"TakesTheRole", "Secrets"}
    assert by_sid["TakesTheRole"]["Resource"] == ["arn:aws:iam::210987654321:role/tunesmith-bot"]
    assert by_sid["Secrets"]["Resource"][0] == "arn:aws:secretsmanager:*:111122223333:secret:slack-??????"
    assert "Secrets" not in dict(statements(bot_policy(TAKEN))), "they are read before the role is taken"
    [who] = bot_trust(TAKEN)["Statement"]
    assert who["Principal"] == {"AWS": TAKEN.caller_arn}
    assert who["Condition"] == {"StringEquals": {"sts:ExternalId": "northwind"}}

    made = cloudformation(TAKEN)["Resources"]["BotRole"]["Properties"]
    assert made["AssumeRolePolicyDocument"] == bot_trust(TAKEN)
    assert made["ManagedPolicyArns"] == [{"Ref": "BotPolicy1"}]
    assert "BotRole" not in cloudformation(WHOLE)["Resources"]
    outputs = cloudformation(TAKEN)["Outputs"]
    assert outputs["AssumeRole"]["Value"] == {"Fn::GetAtt": ["BotRole", "Arn"]}
    assert "BotPolicy1" not in outputs, "whoever takes the role needs none of it"
    assert terraform(TAKEN)["output"]["TUNESMITH_ASSUME_ROLE"] == {"value": "${aws_iam_role.bot.arn}"}
    assert "attach_to_the_bot" not in terraform(TAKEN)["output"]
    tf = terraform(TAKEN)["resource"]
    assert json.loads(tf["aws_iam_role"]["bot"]["assume_role_policy"]) == bot_trust(TAKEN)
    assert set(tf["aws_iam_role_policy_attachment"]) == set(tf["aws_iam_policy"])
    assert set(terraform(WHOLE)["resource"]["aws_iam_role"]) == {"bedrock"}


def test_a_queue_of_events_is_encrypted_kept_for_an_hour_and_written_to_by_its_rule_alone() -> None:
    assert "sqs:" not in json.dumps(bot_policy(MINE))
    assert dict(statements(bot_policy(WHOLE)))["Events"]["Resource"] == [QUEUE]
    made = cloudformation(WHOLE)
    plain, elsewhere = cloudformation(MINE), cloudformation(WHOLE, "us-east-1")
    assert "SQS" not in json.dumps([plain, elsewhere]), "no queue is named there"
    assert made["Outputs"]["EventQueues"]["Value"] == {"Fn::Join": ["=", ["us-west-2", {"Ref": "Events"}]]}

    resources = {name: each.get("Properties") for name, each in made["Resources"].items()}
    queue, rule = resources["Events"], resources["EventsRule"]
    assert queue["SqsManagedSseEnabled"] is resources["EventsLeft"]["SqsManagedSseEnabled"] is True
    assert queue["MessageRetentionPeriod"] == 3600
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["EventsLeft", "Arn"]}
    assert rule["EventPattern"] == {
        "source": ["aws.bedrock"],
        "detail-type": ["Model Customization Job State Change", "Batch Inference Job State Change"],
    }
    [target] = rule["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": ["Events", "Arn"]}
    [only] = resources["EventsPolicy"]["PolicyDocument"]["Statement"]
    assert only["Principal"] == {"Service": "events.amazonaws.com"}
    assert (only["Action"], only["Resource"]) == ("sqs:SendMessage", QUEUE)
    name = "arn:aws:events:us-west-2:210987654321:rule/tunesmith-events"
    assert only["Condition"] == {"ArnEquals": {"aws:SourceArn": name}}
    assert rule["Name"] == name.rpartition("/")[2]

    tf = terraform(WHOLE)
    assert json.loads(tf["resource"]["aws_sqs_queue_policy"]["us_west_2"]["policy"])["Statement"] == [only]
    assert set(tf["resource"]["aws_sqs_queue"]) == {"us_west_2", "us_west_2_left"}
    assert (
        json.loads(tf["resource"]["aws_cloudwatch_event_rule"]["us_west_2"]["event_pattern"])
        == rule["EventPattern"]
    )
    assert tf["output"]["TUNESMITH_EVENT_QUEUES"]["value"] == "us-west-2=${aws_sqs_queue.us_west_2.id}"
    assert "TUNESMITH_EVENT_QUEUES" not in terraform(MINE)["output"]


def test_a_key_of_another_account_may_be_looked_at_as_each_of_the_own_may() -> None:
    """Making a model that it encrypts needs that, beside what uses the key."""
    other = KEY.replace(":210987654321:", ":111122223333:")
    own = "arn:aws:kms:*:210987654321:key/*"
    for keys, seen in (((KEY,), own), ((KEY, other), [own, other])):
        by_sid = {each["Sid"]: each for each in bot_policy(replace(MINE, keys=keys))["Statement"]}
        assert by_sid["LooksAtKeys"]["Resource"] == seen


def test_a_guardrail_that_works_across_regions_may_be_asked() -> None:
    may = dict(statements(bot_policy(WHOLE)))["Guardrails"]["Resource"]
    assert may == [
        "arn:aws:bedrock:*:210987654321:guardrail/*",
        "arn:aws:bedrock:*:210987654321:guardrail-profile/*",
    ]


@pytest.mark.parametrize("length", [64, 65, 75, 76, 80])
def test_whatever_a_queue_is_called_its_rule_and_its_second_queue_can_be_made(length: int) -> None:
    """A queue's name may be longer than a rule's, by the service model of EventBridge."""
    limits = get_session().get_service_model("events").shape_for("RuleName").metadata
    queue = f"arn:aws:sqs:us-west-2:210987654321:{'q' * length}"
    account = replace(WHOLE, queues=(queue,))
    made = cloudformation(account)["Resources"]
    tf = terraform(account)["resource"]
    rule = made["EventsRule"]["Properties"]["Name"]

    assert rule == tf["aws_cloudwatch_event_rule"]["us_west_2"]["name"]
    assert len(rule) <= limits["max"]
    assert made["Events"]["Properties"]["QueueName"] == "q" * length
    left = made["EventsLeft"]["Properties"]["QueueName"]
    assert left == tf["aws_sqs_queue"]["us_west_2_left"]["name"]
    assert len(left) <= 80
    [only] = made["EventsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert only["Condition"]["ArnEquals"]["aws:SourceArn"].endswith(f":rule/{rule}")


def test_terraform_has_the_same_bucket_for_every_region() -> None:
    made = terraform(WHOLE)["resource"]
    of_buckets = {kind: each for kind, each in made.items() if kind.startswith("aws_s3_")}

    assert len(of_buckets) == 7
    for kind, each in of_buckets.items():
        assert set(each) == {"us_west_2", "us_east_1"}
        assert each["us_east_1"]["provider"] == "aws.us_east_1", kind
        if kind != "aws_s3_bucket":
            assert each["us_east_1"]["bucket"] == "${aws_s3_bucket.us_east_1.id}"
    assert json.loads(made["aws_iam_role"]["bedrock"]["assume_role_policy"]) == trust_policy(WHOLE)
    assert json.loads(made["aws_iam_policy"]["bot1"]["policy"]) == bot_policies(WHOLE)[0]
    assert terraform(WHOLE)["output"]["attach_to_the_bot"] == {"value": ["${aws_iam_policy.bot1.arn}"]}


@pytest.mark.parametrize("name", config.secret_names())
def test_whatever_secret_the_settings_keep_in_secrets_manager_may_be_read(name: str) -> None:
    result = CliRunner().invoke(app, ["iam"], env={f"{name}_SECRET": "kept"})
    [may] = [each for each in json.loads(result.output)["Statement"] if each["Sid"] == "Secrets"]
    assert may["Resource"] == ["arn:aws:secretsmanager:*:123456789012:secret:kept-??????"]


@pytest.mark.parametrize(
    ("named", "allowed"),
    [
        ("kept", "arn:aws:secretsmanager:*:210987654321:secret:kept-??????"),
        (
            "arn:aws:secretsmanager:us-east-1:1:secret:kept",
            "arn:aws:secretsmanager:us-east-1:1:secret:kept-??????",
        ),
        (
            "arn:aws:secretsmanager:us-east-1:1:secret:kept-AbC1eF",
            "arn:aws:secretsmanager:us-east-1:1:secret:kept-AbC1eF",
        ),
    ],
)
def test_a_secret_may_be_read_however_it_is_named(named: str, allowed: str) -> None:
    """Secrets Manager finds one by an ARN without the letters at its end, and a policy does not."""
    may = dict(statements(bot_policy(replace(MINE, secrets=(named,)))))["Secrets"]
    assert may["Resource"] == [allowed]


@pytest.mark.parametrize(
    "which", ["bot", "role", "trust", "bot-trust", "caller", "cloudformation", "terraform"]
)
def test_the_command_fills_in_what_the_settings_say(which: str) -> None:
    settings = {
        "TUNESMITH_BUCKETS": "us-west-2=west,us-east-1=east",
        "TUNESMITH_ROLE_ARN": MINE.role_arn,
        "TUNESMITH_MODEL_KEYS": f"us-west-2={KEY}",
        "REDIS_URL_SECRET": "redis",
        "TUNESMITH_EVENT_QUEUES": "us-west-2=https://sqs.us-west-2.amazonaws.com/210987654321/tunesmith-events",
    }

    result = CliRunner().invoke(app, ["iam", which], env=settings)

    assert result.exit_code == 0
    make = {
        "bot": bot_policy,
        "role": role_policy,
        "trust": trust_policy,
        "bot-trust": bot_trust,
        "caller": caller_policy,
        "cloudformation": cloudformation,
        "terraform": terraform,
    }[which]
    assert json.loads(result.output) == make(replace(MINE, keys=(KEY,), secrets=("redis",), queues=(QUEUE,)))
    named = CliRunner().invoke(app, ["iam", which, "--events", "mine"], env=settings)
    both = tuple(f"arn:aws:sqs:{each}:210987654321:mine" for each in MINE.regions)
    assert json.loads(named.output) == make(replace(MINE, keys=(KEY,), secrets=("redis",), queues=both))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--buckets", "west"],
        ["--role", "tuning"],
        ["--bot", "me"],
        ["--keys", "mine"],
        ["--region", "eu-west-1"],
        ["--events", "https://mine"],
        ["--caller", "me"],
    ],
)
def test_what_is_no_bucket_role_or_key_is_wrong_use(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["iam", *arguments]).exit_code == 2
