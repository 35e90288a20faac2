"""Tries of what the bot cannot work without: who the Slack token and the AWS credentials are, and the buckets."""

from collections.abc import Mapping
from functools import partial

from slack_sdk import WebClient

from bot.adapters.account_checks import AwsAccountChecks
from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.adapters.slack_errors import slack_call
from bot.errors import Cause, FaultText
from bot.readiness import Trial


def trials(slack: WebClient, aws: AwsClients, buckets: Mapping[str, str]) -> dict[str, Trial]:
    """Return a try for each thing; ``buckets`` maps regions to buckets. Only reads."""
    checks = AwsAccountChecks(aws, buckets)
    by_bucket = {
        f"the bucket in {region}": partial(_bucket, checks, region, name) for region, name in buckets.items()
    }
    return {
        **slack_trials(slack),
        # STS says the same in every region: with a bucket set, in one that is used anyway.
        "the AWS identity": partial(_identity, aws, next(iter(buckets), "us-east-1")),
        **by_bucket,
    }


def slack_trials(slack: WebClient) -> dict[str, Trial]:
    """Return a try for the token alone: all that a process needs which has nothing to do with AWS."""
    return {"the Slack token": partial(_token, slack)}


def _token(slack: WebClient) -> str:
    with slack_call("auth.test", writes=False):
        slack.auth_test()
    return ""


def _identity(aws: AwsClients, region: str) -> str:
    with translated("GetCallerIdentity"):
        aws.sts(region).get_caller_identity()
    return ""


def _bucket(checks: AwsAccountChecks, region: str, name: str) -> str:
    found = checks.bucket(region)
    if found.ok:
        return ""
    return FaultText(f"{found.sentence} {found.mend}".strip(), Cause.bucket(name))
