"""The doctor on a set-up that is well, and on the same with one thing after another broken."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from pydantic import SecretStr
from redis import Redis
from typer.testing import CliRunner

from bot import config
from bot.adapters.aws_clients import AwsClients
from bot.adapters.event_templates import policy
from bot.adapters.iam_policies import Account, bot_policy, role_policy, trust_policy
from bot.adapters.slack_clients import reading_client
from bot.checkup import Level, examine
from bot.cli import app
from bot.doctor import EveryLook, Surroundings, looks
from bot.playground.bedrock import BedrockStandIn, SimulatedClock
from bot.playground.bedrock.lifecycle import ended_table
from bot.playground.slack import SlackStandIn
from bot.profiles.model import Term
from bot.wiring.setting_up import look_at
from handlers import manifest
from handlers.register import all_events
from storage.clients import interactive
from storage.keys import Keys
from storage.redis_inbox import RedisHeartbeats, RedisInbox
from tests.doubles.clock import FakeClock
from tests.tables import table

pytestmark = [pytest.mark.redis_server, pytest.mark.slow, pytest.mark.scenario]

ROOT = Path(__file__).resolve().parents[2]
WEST = "us-west-2"
RULE = {
    "ID": "broken-uploads",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}


ARCHIVES = {
    "ID": "archive",
    "Status": "Enabled",
    "Filter": {"Prefix": "datasets/"},
    "Transitions": [{"Days": 90, "StorageClass": "DEEP_ARCHIVE"}],
}
EXPIRES = {"ID": "expires", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}


@dataclass
class SetUp:
    """A bot's surroundings: everything may be changed before it is looked at."""

    surroundings: Surroundings
    bedrock: BedrockStandIn
    slack: SlackStandIn
    s3: Any
    iam: Any
    bucket: str
    environment: dict[str, str]


Row = tuple[str, Callable[[], object], str, str]
"""What is looked at, what breaks it, the line that tells it, and words of it. A row leaves broken what it broke."""


@pytest.fixture
def well(monkeypatch: pytest.MonkeyPatch, redis_client: Redis, redis_keys: Keys) -> Iterator[SetUp]:
    with (
        BedrockStandIn(clock=SimulatedClock.manual(datetime.now(UTC))) as bedrock,
        SlackStandIn(manifest=manifest.build("socket", None), rate_limits=False) as slack,
    ):
        for name, value in bedrock.environment().items():
            monkeypatch.setenv(name, value)
        session = boto3.Session(aws_access_key_id="playground", aws_secret_access_key="playground")
        aws, bucket = AwsClients(lambda: session), bedrock.buckets[WEST]
        environment = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "REDIS_URL": "redis://localhost:1",
            "TUNESMITH_BUCKETS": f"{WEST}={bucket}",
            "TUNESMITH_ROLE_ARN": bedrock.role_arn,
            "TUNESMITH_AUDIT_KEY": "k" * 32,
        }
        s3 = aws.s3(WEST)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_public_access_block(
            Bucket=bucket,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": True,
                "RestrictPublicBuckets": True,
            },
        )
        rules(s3, bucket, RULE)
        RedisHeartbeats(redis_client, redis_keys).beat("me")
        for event in ("message", "agent_session_stopped"):
            RedisInbox(redis_client, redis_keys).first_time(f"event:{event}:Ev1")
        surroundings = Surroundings(
            settings=config.load(environment),
            slack=reading_client(slack.bot_token, slack.api_url),
            aws=aws,
            redis=redis_client,
            keys=redis_keys,
            clock=FakeClock(datetime.now(UTC)),
            scopes=manifest.scopes(),
            optional_scopes=manifest.OPTIONAL,
            events=[each.name for each in all_events()],
        )
        yield SetUp(surroundings, bedrock, slack, s3, aws.iam(bedrock.role_arn), bucket, environment)


def rules(s3: Any, bucket: str, *rules: dict[str, Any]) -> None:
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": list(rules)})


