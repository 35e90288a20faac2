"""``tunesmith iam``: what AWS must allow, as policies to paste into IAM, or as a template of everything."""

import json
import os
import re
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.event_templates import arn_of
from bot.adapters.iam_policies import (
    Account,
    Json,
    bot_policy,
    bot_trust,
    caller_policy,
    role_policy,
    trust_policy,
)
from bot.adapters.iam_templates import cloudformation, terraform
from bot.cli import env_file


class Which(StrEnum):
    """Whose policy it is, or a template of all."""

    BOT = "bot"
    ROLE = "role"
    TRUST = "trust"
    BOT_TRUST = "bot-trust"
    CALLER = "caller"
    CLOUDFORMATION = "cloudformation"
    TERRAFORM = "terraform"


_ROLE = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/.+")
_WHO = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/.+")
_QUEUE, _QUEUE_URL = re.compile(r"[A-Za-z0-9_-]{1,75}"), re.compile(r"https://sqs\.[^/]+/\d{12}/[\w-]+")
_KEY = re.compile(r"arn:aws[a-z-]*:(kms):[a-z0-9-]+:\d{12}:key/.+")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("iam")(command)


def command(
    which: Annotated[
        Which,
        typer.Argument(
            help="The bot's own policy, the role's that Bedrock takes, its trust policy; where the bot takes a role, "
            "its trust policy and what its caller needs; or a template of all with the buckets."
        ),
    ] = Which.BOT,
    buckets: Annotated[
        str | None,
        typer.Option(metavar="REGION=BUCKET,…", help="The buckets; else those of the bot's settings."),
    ] = None,
    role_arn: Annotated[
        str | None,
        typer.Option("--role", metavar="ARN", help="The role that Bedrock takes; else that of the settings."),
    ] = None,
    bot_arn: Annotated[
        str | None,
        typer.Option(
            "--bot",
            metavar="ARN",
            help="The role or user that the bot is; else the role that the settings have it take, or tunesmith-bot.",
        ),
    ] = None,
    caller: Annotated[
        str | None,
        typer.Option(
            metavar="ARN", help="Who takes the bot's role, in another account maybe; else nobody does."
        ),
    ] = None,
    keys: Annotated[
        str | None,
        typer.Option("--keys", metavar="ARN,…", help="Your keys of KMS for buckets and models."),
    ] = None,
    events: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A queue of this name in each region, with Bedrock's events; else those of the settings.",
        ),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(
            metavar="REGION", help="CloudFormation: another region's stack, with its bucket and queue alone."
        ),
    ] = None,
) -> None:
    """Print a policy for AWS IAM: paste it into *Policies*, *Create policy*, *JSON*.

    What the bot's settings say is filled in; the rest are placeholders: account 123456789012, my-bucket.
    """
    settings = dict(os.environ)
    env_file.load(Path.cwd() / ".env", settings)
    account = _account(
        settings,
        buckets or settings.get("TUNESMITH_BUCKETS"),
        role_arn or settings.get("TUNESMITH_ROLE_ARN"),
        bot_arn or settings.get("TUNESMITH_ASSUME_ROLE"),
        keys or ",".join(_values(settings.get("TUNESMITH_MODEL_KEYS", ""))),
    )
    if caller and not _WHO.fullmatch(caller):
        raise typer.BadParameter(
            "write it as arn:aws:iam::ACCOUNT:role/NAME or …:user/NAME", param_hint="--caller"
        )
    account = replace(
        account,
        caller_arn=caller or "",
        external_id=settings.get("TUNESMITH_ASSUME_ROLE_EXTERNAL_ID", ""),
    )
    account = replace(account, queues=_queues(account, events, settings.get("TUNESMITH_EVENT_QUEUES", "")))
    if region and region not in account.regions:
        raise typer.BadParameter(f"no bucket is named for {region}", param_hint="--region")
    print(json.dumps(_made(which, account, region or ""), indent=2))


def _made(which: Which, account: Account, region: str) -> Json:
    match which:
        case Which.BOT:
            return bot_policy(account)
        case Which.ROLE:
            return role_policy(account)
        case Which.TRUST:
            return trust_policy(account)
        case Which.BOT_TRUST:
            return bot_trust(account)
        case Which.CALLER:
            return caller_policy(account)
        case Which.CLOUDFORMATION:
            return cloudformation(account, region)
        case Which.TERRAFORM:
            return terraform(account)


def _queues(account: Account, name: str | None, urls: str) -> tuple[str, ...]:
    """Return the queues' ARNs: of that name in each region, or those of the settings."""
    if name is not None:
        if not _QUEUE.fullmatch(name):
            raise typer.BadParameter("a queue's name has letters, digits, - and _", param_hint="--events")
        return tuple(account.arn("sqs", each, account.number, name) for each in account.regions)
    found = [each for each in _values(urls) if each]
    if not all(map(_QUEUE_URL.fullmatch, found)):
        raise typer.BadParameter("TUNESMITH_EVENT_QUEUES is not REGION=URL", param_hint="--events")
    return tuple(arn_of(each, account.partition) for each in found)


def _values(pairs: str) -> list[str]:
    return [each.partition("=")[2].strip() for each in pairs.split(",") if each.strip()]


def _account(
    settings: dict[str, str], buckets: str | None, role_arn: str | None, bot_arn: str | None, keys: str | None
) -> Account:
    from bot.config import secret_names
    from bot.setting_secrets import IN_MANAGER

    plain = Account()
    regions, names, role, number = plain.regions, plain.buckets, plain.role_arn, plain.number
    if buckets:
        pairs = [each.strip().partition("=") for each in buckets.split(",") if each.strip()]
        by_region = {region.strip(): bucket.strip() for region, _, bucket in pairs}
        if not all(region and bucket for region, bucket in by_region.items()):
            raise typer.BadParameter("write it as REGION=BUCKET,REGION=BUCKET", param_hint="--buckets")
        regions, names = tuple(by_region), tuple(by_region.values())
    if role_arn:
        found = _ROLE.fullmatch(role_arn)
        if found is None:
            raise typer.BadParameter("a role's ARN is arn:aws:iam::ACCOUNT:role/NAME", param_hint="--role")
        role, number = role_arn, found[1]
    if bot_arn and not _WHO.fullmatch(bot_arn):
        raise typer.BadParameter(
            "write it as arn:aws:iam::ACCOUNT:role/NAME or …:user/NAME", param_hint="--bot"
        )
    named = [each.strip() for each in (keys or "").split(",") if each.strip()]
    if not all(map(_KEY.fullmatch, named)):
        raise typer.BadParameter("a key's ARN is arn:aws:kms:REGION:ACCOUNT:key/ID", param_hint="--keys")
    forms = [name + IN_MANAGER for name in secret_names()]
    secrets = sorted({settings[each] for each in forms if settings.get(each)})
    return Account(number, regions, names, role, bot_arn or "", keys=tuple(named), secrets=tuple(secrets))
