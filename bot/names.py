"""Names for jobs and models: suggestions that are free, and the nearest to what somebody typed."""

import difflib
import itertools
import re
import unicodedata
from collections.abc import Collection
from datetime import datetime

from bot.wording import quoted

NAMES = "names of jobs"
"""The word under which names of jobs and models are given and taken, one after another (``SpecWriter.amend``)."""
SAID_FIRST = frozenset((
    "back", "off", "to", "is", "for", "a", "an", "the", "i", "we", "you", "it", "and", "or", "not", "no",
    "yes", "please", "hi", "hello", "how", "what", "why", "when", "where", "who", "which", "whose", "are",
    "am", "was", "were", "do", "does", "did", "can", "could", "should", "would", "will", "may", "might",
    "must", "have", "has", "had", "there", "this", "that", "if", "in", "on", "at", "by", "of", "from",
    "explain", "tell", "write", "give", "show", "summarize", "list", "help",
))  # fmt: skip
"""Words that a question begins with, where the name of a model or an alias may be the first word, and those of
`/tune alias` itself."""
_SHORT = 24
_LONGEST = 63  # both names, by the service model


def suggest(stem: str, taken: Collection[str], today: datetime) -> str:
    """Return ``<stem>-<date>-<n>`` with the least n that is free; it is fit for a job and for a model."""
    base = f"{short(stem)}-{today:%Y%m%d}"
    return _first_free(base, taken, start=1)


def next_free(name: str, taken: Collection[str]) -> str:
    """Return ``name`` with its last number counted up, or one added, until it is free."""
    found = re.fullmatch(r"(.+)-(\d{1,4})", name)
    base, start = (found[1], int(found[2]) + 1) if found else (name, 2)
    return _first_free(base[: _LONGEST - 5], taken, start)


def of_variant(name: str, *parts: str) -> str:
    """Return ``name``, without the number that it may end with, and the parts; what is too long is cut before its date.

    Where the parts leave no room for more than half a date there is none of it.
    """
    found = re.fullmatch(r"(.+?)(-\d{8})?(?:-\d{1,4})?", name, re.DOTALL)
    base, day = (found[1], found[2] or "") if found else (name, "")
    end = "-".join(slug(each) for each in parts)[: _LONGEST - 2]
    room = _LONGEST - len(end) - 1
    day = day if len(day) < room else ""
    return f"{slug(base)[: room - len(day)].strip('-')}{day}-{end}"


def cannot_be_had(name: str) -> str:
    """Return that a name is taken: in the same words whatever has it, whose it is, and wherever it came from.

    AWS gives a name once in an account, so it has to be told; who has it may be nobody that the person can see.
    """
    return f"The name {quoted(name)} cannot be given in this AWS account any more."


def slug(text: str) -> str:
    """Return ``text`` as letters, digits and single hyphens: what every name pattern of the service takes.

    Letters lose their accents, which leaves words that can be read and typed.
    """
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-") or "dataset"


def short(stem: str) -> str:
    """Return as many whole words of ``stem`` as a name of ours begins with: it is read on a phone, and typed."""
    first, *rest = slug(stem).split("-")
    made = first[:_SHORT]
    for word in rest:
        if len(made) + len(word) >= _SHORT:
            break
        made = f"{made}-{word}"
    return made


def bare(name: str) -> str:
    """Return a name as it is meant, without the blanks and backticks that it was typed or copied with."""
    return name.strip().strip("`")


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name that is most like ``name`` (any case), or None when none is like it."""
    folded = {each.lower(): each for each in known}
    near = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.5)
    return folded[near[0]] if near else None


def did_you_mean(name: str, known: Collection[str], otherwise: str) -> str:
    """Return the hint for an unknown name: the nearest known one, or ``otherwise``."""
    near = nearest(name, known)
    return f"Did you mean {quoted(near)}?" if near else otherwise


def _first_free(base: str, taken: Collection[str], start: int) -> str:
    folded = {each.lower() for each in taken}
    candidates = (f"{base}-{number}" for number in itertools.count(start))
    return next(each for each in candidates if each.lower() not in folded)