def settings(well: SetUp, **changes: Any) -> Callable[[], Surroundings]:
    """The same surroundings, with other settings."""
    return lambda: replace(well.surroundings, settings=well.surroundings.settings.model_copy(update=changes))


def slack(well: SetUp, token: str = "", url: str = "") -> Callable[[], Surroundings]:
    client = reading_client(token or well.slack.bot_token, url or well.slack.api_url)
    return lambda: replace(well.surroundings, slack=client)


def at_slack(well: SetUp) -> list[Row]:
    redis, keys = well.surroundings.redis, well.surroundings.keys
    return [
        ("Audit", settings(well, audit_key=None), "warning: Audit", "TUNESMITH_AUDIT_KEY"),
        ("Slack token", slack(well, token="xoxb-nobody"), "bad: Slack token", "invalid_auth"),
        (
            "Slack token",
            slack(well, url="http://127.0.0.1:9/api/"),
            "bad: Slack token",
            "could not be reached",
        ),
        ("Slack token", lambda: lacks(well, "pins:write"), "bad: Slack scopes", "The app lacks pins:write"),
        (
            "Slack roles",
            settings(well, approvers=frozenset({"U0APPROVE1", "S0NOSUCH"})),
            "bad: Slack roles",
            "S0NOSUCH in TUNESMITH_APPROVERS gives nobody a role",
        ),
        (
            "Slack IDs",
            settings(well, operator="U0NOSUCH01", allowed_channels=frozenset({"C0NOSUCH01"})),
            "bad: Slack IDs",
            "U0NOSUCH01 in TUNESMITH_OPERATOR is nobody here",
        ),
        (
            "Slack's Socket Mode",
            settings(well, slack_app_token=SecretStr("xapp-nobody")),
            "bad: Slack's Socket Mode",
            "invalid_auth",
        ),
        (
            "Slack's events",
            lambda: redis.delete(keys.arrived("agent_session_stopped")),
            "warning: Slack's Stop",
            "Press Stop on an answer",
        ),
        (
            "Slack's events",
            lambda: redis.delete(keys.arrived("message")),
            "warning: Slack's events",
            "30 days",
        ),
        ("Slack's events", lambda: redis.delete(keys.heartbeats), "warning: The bot", "`tunesmith run`"),
        (
            "Redis",
            lambda: replace(well.surroundings, redis=interactive("redis://localhost:1")),
            "bad: Redis: reachable",
            "nothing listens at that host and port",
        ),
        (
            "Slack's clock",
            lambda: replace(well.surroundings, clock=FakeClock(datetime.now(UTC) - timedelta(hours=2))),
            "warning: Slack's clock",
            "ahead of this machine's",
        ),
    ]


def lacks(well: SetUp, scope: str) -> None:
    granted = well.slack._ws.manifest
    granted.scopes = tuple(each for each in granted.scopes if each != scope)


