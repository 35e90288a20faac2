"""Arguments and options that several commands share."""

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
