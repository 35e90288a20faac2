"""Arguments and options that several commands share."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.datasets.model import Role
from bot.errors import TunesmithError
from bot.profiles import registry
from bot.profiles.model import Profile


def parse_profile(name: str) -> Profile:
    """Return the profile of that name.

    Raises:
        typer.BadParameter: there is none.
    """
    try:
        return registry.get(name)
    except TunesmithError as error:
        raise typer.BadParameter(error.sentence) from None


def writable(path: Path | None) -> Path | None:
    """Return the path when a file can be written there, before any work is done for it.

    Raises:
        typer.BadParameter: its folder is missing, is no folder, or may not be written to; or it is a folder itself.
    """
    if path is None:
        return None
    folder = path.parent
    if path.is_dir():
        raise typer.BadParameter(f"{path} is a folder; name a file in it")
    if not folder.exists():
        raise typer.BadParameter(f"there is no folder {folder}; make it first, or name another")
    if not folder.is_dir():
        raise typer.BadParameter(f"{folder} is no folder")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise typer.BadParameter(f"{path} cannot be written: permission denied")
    return path


def both_writable(paths: tuple[Path, Path] | None) -> tuple[Path, Path] | None:
    """Return two paths when files can be written at both; see ``writable``."""
    for each in paths or ():
        writable(each)
    return paths


File = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="The JSONL file.", exists=True, dir_okay=False, readable=True),
]
For = Annotated[
    Profile,
    typer.Option(
        "--for",
        metavar="PROFILE",
        parser=parse_profile,
        help=f"The base model: {', '.join(registry.PROFILES)}.",
    ),
]
As = Annotated[Role, typer.Option("--as", help="What the file is for; the limits differ.")]
