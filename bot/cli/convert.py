"""``tunesmith convert FILE --to PROFILE``: the same records in the format of another base model."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import As, File, parse_profile, writable
from bot.datasets.model import Role, Verdict
from bot.datasets.reports.text import as_summary
from bot.derivations.conversion import convert
from bot.profiles import registry
from bot.profiles.model import Profile


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("convert")(command)


def command(
    file: File,
    profile: Annotated[
        Profile,
        typer.Option(
            "--to",
            metavar="PROFILE",
            parser=parse_profile,
            help=f"The base model it is for: {', '.join(registry.PROFILES)}.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="OUT", help="Where the converted file goes.", callback=writable
        ),
    ] = None,
    role: As = Role.TRAINING,
) -> None:
    """Write a file in the format that another base model takes, and judge it for that one.

    Only the form is changed; limits and reserved words of the other base are named by the report. Exit status: 0 a
    job can start from the result, 1 it cannot, 2 wrong use.
    """
    target = output or file.with_name(f"{file.stem}.{profile.name}.jsonl")
    made = convert(file, target, profile, role)
    for line in made.summary.lines():
        print(line)
    print(as_summary(made.report))
    sys.exit(0 if made.report.verdict is Verdict.READY else 1)
