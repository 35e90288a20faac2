"""Files by the names that people know them by: a file, its corrected copies, and the copies that people made by hand.

A file descends from a name when its own is that name with marks of a copy behind it: "claims.repaired", "claims (1)",
"claims-fixed" and "claims v2" each descend from "claims", and none of them from another.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from bot.datasets.repairs.registry import CHOICES
from bot.names import bare

_ENDING = re.compile(r"(?:\.(?:jsonl|ndjson|json|csv|tsv|txt))?(?:\.(?:gz|bz2|xz|zip))?$")
"""Only endings that tell a kind of file: what else follows a dot belongs to the name."""
_BY_HAND = r"repaired|copy|fixed|final|new|edited|corrected|clean|cleaned|v?\d{1,2}"
_OURS = r"edited-\d{1,3}|without-rows?-\d[\d-]*|without-\d+-rows-[0-9a-f]{4}"
"""As ``bot.uploads.naming`` calls them; a copy with some repairs has these in its name."""
_COPY = re.compile(
    rf"(?:[ ._-]?\(\d{{1,3}}\)|[ ._-](?:{_BY_HAND})|\.(?:{_OURS}|{'|'.join(map(re.escape, CHOICES))}))$"
)
LONGEST = 200
"""Characters of a name that are looked at."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file in Slack, what it is called, and when it was shared or made."""

    id: str
    name: str
    at: datetime


def descends(name: str, wanted: str) -> bool:
    """Return whether a file of that name is the one that is wanted, or a copy of it; endings and case do not count."""
    return _stem(wanted) in _line(_stem(name))


def newest_of(files: Iterable[KnownFile], wanted: str) -> KnownFile | None:
    """Return the newest of the files that is the one that is wanted, or a copy of it; None when there is none."""
    found = [each for each in files if descends(each.name, wanted)]
    return max(found, key=lambda each: each.at, default=None)


def _stem(name: str) -> str:
    file = PurePath(bare(name).replace("\\", "/")).name.casefold()[:LONGEST]
    return _ENDING.sub("", file, count=1) or file


def _line(stem: str) -> Iterator[str]:
    """Yield the name, and what it was copied from as far as its marks tell."""
    while stem:
        yield stem
        shorter = _COPY.sub("", stem)
        if shorter == stem:
            return
        stem = shorter
