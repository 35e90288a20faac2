"""What a line of the log is about: which resource, whose, where, and by which trace all of one piece of work is found.

It is kept beside the thread that works, so that no call site has to know, and lines of libraries have it too.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

FIELDS = ("resource", "person", "channel", "trace")
"""In the order in which they are written. People and channels by ID alone."""

_ID = 40
"""Characters of an ID at most: it comes from outside."""
_here: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)


@contextmanager
def about(**known: str) -> Iterator[None]:
    """Have what is logged meanwhile in this thread be about that; what is empty is left as it was."""
    token = _here.set({**(_here.get() or {}), **{name: each[:_ID] for name, each in known.items() if each}})
    try:
        yield
    finally:
        _here.reset(token)


def note_resource(key: object) -> None:
    """Have what is logged from now on be about a resource that was just asked for, unless it is about one."""
    here = _here.get()
    if here is not None:
        here.setdefault("resource", str(key))


def current() -> Mapping[str, str]:
    """Return what is known, in the order of ``FIELDS``."""
    here = _here.get() or {}
    return {name: here[name] for name in FIELDS if name in here}


def trace_of(what: str) -> str:
    """Return the trace of one piece of work, by what it is known by: the same wherever that is taken up again."""
    return hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:16] if what else ""


def whose(spec: Mapping[str, object]) -> dict[str, str]:
    """Return the person and the channel that a resource is of, as far as its spec says; it may be damaged."""
    inner = [each for name in ("plan", "question") if isinstance(each := spec.get(name), Mapping)]
    found: dict[str, str] = {}
    for field, names in (("person", ("owner", "user", "by")), ("channel", ("channel",))):
        said = (each.get(name) for each in (spec, *inner) for name in names)
        found[field] = next((value for value in said if isinstance(value, str) and value), "")
    return found
