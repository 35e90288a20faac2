"""Finds records that are nearly the same, by sketches: the smallest hashes of a text's pieces (bottom-k MinHash).

A piece is a window of sixteen bytes, about three words, one at every byte, so that no script and no shape of text
needs cutting into words or sentences. Of a long text's windows only those of small hashes are looked at, which are the
same wherever a passage stands. What stands in many rows, such as a prompt's template, tells rows apart no more than
the letters do: it is learnt (``Common``) and left out, so that likeness is judged on what varies between rows.

NumPy works on many rows at once, without the interpreter's lock. Hashes are the same in every process and on every
machine, so a file gets the same warnings each time.
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

ALIKE = 0.85
"""The share of pieces from which on two records are nearly the same."""

REMEMBERED = 1 << 15
"""Records that are remembered, some 500 bytes each: more than any base takes."""

LONGEST = 1 << 18
"""Bytes of a text that are looked at: twice what a record of 32,000 tokens has."""

_SIZE = 48
"""Hashes a sketch: a likeness is estimated to within about 0.05, exactly for texts of so few pieces."""

_KEYS = 4
"""By how many of its smallest hashes a record is found; two of them must lead to the same earlier record. A pair at
0.85 shares two of four in 99 of 100 cases."""

_FEW = 8
"""Texts of fewer pieces that vary are too short to be called alike: a single other word is another matter there."""

_WINDOW, _HALF_WINDOW = 16, 8
_LOOKED_AT = 128
"""About how many windows of a row are looked at, for 48 of them to be there in any case."""

_LOOKED_AT_IN_TEMPLATES = 1024
"""The same where rows share a template, for enough of the little that varies to be among them."""

_SHARED_ROWS = 8
_SHARED = 0.1
"""Rows, and the share of rows, in which a window stands that says nothing: ten templates may take turns in a file."""

_BUCKETS = 1 << 16
_CHUNK = 1 << 14
"""Bytes that are hashed at once: what they take meanwhile stays in the processor's cache."""

_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
"""Odd numbers of random bits: the golden ratio's, and a prime of xxHash."""

_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)

TOGETHER = 256
"""Rows that are well sketched at once: NumPy takes a tenth of a millisecond a call, however few."""

Sketch: TypeAlias = "array[int]"
"""Hashes, smallest first."""

_NONE: Sketch = array("I")

_Numbers: TypeAlias = NDArray[np.int64]
_Keys: TypeAlias = NDArray[np.uint64]
"""The row's number in the upper half, a hash in the lower one; ascending, each once."""


class Common:
    """The windows that stand in many rows. Learning again only adds to them."""

    def __init__(self) -> None:
        self._is_common = np.zeros(_BUCKETS, np.bool_)
        self._counts = np.zeros(_BUCKETS, np.uint32)
        self._rows = 0
        self._found = False

    @property
    def looked_at(self) -> int:
        """About how many windows of a row have to be looked at."""
        return _LOOKED_AT_IN_TEMPLATES if self._found else _LOOKED_AT

    def count(self, texts: Sequence[bytes]) -> None:
        """Count the windows of these rows, for ``learn`` to tell what is common. Order does not matter."""
        self._counts += _counted(_keys(texts, _LOOKED_AT_IN_TEMPLATES))
        self._rows += len(texts)

    def learn(self) -> None:
        """Take for common what stands in many of the rows counted so far."""
        self._take(self._counts, self._rows)

    def learn_from(self, keys: _Keys, rows: int) -> bool:
        """Add what is common in these rows alone: a template may begin in the middle of a file.

        Return whether more of each row has to be looked at from now on: the first template was found.
        """
        counts = _counted(keys)
        if self._found:
            self._take(counts, rows)
            return False
        # A phrase is no template: that is a good part of its rows.
        self._found = bool(np.count_nonzero((counts >= _least(rows))[_buckets(keys)]) > _SHARED * len(keys))
        return self._found

    def without(self, keys: _Keys) -> _Keys:
        """Return the keys of what varies."""
        return keys[~self._is_common[_buckets(keys)]] if self._found else keys

    def _take(self, counts: NDArray[np.uint32], rows: int) -> None:
        self._is_common |= counts >= _least(rows)
        self._found = bool(self._is_common.any())


def _least(rows: int) -> int:
    return max(_SHARED_ROWS, int(np.ceil(_SHARED * rows)))


def _buckets(keys: _Keys) -> NDArray[np.intp]:
    return (keys & np.uint64(_BUCKETS - 1)).astype(np.intp)


def _counted(keys: _Keys) -> NDArray[np.uint32]:
    return np.bincount(_buckets(keys), minlength=_BUCKETS).astype(np.uint32)


