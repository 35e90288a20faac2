"""Starts the bot quickly: everything is imported once, and each start is a fork that runs ``python -m bot run``.

A line of JSON on standard input, ``{"environment": …, "folder": …, "log": …, "arguments": […]}``, starts a process; its
ID is printed. The processes end with this one, which ends when its standard input does. Nothing is different from a
start by hand but the time that importing takes (a second and a half, and as long for its first worker), and reading the
SDK's tables.
"""

import contextlib
import faulthandler
import functools
import gc
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

import boto3
import botocore.session

import bot.__main__
import bot.cli.http
import bot.cli.socket_mode
import bot.config
import bot.wiring  # imported for the forks
from bot.cli import main
from bot.setting_values import check_region
from bot.spending import undo
from tests.chaos.harness import workers
from tests.hurry import UNDO

undo.SECONDS = UNDO


def warm_up() -> None:
    """Read what each start would read again, of the AWS SDK's own: half of what a start computes."""
    check_region("us-west-2")
    botocore.session.create_loader = functools.cache(botocore.session.create_loader)
    session = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-west-2")
    for service in ("bedrock", "bedrock-runtime", "iam", "kms", "s3", "sts"):
        session.client(service).close()
    gc.freeze()


def serve() -> None:
    """Start what is asked for, until nobody asks any more."""
    warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not waited for
    started: list[int] = []
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become_the_bot(order)
        started.append(pid)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    for pid in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _become_the_bot(order: dict[str, Any]) -> NoReturn:
    os.setsid()  # a group of its own, to be killed with all its children
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for file, stream in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(file, stream)
    faulthandler.register(signal.SIGUSR1)  # what a process does that seems stuck goes to its log
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(Path(order["folder"]))
    sys.argv = ["tunesmith", *order["arguments"]]
    sys.modules["__main__"] = bot.__main__  # what it starts anew imports that, as the bot's own would
    workers.fork_one()
    status = 0
    try:
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve()
