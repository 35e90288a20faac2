"""Where the program lies: in a checkout of its source, with its tests beside it, or installed without them."""

import os
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from bot.errors import Misconfigured

ROOT = Path(__file__).resolve().parents[2]
"""The folder that has ``bot`` in it."""
INSTALLED = not (ROOT / "tests").is_dir()
"""Neither the wheel nor the container image has tests."""


def state() -> Path:
    """Return the folder for what a person's own runs leave: in the checkout, or where programs keep such things."""
    if not INSTALLED:
        return ROOT / ".tunesmith"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "tunesmith"


def only_there(command: str) -> Misconfigured:
    """Return what is said to who asks for a developers' command where there is nothing to develop."""
    return Misconfigured(
        f"`{command}` is for whoever works on Tunesmith itself, and works in a checkout of its source.",
        hint=f"Clone {_home() or 'the repository'} and run `./tunesmith {command}` there.",
    )


def _home() -> str | None:
    """Return the repository's address, which the wheel has from pyproject.toml; the image has none."""
    try:
        urls = metadata("tunesmith").get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    return dict(each.split(", ", 1) for each in urls).get("Source")
