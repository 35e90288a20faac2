"""Dense text: what takes far more tokens than its length tells, such as base64, hex dumps and columns of numbers.

A tokenizer knows words; what is none it spells out, at between one and two characters a token, where ``estimate``
takes three. For a price or the limit of a record that is too few: a record with an embedded picture would pass here
and be refused by the service. No tokenizer of these models is public, so this counts what no tokenizer exceeds: those
that work on bytes never make more than one token of an ASCII character. Words within a dense run (minified JSON,
addresses) stay at three characters a token, or records of JSON would be refused that the service takes.

Every text is looked at, so what has nothing dense in it has to be known soon.
"""

import re
from collections.abc import Iterable

import re2

LONGEST_WORD = 24
"""Characters without white space up to which a run is taken for words; few words of any Latin script are longer."""

ADDRESS = b"://"
_RUN = b"[!-~]{%d,}" % (LONGEST_WORD + 1)
_LONG_RUN = re2.compile(_RUN)
_RUNS = re2.compile(_RUN + b"|[!-~]*://[!-~]*")
SHORTEST_PIECE, LONGEST_PIECE = 4, 21
"""Small letters, and all letters, of a piece that is like a word."""

_WORDLIKE = re.compile(rb'[A-Z]?[a-z]{%d,}|[{}\[\]":,]' % SHORTEST_PIECE)
"""Of random letters of base64 one in ten stands in such a piece by chance, of hex one in thirty: too few to matter."""

_DIGITS = b"0123456789"


def extra_tokens(texts: Iterable[str]) -> int:
    """Return how many tokens more than ``estimate`` tells the texts may have for being dense; 0 for plain prose."""
    return extra_of(dense_characters("\x01".join(texts).encode("utf-8", "replace")))


def extra_of(dense: int) -> int:
    """Return what so many dense characters add to the third of a token that ``estimate`` counts for each."""
    return -(-2 * dense // 3)


def dense_characters(data: bytes) -> int:
    """Return how many characters are dense in texts that are joined, with a control character between.

    Digits count wherever they stand: numbers in columns are as dense without being long. So do addresses.
    """
    dense = _digits(data)
    # One search before the costly one: most texts hold neither.
    if ADDRESS in data or _LONG_RUN.search(data) is not None:
        runs = b" ".join(_RUNS.findall(data))
        dense += len(runs) - runs.count(b" ") - _wordlike(runs) - _digits(runs)
    return dense


def _digits(data: bytes) -> int:
    return len(data) - len(data.translate(None, _DIGITS))


def _wordlike(run: bytes) -> int:
    return sum(len(piece) for piece in _WORDLIKE.findall(run) if len(piece) <= LONGEST_PIECE)