def sketches(texts: Sequence[bytes], common: Common, *, learning: bool = False) -> list[Sketch]:
    """Return the sketch of each row's joined texts, of what is not common; empty when there is too little.

    ``learning`` looks for what is common here first.
    """
    keys = _keys(texts, common.looked_at)
    if learning and common.learn_from(keys, len(texts)):
        keys = _keys(texts, common.looked_at)
        common.learn_from(keys, len(texts))
    return _smallest(common.without(keys), len(texts))


def _smallest(keys: _Keys, rows: int) -> list[Sketch]:
    """Return the smallest hashes of each row."""
    starts = np.searchsorted(keys, np.arange(rows + 1, dtype=np.uint64) << _HALF)
    numbers = np.diff(starts)
    hashes = keys[np.arange(len(keys)) < np.repeat(starts[:-1] + _SIZE, numbers)]
    small = array("I", hashes.astype(np.uint32).tobytes())
    found, start = [], 0
    for length in np.minimum(numbers, _SIZE).tolist():
        found.append(small[start : start + length] if length >= _FEW else _NONE)
        start += length
    return found


def _keys(texts: Sequence[bytes], looked_at: int) -> _Keys:
    """Return the small hashes of windows in each row, about ``looked_at`` of them."""
    parts = [each[:LONGEST].lower() for each in texts]
    lengths = np.fromiter(map(len, parts), np.int64, len(parts))
    halvings = _halvings(lengths, looked_at)
    found = [
        _keys_of(parts, lengths, np.flatnonzero(halvings == each), _LOW >> each)
        for each in np.unique(halvings)
    ]
    if not found:
        return np.empty(0, np.uint64)
    keys = np.concatenate(found)
    keys.sort()
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys


def _keys_of(parts: Sequence[bytes], lengths: _Numbers, rows: _Numbers, limit: np.uint64) -> _Keys:
    """Return the keys of these rows, each of which may occur several times: all hashes up to ``limit``."""
    data = b"".join([parts[each] for each in rows.tolist()])
    if len(data) < _WINDOW:
        return np.empty(0, np.uint64)
    places, small = _small_hashes(data, limit)
    ends = np.cumsum(lengths[rows])
    numbers = np.diff(np.searchsorted(places, ends), prepend=0)
    # Rows lie side by side: a window that begins in one and ends in the next is no piece of either.
    wanted = places <= np.repeat(ends - _WINDOW, numbers)
    keys: _Keys = (np.repeat(rows.astype(np.uint64) << _HALF, numbers) | small)[wanted]
    return keys


def _small_hashes(data: bytes, limit: np.uint64) -> tuple[_Numbers, _Keys]:
    """Return where windows with a hash up to ``limit`` begin, and the hashes."""
    # The least significant byte comes first on every machine.
    # A view of eight bytes at each place, of which nothing is copied.
    halves: NDArray[np.uint64] = np.ndarray((len(data) - _HALF_WINDOW + 1,), np.dtype("<u8"), data, 0, (1,))
    places, small = [], []
    for start in range(0, len(halves) - _HALF_WINDOW, _CHUNK):
        # Copied, since what is multiplied in place here overlaps itself in the view.
        chunk = halves[start : start + _CHUNK + _HALF_WINDOW].copy()
        hashes = chunk[:-_HALF_WINDOW] * _FIRST
        chunk *= _SECOND
        hashes += chunk[_HALF_WINDOW:]
        hashes >>= _HALF
        found = np.flatnonzero(hashes <= limit)
        places.append(found + start)
        small.append(hashes[found])
    return np.concatenate(places), np.concatenate(small)


def _halvings(lengths: _Numbers, looked_at: int) -> _Keys:
    """Return how often the greatest hash that counts is halved, for each row: as often as it is twice too long."""
    return np.ceil(np.log2(np.maximum(lengths / looked_at, 1))).astype(np.uint64)


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

    @property
    def is_full(self) -> bool:
        """Whether nothing more is remembered."""
        return len(self._lines) >= REMEMBERED

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
            # The plain count first: `likeness` sorts, and nearly all candidates fail here.
            if shared >= ALIKE * max(len(wanted), len(other)) and likeness(wanted, other) >= ALIKE:
                return self._lines[place]
        return 0

    def remember(self, line: int, new: Sketch) -> None:
        """Remember a record; of those that share a hash the newest is found by it."""
        place = len(self._lines)
        if not new or place >= REMEMBERED:
            return
        self._lines.append(line)
        self._hashes.extend(new)
        self._ends.append(len(self._hashes))
        for key in new[:_KEYS]:
            self._places[key] = place
