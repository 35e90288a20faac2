"""``tunesmith repair FILE``: every mend that needs no guess; the original is never changed."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import As, File, For
from bot.datasets.model import Role, Verdict
from bot.datasets.rendering import as_text
from bot.datasets.repairs.mending import repair
from bot.datasets.validation import validate
from bot.errors import Refused
from bot.profiles import registry


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("repair")(command)


def command(
    file: File,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="OUT", help="Where the repaired file goes.")
    ] = None,
    profile: For = registry.DEFAULT,  # type: ignore[assignment] # typer runs the parser over it
    role: As = Role.TRAINING,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this repair; may be repeated.")
    ] = None,
) -> None:
    """Repair what can be repaired without guessing, and judge the result.

    Exit status: 0 a job can start from the result, 1 it cannot, 2 wrong use.
    """
    target = output or file.with_name(f"{file.stem}.repaired.jsonl")
    if target.exists() and target.samefile(file):
        raise Refused("The repaired file would overwrite the original.", hint="Name another with --output.")
    summary = repair(file, target, profile, set(only) if only else None)
    for line in summary.lines():
        print(line)
    report = validate(target, profile, role)
    print(as_text(report))
    sys.exit(0 if report.verdict is Verdict.READY else 1)
