"""Tokens of a text, estimated: no public tokenizer counts these models'.

Latin text is counted as AWS's own validator does it, three characters a token, which over-counts English by about
a third. That rule fails other scripts badly (40,000 Japanese characters would be 13,333 tokens), so every other
script has a weight of its own, told from the first byte of a character in UTF-8. The weights are this project's
judgement from byte-pair tokenizers in general; they err on the high side, and a range is given where it matters.
What dense text such as base64, numbers and addresses has beyond that (``token_density``) is added in ``of_texts``:
prices and limits go by the same figure, which no tokenizer should exceed.

There is no exact count to offer: Bedrock's CountTokens (count-tokens.html of its user guide) lists later Claude models
and none of the bases that can be tuned, and what it says of one model does not hold for another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.datasets.token_density import extra_tokens

CHARACTERS_PER_TOKEN = 3
"""AWS's data_validation.py for Claude 3 Haiku: floor(characters / 3) a text."""


@dataclass(frozen=True, slots=True)
class _Script:
    """Scripts that share leading bytes in UTF-8, with the least and the most tokens a character."""

    first: int
    last: int
    low: float
    high: float


_SCRIPTS = (
    _Script(0xC2, 0xD3, 0.4, 0.75),  # Latin with accents, Greek, Cyrillic
    _Script(0xD4, 0xDF, 0.5, 2.0),  # Armenian, Hebrew, Arabic: older tokenizers spell them out byte by byte
    _Script(0xE0, 0xE1, 0.7, 2.0),  # Devanagari to Lao, Georgian, Ethiopic, Khmer, Myanmar
    _Script(0xE2, 0xEF, 0.7, 1.5),  # punctuation, kana, Han, Hangul
    _Script(0xF0, 0xF4, 1.0, 3.0),  # emoji, rare Han
)
_ALL = frozenset(range(256))
_NO_LEADS = bytes(range(0xC0)) + bytes(range(0xF5, 0x100))
_COMMONEST_FIRST = tuple(
    (each, bytes(_ALL - set(range(each.first, each.last + 1))))
    for each in (_SCRIPTS[3], _SCRIPTS[0], *_SCRIPTS[1:3], *_SCRIPTS[4:])
)
"""With all bytes that are none of its own. Most texts are done with the first or second of them."""

_FEW = 200
"""Up to so many characters, counting one by one is faster."""

_LOW = [next((each.low for each in _SCRIPTS if each.first <= byte <= each.last), 0.0) for byte in range(256)]
_HIGH = [
    next((each.high for each in _SCRIPTS if each.first <= byte <= each.last), 0.0) for byte in range(256)
]
_LOW_ASCII = 1 / 5


@dataclass(frozen=True, slots=True)
class TokenRange:
    """The least and the most tokens that a text probably has."""

    low: int
    high: int


def of_texts(texts: Sequence[str]) -> TokenRange:
    """Return how many tokens the texts have together, at least and at most, whatever they are made of."""
    ranges = [estimate_range(each) for each in texts]
    return TokenRange(
        sum(each.low for each in ranges), sum(each.high for each in ranges) + extra_tokens(texts)
    )


def estimate(text: str) -> int:
    """Return the upper estimate of the tokens of ``text`` if nothing in it is dense; 0 for an empty one."""
    if text.isascii():
        return -(-len(text) // CHARACTERS_PER_TOKEN)
    return estimate_range(text).high


def estimate_range(text: str) -> TokenRange:
    """Return how many tokens ``text`` has, at least and at most, if nothing in it is dense."""
    if text.isascii():
        return TokenRange(int(len(text) * _LOW_ASCII), -(-len(text) // CHARACTERS_PER_TOKEN))
    leads = text.encode("utf-8", errors="surrogatepass").translate(None, _NO_LEADS)
    low, high = _of_leads(leads)
    latin = len(text) - len(leads)
    return TokenRange(int(low + latin * _LOW_ASCII), int(high + latin / CHARACTERS_PER_TOKEN) + 1)


_OWN_SHARE = 0.18
"""Beyond Latin's third of a token a character, at least so much of what a script may add is surely there: the least
of (low - 1/5) / (high - 1/3) over ``_SCRIPTS``."""


def least(characters: int, most: int, texts: int) -> int:
    """Return the least tokens of texts that have so many characters and, by ``estimate``, ``most`` tokens together.

    But for rounding never above the sum of their ``estimate_range``'s lows: it serves where the texts are gone.
    """
    beyond_latin = max(0.0, most - characters / CHARACTERS_PER_TOKEN - texts)
    return int(characters * _LOW_ASCII + _OWN_SHARE * beyond_latin)


def _of_leads(leads: bytes) -> tuple[float, float]:
    """Return the least and the most tokens of characters beyond ASCII, given by their first bytes."""
    if len(leads) <= _FEW:
        return sum(map(_LOW.__getitem__, leads)), sum(map(_HIGH.__getitem__, leads))
    low = high = 0.0
    left = len(leads)
    for script, others in _COMMONEST_FIRST:
        count = len(leads.translate(None, others)) if left else 0
        left -= count
        low += count * script.low
        high += count * script.high
    return low, high
