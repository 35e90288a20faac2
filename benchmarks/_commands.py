"""Which commands a Redis server is given, and what for: told apart by the script that runs them."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from redis import Redis

from storage import scripts

NAMES = (
    "append_turns",
    "claim",
    "commit",
    "get",
    "of_kind",
    "limit_ask",
    "limit_hold",
    "limit_weigh",
    "enqueue_now",
    "put_spec",
    "register",
    "save_document",
    "unfinished",
)


def watched(client: "Redis", seconds: float) -> dict[str, dict[str, int]]:
    """Watch the server for a while and return, for each script, how often each command was called in it.

    Commands that no script called are under ``-``; under ``runs`` each script has how often it was run itself. The
    server is a third slower while it is watched, so measure times at another moment.
    """
    known = _digests()
    counts: dict[str, Counter[str]] = {}
    inside = "-"
    for by_script, name, argument in _seen(client, seconds):
        if by_script:
            counts.setdefault(inside, Counter())[name] += 1
        elif name == "evalsha":
            inside = known.get(argument, argument)
            counts.setdefault(inside, Counter())["runs"] += 1
        else:
            counts.setdefault("-", Counter())[name] += 1
    return {script: dict(each.most_common()) for script, each in sorted(counts.items())}


def total(counts: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return how many commands each script stands for, itself included; the most first."""
    sums = Counter({script: sum(each.values()) for script, each in counts.items()})
    return dict(sums.most_common())


def _seen(client: "Redis", seconds: float) -> Iterator[tuple[bool, str, str]]:
    """Yield whether a script called it, the command in small letters, and its first argument."""
    ends = time.monotonic() + seconds
    server: Any = client  # redis-py has no types for this one
    with server.monitor() as monitor:
        while time.monotonic() < ends:
            seen = monitor.next_command()
            name, _, rest = seen["command"].partition(" ")
            yield seen["client_type"] == "lua", name.lower(), rest.partition(" ")[0]


def _digests() -> dict[str, str]:
    return {
        hashlib.sha1(scripts.text(name).encode(), usedforsecurity=False).hexdigest(): name for name in NAMES
    }
