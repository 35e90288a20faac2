"""``tunesmith iam``: what AWS must allow, as policies to paste into IAM."""

import json
import re
from enum import StrEnum
from typing import Annotated

import typer

from bot.adapters.iam_policies import Account, bot_policy, role_policy, trust_policy


class Which(StrEnum):
    """Whose policy: the bot's own, the role's that Bedrock takes, or who may take that role."""

    BOT = "bot"
    ROLE = "role"
    TRUST = "trust"


_POLICIES = {Which.BOT: bot_policy, Which.ROLE: role_policy, Which.TRUST: trust_policy}
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/.+")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("iam")(command)


def command(
    which: Annotated[
        Which,
        typer.Argument(help="The bot's own policy, the role's that Bedrock takes, or its trust policy."),
    ] = Which.BOT,
    buckets: Annotated[
        str | None,
        typer.Option(
            metavar="REGION=BUCKET,…", envvar="TUNESMITH_BUCKETS", help="The buckets of the bot's settings."
        ),
    ] = None,
    role_arn: Annotated[
        str | None,
        typer.Option(
            "--role", metavar="ARN", envvar="TUNESMITH_ROLE_ARN", help="The role that Bedrock takes."
        ),
    ] = None,
) -> None:
    """Print a policy for AWS IAM: paste it into *Policies*, *Create policy*, *JSON*.

    What the bot's settings say is filled in; the rest are placeholders: account 123456789012, my-bucket.
    """
    print(json.dumps(_POLICIES[which](_account(buckets, role_arn)), indent=2))


def _account(buckets: str | None, role_arn: str | None) -> Account:
    plain = Account()
    regions, names = plain.regions, plain.buckets
    if buckets:
        pairs = [each.strip().partition("=") for each in buckets.split(",") if each.strip()]
        if not all(region and bucket for region, _, bucket in pairs):
            raise typer.BadParameter("write it as REGION=BUCKET,REGION=BUCKET", param_hint="--buckets")
        regions = tuple(dict.fromkeys(region.strip() for region, _, _ in pairs))
        names = tuple(dict.fromkeys(bucket.strip() for _, _, bucket in pairs))
    if not role_arn:
        return Account(regions=regions, buckets=names)
    found = _ROLE.fullmatch(role_arn)
    if found is None:
        raise typer.BadParameter("a role's ARN is arn:aws:iam::ACCOUNT:role/NAME", param_hint="--role")
    return Account(found[1], regions, names, role_arn)
