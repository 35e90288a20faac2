"""What clears a good row of a check without running it: declared beside each check of records and each safe repair.

Nearly every row of a file is good, and holding each of them against every rule would cost several times what reading
it does. So a check says here what a row must have before the check can have anything to say, in terms that can be
tested for many rows at once. The fast path (``fast``) is built from these declarations and holds no rule of its own.

A row that is not cleared goes the slow path, where every check runs: so a declaration may let too much through to it,
but must never clear a row that its check would speak of. What declares nothing is run on every row.
"""

import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ParamSpec

from bot.datasets.prefilter import prefilter
from bot.profiles.model import Profile

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Structural:
    """Silent on plain turns, which the fast path knows by parsing a row.

    Those are: the format's own keys and no others, each once and of its type, user and assistant in turns with an
    answer at the end, one text a message, no halves of characters. Whatever depends on the words needs more.
    """


@dataclass(frozen=True, slots=True)
class Strings:
    """Silent where none of these strings stands in any text. Which they are may depend on the base."""

    of: Callable[[Profile], Collection[str]]


@dataclass(frozen=True, slots=True)
class Search:
    """Silent where ``may_stand_in`` is false of the texts of many rows, joined by U+0001.

    It must be true of a whole whenever it is true of a part.
    """

    may_stand_in: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class OfRow:
    """Silent on a row of which ``may_be_wrong`` is false. It costs a call a row: the other ways cost less.

    It is given the texts of the turns and the same joined by U+0001; and the system prompt, as if it were a row.
    """

    may_be_wrong: Callable[[Sequence[str], str], bool]


@dataclass(frozen=True, slots=True)
class UpToTokens:
    """Silent on a record of at most so many tokens, by the high estimate and with what dense text adds."""

    most: Callable[[Profile], int]


Clearance = Structural | Strings | Search | OfRow | UpToTokens
STRUCTURAL = (Structural(),)
"""What most checks declare: they are about keys, types and roles."""


class Clearances:
    """All declarations as few tests, for one base."""

    def __init__(self, declared: Iterable[Clearance], profile: Profile) -> None:
        ways = tuple(dict.fromkeys(declared))
        strings = [text for each in ways if isinstance(each, Strings) for text in each.of(profile)]
        self.holds_string = prefilter(tuple(dict.fromkeys(strings))).any_in
        self.may_hold = _any_of([each.may_stand_in for each in ways if isinstance(each, Search)])
        self.may_be_wrong = _any_of([each.may_be_wrong for each in ways if isinstance(each, OfRow)])
        self.most_tokens = min(
            (each.most(profile) for each in ways if isinstance(each, UpToTokens)), default=sys.maxsize
        )


def _any_of(tests: Sequence[Callable[P, bool]]) -> Callable[P, bool]:
    """Return one test for all; a single one is itself, for it is called for every row."""
    if len(tests) == 1:
        return tests[0]
    return lambda *args, **kwargs: any(test(*args, **kwargs) for test in tests)
