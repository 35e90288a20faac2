"""``tunesmith audit``: what was decided, whether nobody changed it, and all of it as a file."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import env_file, failing_with

if TYPE_CHECKING:
    from bot.audit.chain import Entry, Verification
    from storage.redis_audit import RedisAudit

PAGE = 1000
HOLDS, CHANGED, NOT_LOOKED = 0, 1, 3
"""Exit statuses: what watches it must not take a Redis that is away for a changed audit, nor for a sound one. 2 is
wrong use, as everywhere."""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("audit")(command)


def command(
    last: Annotated[int, typer.Option("--last", min=0, help="How many of the newest are shown.")] = 20,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Write all that Redis has as JSON lines.")
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask S3 nothing: what was cut off at the end is then not seen.")
    ] = False,
) -> None:
    """Show what was decided, by whom, where and why, and say whether anything was changed.

    It wants the same TUNESMITH_AUDIT_KEY as the bot. Exit status: 0 nothing was changed as far as the key tells, 1
    something was, 2 wrong use, 3 it could not be looked at: a setting is wrong, the key is missing here, Redis or S3
    did not answer.
    """
    with failing_with(NOT_LOOKED):
        status = _shown(last, export, offline=offline)
    raise typer.Exit(status)


def _shown(last: int, export: Path | None, *, offline: bool) -> int:
    """Show it, and return the exit status."""
    from bot import config
    from bot.run_only import Only
    from bot.wiring.auditing import chain_of
    from bot.wiring.clients import aws_clients
    from bot.wiring.clusters import client_of
    from bot.wiring.outside import outside
    from storage.keys import Keys
    from storage.redis_audit import RedisAudit
    from storage.s3_audit import S3Segments

    env_file.load(Path.cwd() / ".env", os.environ)
    settings = config.load(only=Only.WORKER, outside=outside())
    with client_of(settings) as client:
        trail = RedisAudit(client, Keys(settings.redis_prefix), chain_of(settings))
        aws = aws_clients(settings)
        segments = S3Segments(aws.s3_interactive, settings.buckets, settings.redis_prefix)
        published = {} if offline else segments.heads()
        # After what is published, which may grow meanwhile; and what is written after it is not looked at.
        head = trail.head()
        entries = list(_read(trail, head.number))
    if export:
        export.touch(mode=0o600)
        export.chmod(0o600)  # before anything is in it: it may have been there
        export.write_text("".join(each.line() for each in entries), encoding="utf-8")
        print(f"{export}: {len(entries):,} entries.")
    for each in entries[-last:] if last else []:
        print(_line(each))
    verdict, has_key = trail.chain.verify(entries, head, published), bool(settings.audit_key)
    print(said_of(verdict, has_key=has_key, asked_s3=not offline, published=len(published)))
    return status_of(verdict, has_key=has_key)


def status_of(verdict: "Verification", *, has_key: bool) -> int:
    """Return the exit status of a verdict. What is sealed and could not be looked at without a key is no proof."""
    if not verdict.holds:
        return CHANGED
    return NOT_LOOKED if verdict.of_other_keys and not has_key else HOLDS


def _read(trail: "RedisAudit", up_to: int) -> "Iterator[Entry]":
    after = 0
    while page := trail.read(after, PAGE):
        yield from (each for each in page if int(each.place.partition("-")[0]) <= up_to)
        after = int(page[-1].place.partition("-")[0])
        if after >= up_to:
            return


def _line(entry: "Entry") -> str:
    said = {key: str(value) for key, value in entry.document().items()}
    where = f" in {said['channel']}" if said.get("channel") else ""
    about = " ".join(said[key] for key in ("kind", "name", "about") if said.get(key))
    tail = "".join(f"; {said[key]}" for key in ("result", "why") if said.get(key))
    who, what, at = (said.get(key, "") for key in ("actor", "what", "at"))
    line = f"{said.get('n', '?'):>6} {at} {who}{where} {what} {about}{tail}"
    return "".join(each if each.isprintable() else " " for each in line)


def said_of(verdict: "Verification", *, has_key: bool, asked_s3: bool, published: int) -> str:
    """Return the verdict in words; ``has_key``: whether what is sealed could be looked at."""
    lines = [f"{each.number:>6} {each.what}: {each.sentence}" for each in verdict.breaks]
    if verdict.holds:
        held = verdict.entries - verdict.unsealed - verdict.of_other_keys
        lines.append(f"Nothing was changed as far as the key tells: {held:,} entries hold.")
    else:
        lines.append(
            f"It does not hold, in {len(verdict.breaks)} place{'' if len(verdict.breaks) == 1 else 's'}."
        )
    if verdict.unsealed:
        lines.append(f"{verdict.unsealed:,} were written without a key, and prove nothing.")
    if verdict.of_other_keys:
        lines.append(
            f"{verdict.of_other_keys:,} are under another key, and were not looked at."
            if has_key
            else f"{verdict.of_other_keys:,} are sealed, and were not looked at: TUNESMITH_AUDIT_KEY is not set here."
        )
    if asked_s3:
        lines.append(f"Held against {published:,} published segments.")
    else:
        lines.append("S3 was not asked: what was cut off at the end is not seen.")
    return "\n".join(lines)
