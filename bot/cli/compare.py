"""``tunesmith compare BEFORE AFTER``: what one version of a dataset has that the other has not."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import For
from bot.cli.validate import Format
from bot.derivations.comparison import Comparison, Difference, Example, compare, sentences
from bot.profiles import registry


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("compare")(command)


def command(
    before: Annotated[
        Path, typer.Argument(metavar="BEFORE", help="The earlier version.", exists=True, dir_okay=False)
    ],
    after: Annotated[
        Path, typer.Argument(metavar="AFTER", help="The later version.", exists=True, dir_okay=False)
    ],
    profile: For = registry.DEFAULT,  # type: ignore[assignment] # typer runs the parser over it
    output: Annotated[Format, typer.Option("--format", help="For people or for programs.")] = Format.TEXT,
) -> None:
    """Compare two versions of a dataset: records added, removed, changed (the same question, another answer), the same.

    Records are compared by what they say: a file and its conversion to another format are the same words. Secrets and
    personal data in the examples are masked. Exit status: 0 both say the same, 1 they differ, 2 wrong use.
    """
    found = compare(before, after, profile, profile)
    if output is Format.JSON:
        print(json.dumps(asdict(found), indent=2, ensure_ascii=False))
    else:
        print("\n".join([f"{found.before:,} records before, {found.after:,} after.", *sentences(found)]))
        print("\n".join(_examples(found)), end="")
    sys.exit(0 if found.same else 1)


def _examples(found: Comparison) -> list[str]:
    kinds = (("Added", found.added), ("Removed", found.removed), ("Changed", found.changed))
    return [line for name, each in kinds for line in _kind(name, each)]


def _kind(name: str, difference: Difference) -> list[str]:
    return [text for each in difference.examples for text in _example(name, each)]


def _example(name: str, example: Example) -> list[str]:
    places = [
        f"{when} line {line:,}"
        for when, line in (("before", example.before_line), ("after", example.after_line))
        if line is not None
    ]
    said = [f"\n{name}, {', '.join(places)}: {_plain(example.question)}"]
    if example.before_line is not None:
        said.append(f"  - {_plain(example.before)}")
    if example.after_line is not None:
        said.append(f"  + {_plain(example.after)}")
    return [*said, ""] if example.what == "answer" else [*said, f"  (the {example.what} differs)", ""]


def _plain(text: str) -> str:
    """Return the text without what could steer a terminal."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)
