"""``tunesmith validate FILE``: the engine's judgement, with neither Slack nor AWS nor Redis."""

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.options import As, File, For
from bot.datasets.model import Role, Verdict
from bot.datasets.rendering import as_json, as_text
from bot.datasets.validation import validate
from bot.profiles import registry


class Format(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("validate")(command)


def command(
    file: File,
    profile: For = registry.DEFAULT,  # type: ignore[assignment] # typer runs the parser over it
    role: As = Role.TRAINING,
    output: Annotated[Format, typer.Option("--format", help="For people or for programs.")] = Format.TEXT,
) -> None:
    """Judge a training file for a base model.

    Every mistake is named once, with its count, its first lines and what to do. Exit status: 0 a job can start
    from it, 1 it cannot, 2 wrong use.
    """
    report = validate(file, profile, role)
    if output is Format.JSON:
        print(json.dumps(as_json(report), indent=2, ensure_ascii=False))
    else:
        print(as_text(report))
    sys.exit(0 if report.verdict is Verdict.READY else 1)
