"""The Lua scripts; each file's head says what it takes.

``prelude.lua`` is put before those of the work queue, ``audit.lua`` before those that write what somebody decided.
"""

from functools import cache
from importlib.resources import files


@cache
def text(name: str, *, prelude: bool = False, audit: bool = False) -> str:
    """Return a script's text, by its name without the ending."""
    folder = files("storage.scripts")
    parts = [*(["prelude"] if prelude else []), *(["audit"] if audit else []), name]
    return "".join((folder / f"{each}.lua").read_text(encoding="utf-8") for each in parts)