def at_aws(well: SetUp) -> list[Row]:
    s3, iam, bucket, bedrock = well.s3, well.iam, well.bucket, well.bedrock
    role = bedrock.role_arn.rpartition("/")[2]
    elsewhere = bedrock.role_arn.replace("123456789012", "210987654321")
    untrusting = json.dumps(trust_policy(Account())).replace("bedrock.amazonaws.com", "ec2.amazonaws.com")
    west = "in us-west-2"
    return [
        (
            "AWS's clock",
            lambda: replace(well.surroundings, clock=FakeClock(datetime.now(UTC) + timedelta(hours=2))),
            "warning: AWS's clock",
            "behind this machine's",
        ),
        (
            "AWS identity",
            settings(well, role_arn=elsewhere),
            "bad: AWS identity",
            "to a role in 123456789012",
        ),
        (
            "Buckets",
            settings(well, buckets={WEST: "none"}),
            f"bad: Bucket {west}",
            "There is no bucket `none`",
        ),
        (
            "Buckets",
            settings(well, buckets={"eu-west-1": bucket}),
            "bad: Bucket in eu-west-1",
            "is in us-west-2",
        ),
        (
            "Bucket's owner",
            settings(well, bucket_owner="210987654321"),
            f"bad: Bucket's owner {west}",
            "does not belong to the account",
        ),
        (
            "Bucket's versions",
            lambda: s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}),
            f"warning: Bucket's versions {west}",
            f"aws s3api put-bucket-versioning --bucket {bucket}",
        ),
        (
            "Bucket and the public",
            lambda: s3.delete_public_access_block(Bucket=bucket),
            f"warning: Bucket and the public {west}",
            "BlockPublicPolicy=true",
        ),
        (
            "Bucket's rules",
            lambda: rules(s3, bucket, RULE, ARCHIVES),
            f"bad: Bucket's rules {west}",
            "moves files to an archive",
        ),
        (
            "Bucket's rules",
            lambda: rules(s3, bucket, EXPIRES),
            f"bad: Bucket's rules {west}",
            "The rule `expires` removes plans",
        ),
        (
            "Bucket's rules",  # a command that sets rules replaces those that are switched off, too
            lambda: rules(s3, bucket, ARCHIVES | {"Status": "Disabled"}),
            f"warning: Bucket's rules {west}",
            "to its rules (1)",
        ),
        (
            "Bucket's rules",
            lambda: s3.delete_bucket_lifecycle(Bucket=bucket),
            f"warning: Bucket's rules {west}",
            "AbortIncompleteMultipartUpload",
        ),
        (
            "Role",
            lambda: iam.update_assume_role_policy(RoleName=role, PolicyDocument=untrusting),
            "bad: Role's trust",
            "does not trust Bedrock",
        ),
        (
            "Role",
            lambda: iam.delete_role_policy(RoleName=role, PolicyName="data"),
            f"bad: Role's rights {west}",
            "tunesmith iam role",
        ),
        (
            "Role",
            lambda: iam.delete_user_policy(UserName="playground", PolicyName="bot"),
            "bad: Handing the role over",
            "`iam:PassRole`",
        ),
        (
            "My rights at AWS",
            lambda: lets(well, "bedrock:*", "s3:*"),
            "bad: My rights at AWS",
            "I am not allowed iam:PassRole.",
        ),
        (
            "My rights at AWS",
            lambda: iam.put_user_policy(
                UserName="playground",
                PolicyName="bot",
                PolicyDocument=json.dumps(without(well, "LooksAtKeys", "Figures")),
            ),
            "warning: My rights at AWS, to look",
            "I am not allowed cloudwatch:GetMetricData, kms:DescribeKey, servicequotas:ListServiceQuotas",
        ),
        ("Bases", settings(well, base_model="nova-lite"), "bad: Base nova-lite", "its region has no bucket"),
        (
            "Bases",
            lambda: bedrock.set_lifecycle(ended_table(datetime.now(UTC))),
            "bad: Base claude-3-haiku",
            "Set TUNESMITH_BASE_MODEL",
        ),
        (
            "Bedrock's events",
            lambda: queued(well, Policy=json.dumps(event_policy("arn:aws:iam::123456789012:root"))),
            "good: Bedrock's events in us-west-2",
            "nobody else",
        ),
        ("Bedrock's events", lambda: queued(well), "good: Bedrock's events in us-west-2", "nobody else"),
        (
            "Bedrock's events",
            lambda: queued(well, Policy=""),
            "bad: Bedrock's events in us-west-2",
            "EventBridge may not write",
        ),
        (
            "Bedrock's events",
            lambda: queued(well, Policy=json.dumps(event_policy("*"))),
            "warning: Bedrock's events in us-west-2",
            "Others may write to the queue",
        ),
        (
            "Bedrock's events",
            lambda: queued(well, SqsManagedSseEnabled="false"),
            "warning: Bedrock's events in us-west-2",
            "not encrypted",
        ),
        (
            "Bedrock's events",
            lambda: queued(well, ApproximateNumberOfMessages="5000"),
            "warning: Bedrock's events in us-west-2",
            "5000 messages wait",
        ),
        (
            "Bedrock's events",
            lambda: queued(well, missing=True),
            "warning: Bedrock's events in us-west-2",
            "There is no queue tunesmith-events in us-west-2. Jobs are polled meanwhile.",
        ),
        (
            "Models' keys",
            settings(well, model_keys={WEST: "arn:aws:kms:us-west-2:123456789012:key/none"}),
            f"bad: Models' key {west}",
            "There is no key `none`. Make it there, or name another. TUNESMITH_MODEL_KEYS",
        ),
        (
            "Guardrails",
            settings(well, guardrails={WEST: "playground1:1"}),
            f"good: Guardrail {west}",
            "`playground1:1` is ready.",
        ),
        (
            "Guardrails",
            settings(well, guardrails={WEST: "misspelt:1"}),
            f"bad: Guardrail {west}",
            "There is no guardrail `misspelt:1` in us-west-2. Correct TUNESMITH_GUARDRAILS",
        ),
        (
            "Terms",
            settings(well, commitment_terms=frozenset({Term.ONE_MONTH})),
            "warning: Terms: 1 month",
            "TUNESMITH_PRICES has it",
        ),
        (
            "Quotas",
            lambda: setattr(bedrock.world.quotas, "model_units", 0),
            f"warning: Model units {west}",
            "Ask AWS Support",
        ),
    ]


