"""Finds records that are nearly the same, by sketches: the smallest hashes of a text's pieces.

Two texts share about as large a part of their sketches as of their pieces (bottom-k MinHash). Long texts are cut
into sentences, which costs little; short ones into runs of three words, so that one other word shows. Hashes are
the same in every process, so a file gets the same warnings each time.
"""

from array import array
from collections.abc import Iterable
from typing import TypeAlias

from xxhash import xxh32_intdigest

ALIKE = 0.85
"""The share of pieces from which on two records are nearly the same."""

REMEMBERED = 1 << 16
"""Records that are remembered, some 250 bytes each: three times what most bases take."""

_SIZE = 32
"""Hashes a sketch: a likeness is estimated to within about 0.06, exactly for texts of so few pieces."""

_KEYS = 4
"""By how many of its smallest hashes a record is found; two of them must lead to the same earlier record. A pair at
0.85 shares two of four in 99 of 100 cases."""

_FEW = 6
"""Texts of fewer pieces are too short to be called alike: a single other word is another matter there."""

_SHORT = 2000
_ENOUGH = 16
_MANY = 40
"""Of more sentences every second stands for all, of twice as many every fourth: chosen by length, so that the same
sentence is chosen wherever it stands."""

_LONG_WORD = 25
_RUN = 6
_LONGEST_RUNS = 20_000
"""Bytes of a text of few words (Chinese, Japanese, base64) that are cut into overlapping runs of six."""

Sketch: TypeAlias = list[int]
"""Hashes, smallest first."""


def sketch(texts: bytes) -> Sketch:
    """Return the sketch of joined texts; empty when there is too little."""
    hashes = set(map(xxh32_intdigest, _pieces(texts)))
    return sorted(hashes)[:_SIZE] if len(hashes) >= _FEW else []


def _pieces(data: bytes) -> list[bytes]:
    if len(data) > _SHORT:
        for end in (b".", b"\n"):
            sentences = data.split(end)
            if len(sentences) > _MANY:
                mask = 3 if len(sentences) > 2 * _MANY else 1
                return [each for each in sentences if not len(each) & mask]
            if len(sentences) >= _ENOUGH:
                return sentences
    words = data.replace(b"\x01", b" ").lower().split()
    if len(words) * _LONG_WORD >= len(data):
        return list(map(b" ".join, zip(words, words[1:], words[2:], strict=False)))
    return [data[start : start + _RUN] for start in range(min(len(data), _LONGEST_RUNS) - _RUN)]


def likeness(one: Iterable[int], other: Iterable[int]) -> float:
    """Return the estimated share of pieces that two texts have in common, 0 to 1, by their sketches."""
    first, second = set(one), set(other)
    union = sorted(first | second)[:_SIZE]
    return len((first & second).intersection(union)) / len(union) if union else 0.0


class Likes:
    """Remembers sketches by line, to know near copies when they come by. All lie in one array, for memory's sake."""

    def __init__(self) -> None:
        self._hashes = array("I")
        self._ends = array("I", [0])
        self._lines = array("q")
        self._places: dict[int, int] = {}

    def find(self, wanted: Sketch) -> int:
        """Return the line of a record that is nearly the same, or 0."""
        known = self._places.get
        places = [place for key in wanted[:_KEYS] if (place := known(key)) is not None]
        if len(places) < 2:
            return 0
        candidates = set(places)
        if len(candidates) == len(places):
            return 0
        hashes = set(wanted)
        for place in sorted([each for each in candidates if places.count(each) > 1]):
            other = self._hashes[self._ends[place] : self._ends[place + 1]]
            shared = len(hashes.intersection(other))
            if shared >= ALIKE * max(len(wanted), len(other)) and likeness(wanted, other) >= ALIKE:
                return self._lines[place]
        return 0

    def remember(self, line: int, new: Sketch) -> None:
        """Remember a record; of those that share a hash the newest is found by it."""
        place = len(self._lines)
        if not new or place >= REMEMBERED:
            return
        self._lines.append(line)
        self._hashes.fromlist(new)
        self._ends.append(len(self._hashes))
        for key in new[:_KEYS]:
            self._places[key] = place
