"""The Lua scripts. ``prelude.lua`` is put before the scripts of the work queue; each file's head says what it takes."""

from functools import cache
from importlib.resources import files


@cache
def text(name: str, *, prelude: bool = False) -> str:
    """Return a script's text, by its name without the ending."""
    folder = files("storage.scripts")
    body = (folder / f"{name}.lua").read_text(encoding="utf-8")
    return (folder / "prelude.lua").read_text(encoding="utf-8") + body if prelude else body