def queued(well: SetUp, *, missing: bool = False, **attributes: str) -> Surroundings:
    """Return the same with a queue of events that is like that."""
    queues = well.bedrock.world.queues
    queues.missing = {WEST} if missing else set()
    queues.attributes[WEST] = attributes
    return settings(well, event_queues={WEST: queues.url(WEST)})()


def event_policy(who: str) -> dict[str, Any]:
    """Return the template's policy, with somebody else let in beside the rule and the owner."""
    queue = "arn:aws:sqs:us-west-2:123456789012:tunesmith-events"
    made = policy(queue, "arn:aws:events:us-west-2:123456789012:rule/tunesmith-events")
    write = {"Effect": "Allow", "Action": "sqs:*", "Resource": queue}
    owner = "arn:aws:iam::123456789012:root"
    others = [write | {"Principal": {"AWS": owner}}, write | {"Principal": {"AWS": who}}]
    return made | {"Statement": [*made["Statement"], *others]}


def lets(well: SetUp, *actions: str) -> None:
    """Let the bot do this and nothing else."""
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    well.iam.put_user_policy(UserName="playground", PolicyName="bot", PolicyDocument=json.dumps(policy))


def without(well: SetUp, *sids: str) -> dict[str, Any]:
    """Return the bot's own policy without these statements."""
    policy = bot_policy(account(well))
    return policy | {"Statement": [each for each in policy["Statement"] if each["Sid"] not in sids]}


def account(well: SetUp) -> Account:
    return Account(
        regions=(WEST,),
        buckets=(well.bucket,),
        role_arn=well.bedrock.role_arn,
        bot_arn="arn:aws:iam::123456789012:user/playground",
    )


def test_what_is_well_is_said_to_be_well_and_what_is_broken_with_what_mends_it(well: SetUp) -> None:
    # with the very policies that `tunesmith iam` prints
    well.iam.put_user_policy(
        UserName="playground", PolicyName="bot", PolicyDocument=json.dumps(bot_policy(account(well)))
    )
    well.iam.put_role_policy(
        RoleName=well.bedrock.role_arn.rpartition("/")[2],
        PolicyName="data",
        PolicyDocument=json.dumps(role_policy(account(well))),
    )
    found = examine(looks(), well.surroundings, well.surroundings.clock)
    assert [each for each in found if each.level is not Level.GOOD] == []
    assert len(found) > 25
    seen: set[str] = set()
    with table() as row:
        for about, spoil, line, words in [*at_slack(well), *at_aws(well)]:
            with row(about, line):
                spoilt = spoil()
                surroundings = spoilt if isinstance(spoilt, Surroundings) else well.surroundings
                [look] = [each for each in looks() if each.about == about]
                lines = examine([look], surroundings, surroundings.clock)
                told = {f"{each.level}: {each.about}": f"{each.said} {each.mend}" for each in lines}
                assert words in told.get(line, ""), told
                seen.add(about)
    # the rest: what cannot be spoilt in a stand-in, or is no more than told
    assert {each.about for each in looks()} - seen == {
        "Redis: latency",
        "Bucket's encryption",
    }


