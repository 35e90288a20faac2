"""``tunesmith validate FILE``: the engine's judgement, with neither Slack nor AWS nor Redis."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import As, File, For, writable
from bot.cli.progress import Progress
from bot.datasets.model import Cause, Report, Role, Verdict
from bot.datasets.reports.text import as_json, as_line, as_summary, as_text
from bot.datasets.validation import validate
from bot.errors import Refused
from bot.profiles import registry
from bot.profiles.model import Profile

_TURNS = 0.001
"""Seconds after which a thread that waits for the interpreter gets it, instead of 0.005: threads of NumPy and RE2 work
beside the pass, need it for a moment between two calls, and stood still for most of the time."""

LONG = 25 << 20
"""Bytes of a file that one waits for: a second's work and more."""
_MORE = "--full shows lengths, labels, the digest and all other figures."


class Format(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("validate")(command)


def command(
    file: File,
    profile: For = registry.DEFAULT,  # type: ignore[assignment] # typer runs the parser over it
    role: As = Role.TRAINING,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="TRAINING",
            help="FILE is the validation set of this training set: what stands in both is told.",
            exists=True,
            dir_okay=False,
            readable=True,
        ),
    ] = None,
    output: Annotated[
        Format, typer.Option("--format", help="For a terminal, for programs, or as one page for a browser.")
    ] = Format.TEXT,
    target: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="REPORT", help="Write the report there.", callback=writable),
    ] = None,
    progress: Annotated[
        bool | None,
        typer.Option(
            "--progress/--no-progress",
            help="Name each mistake on standard error as soon as it is met, and on a terminal how much of the file "
            f"is read. Unasked, on a terminal, for files over {LONG >> 20} MiB.",
            show_default=False,
        ),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="All figures: lengths, labels, digest. Else what one reads first.")
    ] = False,
) -> None:
    """Judge a training file for a base model.

    Every mistake is named once, with its count, its first lines and what to do. Exit status: 0 a job can start
    from it, 1 it cannot, 2 wrong use.
    """
    if progress is None:
        progress = sys.stderr.isatty() and file.stat().st_size > LONG
    if target and target.exists() and target.samefile(file):
        raise Refused("The report would overwrite the file.", hint="Name another with --output.")
    if against and against.samefile(file):
        raise Refused("That is the training set itself.", hint="Name records that are not trained on.")
    sys.setswitchinterval(_TURNS)
    report = _judged(file, profile, Role.VALIDATION if against else role, progress=progress)
    if against:
        from bot.datasets.leakage import compared

        report = compared(report, against, file, profile)
    text = _written(report, output, full=full)
    if target:
        target.write_text(f"{text.rstrip()}\n", encoding="utf-8")
    else:
        print(text)
    sys.exit(0 if report.verdict is Verdict.READY else 1)


def _judged(file: Path, profile: Profile, role: Role, *, progress: bool) -> Report:
    if not progress:
        return validate(file, profile, role)
    if not sys.stderr.isatty():
        return validate(file, profile, role, on_cause=_say)
    line = Progress(sys.stderr, file.stat().st_size)
    try:
        with file.open("rb", buffering=0) as raw:
            return validate(
                line.watched(raw),
                profile,
                role,
                file.name,
                on_cause=lambda cause: line.say(as_line(cause)),
            )
    finally:
        line.end()


def _say(cause: Cause) -> None:
    print(as_line(cause), file=sys.stderr, flush=True)


def _written(report: Report, output: Format, *, full: bool) -> str:
    if output is Format.HTML:
        from bot.datasets.reports.html import as_html

        return as_html(report)
    if output is Format.JSON:
        return json.dumps(as_json(report), indent=2, ensure_ascii=False)
    return as_text(report) if full else f"{as_summary(report)}\n{_MORE}"
