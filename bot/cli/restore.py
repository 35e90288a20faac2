"""``tunesmith restore``: a backup put back into an empty Redis."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import env_file


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("restore")(command)


def command(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="What `tunesmith backup` wrote.", exists=True, dir_okay=False, readable=True
        ),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Only read it and say whether it is whole; no Redis is asked.")
    ] = False,
) -> None:
    """Put a backup back under its prefix, which must be empty: stop every process of the bot first.

    What was done in AWS and Slack since then is found again by reading them.
    """
    from storage import backup

    if check:
        found = backup.look(path)
        print(f"{path} is whole: {found.count:,} keys of `{found.prefix}`, written {found.at}.")
        return
    from bot import config
    from bot.run_only import Only
    from bot.wiring.clusters import client_of
    from bot.wiring.outside import outside
    from storage.keys import Keys

    env_file.load(Path.cwd() / ".env", os.environ)
    settings = config.load(only=Only.WORKER, outside=outside())
    with client_of(settings) as client:
        found = backup.restore(client, Keys(settings.redis_prefix), path)
    left_out = f" {found.ended:,} whose time is over were left out." if found.ended else ""
    print(f"{found.count:,} keys of `{found.prefix}` are back, as of {found.at}.{left_out}")