def test_what_setup_looks_at_of_people_is_what_was_entered_and_nothing_else(well: SetUp) -> None:
    given = well.environment | {"TUNESMITH_TRAINERS": "U0NOSUCH01", "TUNESMITH_OPERATOR": "U0NOSUCH01"}
    entered = {
        "TUNESMITH_TRAINERS": ("U0NOSUCH01", "nobody here"),
        "TUNESMITH_APPROVERS": ("C0CLAIMSAI", "whoever likes may join it"),
        "TUNESMITH_OPERATOR": ("C0NOSUCH01", "no channel that I see"),
        "TUNESMITH_BUDGETS": ("C0NOSUCH01=5", "no channel that I see"),
    }
    with table() as row:
        for name, (value, words) in entered.items():
            with row(name):
                [line] = [
                    each for each in look_at(name, given | {name: value}) if each.level is not Level.GOOD
                ]
                assert (line.level, words in line.said, name in line.said) == (Level.BAD, True, True)


def test_one_that_only_listens_says_nothing_of_aws(well: SetUp) -> None:
    lets(well, "bedrock:Nothing")
    found = EveryLook(well.surroundings, listens_only=True).examine()
    assert [(each.about, each.level) for each in found if each.level is not Level.GOOD] == [
        ("AWS", Level.WARNING)
    ]
    assert {"Slack token", "Redis: version", "Slack's clock"} <= {each.about for each in found}


def test_the_command_exits_by_the_worst_line(
    well: SetUp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.wiring.doctor.doctor", lambda _: EveryLook(well.surroundings))
    for name, value in well.environment.items():
        monkeypatch.setenv(name, value)
    runner = CliRunner()

    well_said = runner.invoke(app, ["doctor", "--json"])
    assert well_said.exit_code == 0
    assert {each["level"] for each in json.loads(well_said.output)} == {"good"}
    assert runner.invoke(app, ["doctor", "--quiet"]).output == ""

    well.s3.delete_public_access_block(Bucket=well.bucket)
    worse = runner.invoke(app, ["doctor", "-q"])
    assert worse.exit_code == 1
    assert "warn Bucket and the public in us-west-2" in worse.output
    assert "good" not in worse.output

    monkeypatch.setenv("TUNESMITH_BUDGET", "all=5")
    wrong = runner.invoke(app, ["doctor", "--json"])
    assert wrong.exit_code == 2
    assert "Did you mean `TUNESMITH_BUDGETS`?" in wrong.output
    assert well.slack.bot_token not in well_said.output + worse.output + wrong.output


def test_it_prints_its_own_lines_alone(well: SetUp, tmp_path: Path) -> None:
    """The parts of the bot that it looks with log what they meet, and Python writes what nobody takes to stderr."""
    named = {"TUNESMITH_TRAINERS": "S0NOGROUP1,C0NOWHERE1", "TUNESMITH_OPERATOR": "U0TRAINER1"}
    environment = os.environ | well.environment | named | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "doctor"]
    ran = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.stderr == ""
    assert ran.returncode == 2
    assert "bad  Redis: reachable:" in ran.stdout
    assert all(line.startswith(("good ", "warn ", "bad  ", "     ")) for line in ran.stdout.splitlines())
