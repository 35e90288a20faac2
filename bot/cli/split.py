"""``tunesmith split FILE``: training and validation, without anything that stands in both."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import File, For, both_writable
from bot.datasets.model import Report, Role, Verdict
from bot.datasets.reports.text import as_summary
from bot.datasets.validation import validate
from bot.derivations.splitting.model import Split
from bot.derivations.splitting.split import DEFAULT_SEED, DEFAULT_SHARE, split
from bot.profiles import registry


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("split")(command)


def command(
    file: File,
    output: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "-o",
            "--output",
            metavar="TRAIN VALIDATION",
            help="Where the two files go.",
            callback=both_writable,
        ),
    ] = None,
    share: Annotated[
        float, typer.Option(metavar="PERCENT", help="Of the records for validation, from 1 to 50.")
    ] = DEFAULT_SHARE * 100,
    seed: Annotated[int, typer.Option(help="Another one gives another split.")] = DEFAULT_SEED,
    profile: For = registry.DEFAULT,  # type: ignore[assignment] # typer runs the parser over it
    exact: Annotated[
        bool,
        typer.Option(
            "--exact", help="Let only equal questions and answers count as the same, not near ones."
        ),
    ] = False,
) -> None:
    """Split a training file into training and validation.

    Records that share a question or a long answer, or are nearly the same, stay on one side; where answers choose
    from labels, each label gives its share. The same file and seed give the same split.

    Exit status: 0 a job can start from both files, 1 it cannot, 2 wrong use.
    """
    report = validate(file, profile)
    if report.verdict is not Verdict.READY:
        print(as_summary(report))
        print("Mend its errors first: `tunesmith repair` does what needs no guess.", file=sys.stderr)
        sys.exit(1)
    training, validation = output or tuple(
        file.with_name(f"{file.stem}.{side}.jsonl") for side in ("train", "validation")
    )
    made = split(file, training, validation, profile, share=share / 100, seed=seed, near=not exact)
    print("\n".join([*made.lines(), *_labels(made)]))
    reports = [validate(training, profile), validate(validation, profile, Role.VALIDATION)]
    for path, each in zip((training, validation), reports, strict=True):
        print(_written(path, each))
    sys.exit(0 if all(each.verdict is Verdict.READY for each in reports) else 1)


def _labels(made: Split) -> list[str]:
    """Return a table of labels: how many records of each are on either side."""
    if not made.labels:
        return []
    width = min(40, max(len(each.shown) for each in made.labels))
    return [
        "",
        f"{'label':{width}}  training  validation",
        *(
            f"{each.shown[:width]:{width}}{each.training:>10,}{each.validation:>12,}"
            for each in made.labels[:20]
        ),
        "",
    ]


def _written(path: Path, report: Report) -> str:
    if report.verdict is Verdict.READY:
        return f"{path}: {report.records:,} records, ready."
    return f"{path}: not ready.\n{as_summary(report)}"
