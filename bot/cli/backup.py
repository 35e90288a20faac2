"""``tunesmith backup``: everything that the bot keeps in Redis, as one file."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import env_file


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("backup")(command)


def command(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, `…json.gz`; it must not be there yet.")
    ],
) -> None:
    """Write what the bot keeps in Redis into a file that only you can read. It may run meanwhile.

    Questions and answers of the last 30 days are in it: keep it as you keep Redis.
    """
    from bot import config
    from bot.clock import SystemClock
    from bot.errors import Misconfigured
    from bot.run_only import Only
    from bot.wiring.clusters import client_of
    from bot.wiring.outside import outside
    from storage import backup
    from storage.keys import Keys

    env_file.load(Path.cwd() / ".env", os.environ)
    settings = config.load(only=Only.WORKER, outside=outside())
    with client_of(settings) as client:
        written = backup.back_up(client, Keys(settings.redis_prefix), path, SystemClock().now())
    if not written.count:
        path.unlink()
        raise Misconfigured(
            f"There is nothing in Redis under `{written.prefix}`, so no file was written.",
            hint="Look whether TUNESMITH_REDIS_PREFIX and REDIS_URL are those of the bot.",
        )
    print(f"{path}: {written.count:,} keys of `{written.prefix}`, {path.stat().st_size:,} bytes.")
