"""``tunesmith moved``: says that a private channel has another ID at Slack, where the bot was not there to hear it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import env_file

if TYPE_CHECKING:
    from redis import Redis

    from bot.config import Settings

ACTOR = "whoever has the terminal"
"""Who says it, in the audit: no person of Slack's."""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("moved")(command)


def command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The ID that the channel had.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The ID that Slack has for it now.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether they are one channel.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back that OLD is NEW.")] = False,
) -> None:
    """Say that a private channel has had another ID since it was shared by Slack Connect.

    Slack tells that once; this is for when the bot was away. All that came from OLD is for whoever is in NEW from then
    on. It is taken only where Slack says that NEW is a private channel that the bot is in, and has none under OLD; it
    says the latter of a channel, too, that the bot was only taken out of: so be sure. It is entered in the audit.
    """
    from bot import config
    from bot.clock import SystemClock
    from bot.run_only import Only
    from bot.wiring.clusters import client_of
    from bot.wiring.moves import channel_moves
    from bot.wiring.outside import outside
    from storage.keys import Keys
    from storage.redis_memberships import RedisMembers
    from storage.redis_moves import RedisMoves

    env_file.load(Path.cwd() / ".env", os.environ)
    settings = config.load(only=Only.WORKER, outside=outside())
    with client_of(settings) as client:
        keys = Keys(settings.redis_prefix)
        moves = channel_moves(settings, RedisMoves(client, keys), SystemClock())
        if undo:
            moves.check_said(old, new)
        else:
            moves.check_may_be_said(old, new)
            name = _private_name(settings, new)
            if not yes:
                typer.confirm(
                    f"All that came from {old} is for everybody in #{name} ({new}) then. Is it that channel?",
                    abort=True,
                )
        _enter(settings, client, old, new, undo=undo)
        known_as = moves.unsaid(old, new) if undo else moves.changed(old, new)
        for each in (known_as, new):
            RedisMembers(client, keys).forget(each)
    print(f"{new} is a channel of its own again." if undo else f"{new} is known here as {known_as}.")


def _private_name(settings: "Settings", channel: str) -> str:
    """Return what the channel is called.

    Raises:
        Refused: it is public: only private ones get another ID.
    """
    from bot.adapters.slack_channel_memberships import described
    from bot.adapters.slack_clients import posting_client
    from bot.errors import Refused

    slack = posting_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    found = described(slack, channel) or {}
    if found.get("is_private") is not True:
        raise Refused(
            f"{channel} is no private channel, and Slack gives another ID to private ones alone.",
            hint="Look at the foot of the channel's details for its ID.",
        )
    return str(found.get("name") or channel)


def _enter(settings: "Settings", client: "Redis", old: str, new: str, *, undo: bool) -> None:
    """Enter it in the audit, before it is so: what is not entered is not done."""
    from bot.audit.decisions import Decision
    from bot.wiring.auditing import chain_of
    from storage.keys import Keys
    from storage.redis_audit import RedisAudit

    what = "took back that it moved" if undo else "said that it moved"
    trail = RedisAudit(client, Keys(settings.redis_prefix), chain_of(settings))
    trail.append(Decision(what, "channel", old, actor=ACTOR, channel=old, result=f"to {new}"))
