"""Files by the names that people know them by: a file, its corrected copies, and the copies that people made by hand.

A file descends from a name when its own is that name with marks of a copy behind it: "claims.repaired", "claims (1)",
"claims-fixed" and "claims v2" each descend from "claims", and none of them from another.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from bot.datasets.service import dataset_name

REPAIRED = ".repaired"
"""What the name of a corrected copy ends with, before the file's own ending."""

_ENDING = re.compile(r"(?:\.(?:jsonl|ndjson|json|csv|tsv|txt))?(?:\.(?:gz|bz2|xz|zip))?$")
"""Only endings that tell a kind of file: what else follows a dot belongs to the name."""
_COPY = re.compile(
    r"(?:[ ._-]?\(\d{1,3}\)|[ ._-](?:repaired|copy|fixed|final|new|edited|corrected|clean|cleaned|v?\d{1,2}))$"
)
LONGEST = 200
"""Characters of a name that are looked at."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file in Slack, what it is called, and when it was shared or made."""

    id: str
    name: str
    at: datetime


def corrected_name(name: str) -> str:
    """Return what the corrected copy of a file is called; a copy's own copy is called as it is."""
    return f"{dataset_name(name).removesuffix(REPAIRED)}{REPAIRED}.jsonl"


def descends(name: str, wanted: str) -> bool:
    """Return whether a file of that name is the one that is wanted, or a copy of it; endings and case do not count."""
    return _stem(wanted) in _line(_stem(name))


def newest_of(files: Iterable[KnownFile], wanted: str) -> KnownFile | None:
    """Return the newest of the files that is the one that is wanted, or a copy of it; None when there is none."""
    found = [each for each in files if descends(each.name, wanted)]
    return max(found, key=lambda each: each.at, default=None)


def _stem(name: str) -> str:
    bare = PurePath(name.strip().strip("`").replace("\\", "/")).name.casefold()[:LONGEST]
    return _ENDING.sub("", bare, count=1) or bare


def _line(stem: str) -> Iterator[str]:
    """Yield the name, and what it was copied from as far as its marks tell."""
    while stem:
        yield stem
        shorter = _COPY.sub("", stem)
        if shorter == stem:
            return
        stem = shorter
