"""The steps of ``tunesmith setup``: what is asked for, in which order, and where somebody finds it."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
"""What Slack's signing secrets are like. It is nowhere promised, so that another one is told and not refused."""


@dataclass(frozen=True, slots=True)
class Step:
    """One setting that is asked for."""

    name: str
    title: str
    where: str
    """Where it is found, or what it is for."""
    prompt: str
    secret: bool = False
    may_skip: str = ""
    """What it means to leave it out; empty when it cannot be."""
    made: Callable[[], str] | None = None
    """Makes a value for whoever enters none."""
    beside: tuple[str, ...] = ()
    """Settings that a value may need beside it: where what speaks against it names one, it is offered."""


STEPS = (
    Step(
        "SLACK_BOT_TOKEN",
        "Slack: the app",
        "`tunesmith manifest` prints the app's manifest. At https://api.slack.com/apps press Create New App, From a\n"
        "manifest, paste it, and install the app to your workspace. Its bot token is under OAuth & Permissions.",
        "Bot token (xoxb-…)",
        secret=True,
    ),
    Step(
        "SLACK_APP_TOKEN",
        "Slack: how it reaches the bot",
        "Under Basic Information, App-Level Tokens: generate one with the scope connections:write. Then nothing has\n"
        "to reach the bot from outside.",
        "App-level token (xapp-…)",
        secret=True,
        may_skip="Slack's requests are to come by HTTP instead",
    ),
    Step(
        "SLACK_SIGNING_SECRET",
        "Slack: its signature",
        "Under Basic Information, App Credentials. `tunesmith manifest --http https://…` prints the manifest\n"
        "for HTTP.",
        "Signing secret",
        secret=True,
    ),
    Step(
        "REDIS_URL",
        "Redis",
        "Redis 6.2 or Valkey 7.2 and later, with an append-only file and noeviction: redis://HOST:6379/0, or with a\n"
        "password and TLS rediss://USER:PASSWORD@HOST:6379/0.",
        "Address of Redis",
        secret=True,
        beside=("TUNESMITH_REDIS_TLS", "TUNESMITH_REDIS_FORM"),
    ),
    Step(
        "TUNESMITH_BUCKETS",
        "AWS: the buckets",
        "A bucket in the region of each base model that you want to tune: us-west-2=my-bucket,us-east-1=other.\n"
        "`tunesmith iam cloudformation` prints a template of buckets, role and policy, `tunesmith iam terraform` the\n"
        "same for Terraform.",
        "Buckets (REGION=BUCKET,…)",
    ),
    Step(
        "TUNESMITH_ROLE_ARN",
        "AWS: the role that Bedrock takes",
        "The template's output has it; `tunesmith iam role` and `tunesmith iam trust` print its policies alone.",
        "Role (arn:aws:iam::…:role/…)",
    ),
    Step(
        "TUNESMITH_OPERATOR",
        "People: who hears of faults and of money",
        "A person (@ada, or the ID) or a channel (#tunesmith-ops).",
        "Operator",
        may_skip="the approvers hear of it",
    ),
    Step(
        "TUNESMITH_TRAINERS",
        "People: who may spend",
        "Those who may start jobs and leases: people, user groups, channels, with commas between: @ada,@ml-team. "
        "Nobody else spends anything.",
        "Trainers",
        may_skip="nobody may spend yet",
    ),
    Step(
        "TUNESMITH_APPROVERS",
        "People: who approves what costs more",
        "Those who agree to what is over TUNESMITH_APPROVAL_LIMIT_USD (25 dollars): @tess, or a user group.",
        "Approvers",
        may_skip="nobody approves, so nothing over the limit is spent",
    ),
    Step(
        "TUNESMITH_BUDGETS",
        "Money: caps of a month",
        "US dollars that nothing goes over: all=500,#claims-ai=200.",
        "Budgets",
        may_skip="there is no cap",
    ),
    Step(
        "TUNESMITH_AUDIT_KEY",
        "Audit: what seals it",
        "What is decided is sealed under a secret that Redis does not have. Every process of the bot needs the same,\n"
        "and so does `tunesmith audit`, which says with it whether anything was changed.",
        "Secret (32 characters and more)",
        secret=True,
        may_skip="one is made",
        made=lambda: secrets.token_hex(32),
    ),
)
