"""``tunesmith run``: the bot itself, by Socket Mode or behind HTTP; or its listening, or its work, alone."""

import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import env_file, memory
from bot.run_only import Only

SWITCH = 0.001
"""Seconds after which Python lets another thread compute."""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("run")(command)


def command(
    http: Annotated[
        int | None,
        typer.Option(
            metavar="PORT",
            min=1,
            max=65535,
            help="Listen for Slack's requests on this port instead of Socket Mode.",
        ),
    ] = None,
    only: Annotated[
        Only | None,
        typer.Option(
            help="Listen to Slack alone, or do the work alone; run some of each. A worker has no --http.",
        ),
    ] = None,
) -> None:
    """Run the bot: Slack, AWS and Redis by settings alone. Any number of processes may run at once."""
    from bot import config, logs, tracing
    from bot.clock import SystemClock
    from bot.wiring.outside import outside

    # An acknowledgement waits for each thread that computes in front of it; Python's own five milliseconds a turn are
    # made for fewer of them than there are here while many answers stream.
    sys.setswitchinterval(SWITCH)
    memory.use_few_arenas()
    if only is Only.WORKER and http is not None:
        raise typer.BadParameter("a worker listens to nobody: leave --http out")
    env_file.load(Path.cwd() / ".env", os.environ)
    others = outside()
    settings = config.load(http=http is not None, only=only, outside=others)
    # From here on the settings are passed on; Bolt would look for some by itself, and child processes, which read files
    # that anybody may send, need none.
    for name in config.secret_names():
        os.environ.pop(name, None)
    watch = logs.configure(settings.log_level, SystemClock(), settings.log_format)
    tracing.begin(os.environ)
    for name, found in others.found.items():
        logging.getLogger(__name__).info("%s in the settings is %s", name, found)
    if only is Only.WORKER:
        from bot.cli import worker

        worker.serve(settings, watch)
    elif http is None:
        from bot.cli import socket_mode

        socket_mode.serve(settings, watch, only)
    else:
        from bot.cli import http as http_door

        http_door.serve(settings, http, watch, only)
