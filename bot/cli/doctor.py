"""``tunesmith doctor``: everything that the bot needs is looked at, and what is not well has the line that mends it."""

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import env_file

if TYPE_CHECKING:
    from bot.checkup import Line
    from bot.config import Settings

STATUS = {"good": 0, "warning": 1, "bad": 2}
"""The exit status by the worst line, as monitoring plugins have it (monitoring-plugins.org/doc/guidelines.html)."""
_SIGNS = {"good": "[green]good[/]", "warning": "[yellow]warn[/]", "bad": "[bold red]bad [/]"}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("doctor")(command)


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print the lines as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Leave out what is well.")] = False,
) -> None:
    """Look at Slack, Redis, AWS and the clocks with the bot's own settings. Only reads.

    The exit status is that of the worst line: 0 good, 1 a warning, 2 bad.
    """
    from bot import checkup
    from bot.errors import Misconfigured

    log_nothing()
    try:
        lines = _examined(_settings())
    except Misconfigured as error:
        lines = [checkup.bad("Settings", str(error.message), str(error.hint))]
    if as_json:
        print(json.dumps([asdict(each) for each in lines], indent=2))
    else:
        _show([each for each in checkup.folded(lines) if not (quiet and each.level is checkup.Level.GOOD)])
    raise typer.Exit(STATUS[checkup.worst(lines)])


def log_nothing() -> None:
    """Have nothing logged: Python writes what nobody takes to standard error, between our own lines.

    What a part of the bot would log of what it meets here, a look tells in a line of its own.
    """
    logging.getLogger().addHandler(logging.NullHandler())


def _settings() -> "Settings":
    from bot import config
    from bot.wiring.outside import outside

    env_file.load(Path.cwd() / ".env", os.environ)
    given = {each for each in os.environ if os.environ[each]}
    by_http = any(each.startswith("SLACK_SIGNING_SECRET") for each in given) and not any(
        each.startswith("SLACK_APP_TOKEN") for each in given
    )
    return config.load(http=by_http, outside=outside())


def _examined(settings: "Settings") -> "Sequence[Line]":
    from bot.wiring.doctor import doctor

    return doctor(settings).examine()


def _show(lines: "Sequence[Line]") -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    for each in lines:
        console.print(
            f"{_SIGNS[each.level]} [bold]{escape(each.about)}:[/] {escape(each.said)}", soft_wrap=True
        )
        if each.mend:
            console.print(f"     {escape(each.mend)}", soft_wrap=True)
