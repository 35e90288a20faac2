"""``tunesmith repair FILE``: every mend that needs no guess; the original is never changed."""

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import As, File, For, writable
from bot.datasets.model import Role, Verdict
from bot.datasets.repairs.changes import ChangeLog
from bot.datasets.repairs.fixing import repair
from bot.datasets.reports.text import as_summary
from bot.datasets.validation import validate
from bot.errors import Refused
from bot.profiles import registry
from bot.profiles.model import Profile


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("repair")(command)


def command(
    file: File,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="OUT", help="Where the repaired file goes.", callback=writable
        ),
    ] = None,
    profile: For = registry.DEFAULT,  # type: ignore[assignment] # typer runs the parser over it
    role: As = Role.TRAINING,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this repair; may be repeated.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing: show what would change, and the verdict then.")
    ] = False,
) -> None:
    """Repair what can be repaired without guessing, and judge the result.

    Exit status: 0 a job can start from the result, 1 it cannot, 2 wrong use.
    """
    target = output or file.with_name(f"{file.stem}.repaired.jsonl")
    if target.exists() and target.samefile(file):
        raise Refused("The repaired file would overwrite the original.", hint="Name another with --output.")
    chosen = set(only) if only else None
    if dry_run:
        sys.exit(_try(file, target.name, profile, role, chosen))
    summary = repair(file, target, profile, chosen)
    sys.exit(_tell(summary.lines(), target, target.name, profile, role))


def _try(file: Path, name: str, profile: Profile, role: Role, only: set[str] | None) -> int:
    """Repair into a place that is gone afterwards, and print every change; values to be hidden are masked."""
    changes = ChangeLog(file.name, name)
    with tempfile.TemporaryDirectory(prefix="tunesmith-repair-") as folder:
        target = Path(folder) / "repaired.jsonl"
        summary = repair(file, target, profile, only, watch=changes.add)
        print(changes.diff().decode())
        said = [
            *summary.effects(),
            *summary.notes,
            f"Dry run: nothing was written; {name} would have {summary.rows_written:,} rows.",
        ]
        return _tell(said, target, name, profile, role)


def _tell(said: list[str], target: Path, name: str, profile: Profile, role: Role) -> int:
    """Print what was done and the verdict on what came of it; return the exit status."""
    print("\n".join(said))
    report = validate(target, profile, role, name)
    print(as_summary(report))
    return 0 if report.verdict is Verdict.READY else 1
