"""Dense text: what takes far more tokens than its length tells, such as base64, hex dumps and columns of numbers.

A tokenizer knows words; what is none it spells out, at between one and two characters a token, where ``estimate``
takes three. For the limit of a record that is too few: a record with an embedded picture would pass here and be
refused by the service. No tokenizer of these models is public, so this counts what no tokenizer exceeds: those that
work on bytes never make more than one token of an ASCII character. Words within a dense run (minified JSON, addresses)
stay at three characters a token, or records of JSON would be refused that the service takes.

It costs more than ``estimate`` and is asked only about records that could be too long.
"""

import re
from collections.abc import Iterable

import re2

LONGEST_WORD = 32
"""Characters without white space up to which a run is taken for words; few words of any Latin script are longer."""

_MORE_A_CHARACTER = 2 / 3
"""What a character of dense text adds to the third of a token that ``estimate`` counts."""

_RUNS = re2.compile(b"[!-~]{%d,}" % (LONGEST_WORD + 1))
_WORDLIKE = re.compile(rb'[A-Z]?[a-z]{4,}|[{}\[\]":,]')
"""Of random letters of base64 one in ten stands in such a piece by chance, of hex one in thirty: too few to matter."""

_LONGEST_PIECE = 21
_DIGITS = b"0123456789"


def may_exceed(limit: int, estimated: int, characters: int) -> bool:
    """Whether texts of so many characters, ``estimated`` as a whole, would exceed the limit if all were dense."""
    return estimated + _MORE_A_CHARACTER * characters > limit


def extra_tokens(texts: Iterable[str]) -> int:
    """Return how many tokens more than ``estimate`` tells the texts may have for being dense; 0 for plain prose.

    Digits count wherever they stand: numbers in columns are as dense without being long.
    """
    data = "\x01".join(texts).encode("utf-8", "replace")
    runs = [match.group() for match in _RUNS.finditer(data)]
    dense = _digits(data) + sum(len(run) - _wordlike(run) - _digits(run) for run in runs)
    return -int(-dense * _MORE_A_CHARACTER // 1)


def _digits(data: bytes) -> int:
    return len(data) - len(data.translate(None, _DIGITS))


def _wordlike(run: bytes) -> int:
    return sum(len(piece) for piece in _WORDLIKE.findall(run) if len(piece) <= _LONGEST_PIECE)
