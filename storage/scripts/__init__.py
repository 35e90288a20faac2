"""The Lua scripts; each file's head says what it takes.

``prelude.lua`` is put before those of the work queue, ``audit.lua`` before those that write what somebody decided, and
``held.lua`` before those that ask until when Slack wants quiet.
"""

from functools import cache
from importlib.resources import files

QUEUE = frozenset({"register", "get", "claim", "commit", "put_spec", "enqueue_now", "of_kind", "unfinished"})
"""Those of the work queue."""
HOLDING = frozenset({"limit_ask", "limit_hold"})
"""Those that ask until when Slack wants quiet."""
DECIDING = frozenset({"register", "put_spec", "commit", "save_document", "raise_budget", "audit_append"})
"""Those that write what somebody decided."""


def names() -> list[str]:
    """Return the names of all that are run by themselves."""
    found = (
        each.name.removesuffix(".lua")
        for each in files("storage.scripts").iterdir()
        if each.name.endswith(".lua")
    )
    return sorted(set(found) - {"prelude", "audit", "held"})


@cache
def text(name: str) -> str:
    """Return a script's text, by its name without the ending."""
    folder = files("storage.scripts")
    shared = [each for each, of in (("prelude", QUEUE), ("audit", DECIDING), ("held", HOLDING)) if name in of]
    return "".join((folder / f"{each}.lua").read_text(encoding="utf-8") for each in (*shared, name))
