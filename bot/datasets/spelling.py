"""Keys that are nearly one of the format's own, and how a key is written where a person reads it."""

import difflib
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.datasets.records import Json

LONGEST = 60
"""Characters of a key that are shown or compared: a whole text may stand where a key should."""


def visible(text: str) -> str:
    """Return a text in which characters that nobody sees are written by their number: ``assistant<U+200B>``."""
    return "".join(each if each == " " or each.isprintable() else f"<U+{ord(each):04X}>" for each in text)


def shown(key: str) -> str:
    """Return a key fit to be read: clipped, and in quotes when there would be nothing to see of it."""
    return visible(key[:LONGEST]) if key.strip() else json.dumps(key[:LONGEST])


_SYNONYMS = {
    "author": "role",
    "from": "role",
    "speaker": "role",
    "sender": "role",
    "who": "role",
    "text": "content",
    "value": "content",
    "body": "content",
    "message": "content",
    "utterance": "content",
}
"""What other tools call the two keys of a message."""


def meant(key: str, missing: Iterable[str]) -> str | None:
    """Return the missing key that ``key`` is a misspelling of, or another word for, or None."""
    return _meant(key[:LONGEST], tuple(missing))


@lru_cache(maxsize=1 << 12)
def _meant(key: str, missing: tuple[str, ...]) -> str | None:
    wanted = key.strip().lower()
    if _SYNONYMS.get(wanted) in missing:
        return _SYNONYMS[wanted]
    folded = {each.lower(): each for each in missing if _may_be_near(wanted, each.lower())}
    near = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.8) if folded else ()
    return folded[near[0]] if near else None


def _may_be_near(wanted: str, other: str) -> bool:
    """Whether the two may be that near; difflib would find out too, but far slower.

    Of the other at least six letters in ten stand in both then.
    """
    letters = set(wanted)
    return abs(len(other) - len(wanted)) <= len(other) // 2 and sum(
        each not in letters for each in other
    ) * 10 <= 4 * len(other)


def misspelt(value: Json, known: Sequence[str]) -> dict[str, str]:
    """Return the keys of ``value`` that are misspellings of known ones that it lacks, and what was meant."""
    missing = [each for each in known if each not in value]
    near = {key: meant(key, missing) for key in value if key not in known} if missing else {}
    return {key: each for key, each in near.items() if each}
