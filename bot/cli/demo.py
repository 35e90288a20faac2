"""``tunesmith demo``: the whole product on this machine, with no account and no server installed."""

import os
import shutil
import socket
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli import checkout
from bot.cli.ending import stop_on_signals, wait_for
from bot.errors import Misconfigured

if TYPE_CHECKING:
    from bot.playground.shared_redis import SharedRedis
    from bot.playground.stack import Options, Stack

WATCHED, TOLD = 60.0, 400.0
"""Seconds of Bedrock's clock in one of ours: slow enough to watch a job's stages; nobody watches the story's."""

INSTALLING = (
    "Install them with `pipx install --force 'tunesmith[demo]'`, or try it without installing: "
    "`uvx --from 'tunesmith[demo]' tunesmith demo`."
)

_console = Console(highlight=False)


def _shortest(path: Path) -> Path:
    if path.is_relative_to(checkout.ROOT) and not checkout.INSTALLED:
        return path.relative_to(checkout.ROOT)
    return "~" / path.relative_to(Path.home()) if path.is_relative_to(Path.home()) else path


STATE = checkout.state() / "demo"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("demo")(command)


def command(
    story: Annotated[
        bool,
        typer.Option(
            "--story", help="Run the whole journey without a browser and print it; exit 0 if all held."
        ),
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The page's port; 0 takes a spare one.")] = 8765,
    speed: Annotated[
        float | None,
        typer.Option(
            min=1,
            max=3600,
            help="Seconds of Bedrock's clock in one real second.",
            show_default=f"{WATCHED:.0f}; {TOLD:.0f} with --story",
        ),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what an earlier demo left.")] = False,
    folder: Annotated[
        Path,
        typer.Option(
            help="Where the demo keeps what happened.", file_okay=False, show_default=str(_shortest(STATE))
        ),
    ] = STATE,
) -> None:
    """Try everything: a workspace in your browser, the real bot, stand-ins for Slack and Bedrock.

    Nothing leaves this machine. Stop with Ctrl-C; the next start goes on where it was.
    """
    _need_playground()
    _need_stand_ins()
    if story:
        _tell(speed or TOLD)
    else:
        _run(port, speed or WATCHED, folder.resolve(), fresh=fresh)


def _need_playground() -> None:
    # The container image leaves the folder out: what stands in for Slack and AWS has no business beside real tokens.
    if find_spec("bot.playground") is None:
        raise Misconfigured(
            "The playground is not in this image, which carries the bot alone.",
            hint="Try it from the source, where `./tunesmith demo` is all it needs; `run` starts the bot here.",
        )


def _need_stand_ins() -> None:
    missing = [name for name in ("flask", "flask_sock", "moto", "werkzeug") if find_spec(name) is None]
    if missing:
        raise Misconfigured(
            f"The demo's stand-ins are not installed here ({', '.join(missing)}).",
            hint=INSTALLING if checkout.INSTALLED else "Run it as `./tunesmith demo`, which installs them.",
        )


def _tell(speed: float) -> None:
    # Imported here: the stand-ins' libraries are heavy, and no other command needs them.
    from bot.playground.stack import Options
    from bot.playground.story import tell

    with tempfile.TemporaryDirectory(prefix="tunesmith-story-") as folder:
        redis = _shared_redis(Path(folder))
        stack = _stack(Options(Path(folder), speed=speed, chunk_delay=0.005, shared_redis=redis))
        stack.start()
        try:
            passed = tell(stack, _console)
        finally:
            stack.stop()
            if redis:
                redis.forget()
        if not passed:
            log = Path(folder) / "bot.log"
            _console.rule("the bot's log")
            print(log.read_text(encoding="utf-8", errors="replace")[-20_000:] if log.exists() else "(none)")
            raise typer.Exit(1)


def _run(port: int, speed: float, folder: Path, *, fresh: bool) -> None:
    from bot.playground.stack import Options

    redis = _shared_redis(folder)
    if fresh:
        _forget(folder, redis)
    stack = _stack(Options(folder, port=_spare(port), speed=speed, shared_redis=redis))
    stop = threading.Event()
    stop_on_signals(stop.set)
    try:
        stack.start()
        stack.wait_until_ready(slow=lambda: _console.print("The bot is starting; this machine is busy."))
        stack.slack.app_joins("claims-ai")
        _greet(stack.slack.url, folder)
        wait_for(stop)
        _console.print("\nStopping; what is there stays for the next start.")
    finally:
        stack.stop()


def _shared_redis(folder: Path) -> "SharedRedis | None":
    """Return the Redis that the person named, if any; without one the demo runs a private one."""
    from bot.playground.shared_redis import SharedRedis

    url = os.environ.get("REDIS_URL")
    return SharedRedis.of(url, folder) if url else None


def _stack(options: "Options") -> "Stack":
    from bot.playground.stack import Stack
    from handlers import manifest

    return Stack(manifest.build("socket", None), options)


def _forget(folder: Path, redis: "SharedRedis | None") -> None:
    """Take away what a demo keeps, and nothing else that may lie in the folder or on the person's Redis."""
    if redis:
        redis.forget()
    for name in ("slack", "bedrock", "redis"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "bot.log").unlink(missing_ok=True)


def _greet(address: str, folder: Path) -> None:
    sample = checkout.ROOT / "bot" / "playground" / "samples" / "claims.jsonl"
    _console.print(f"\n[bold]Tunesmith's playground is at[/] {address}\n", soft_wrap=True)
    _console.print(
        "Press [bold]Try a sample[/] in #claims-ai to begin, or drop a file there. Ctrl-C stops it."
    )
    _console.print(f"[dim]A file to drop: {_shortest(sample)}[/]", soft_wrap=True)
    _console.print(
        f"[dim]Everything here is local. The bot's log: {_shortest(folder / 'bot.log')}[/]\n", soft_wrap=True
    )


def _spare(port: int) -> int:
    """Return the port if it is free, else 0 (any): a second demo must not stop the first."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port
