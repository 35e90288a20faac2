"""Counts the dense characters of many rows at once, as ``token_density`` does of one, by NumPy over their joined bytes.

One by one they are most of what a file of code or JSON takes. That both count the same is held by a property test.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.datasets.token_density import ADDRESS, LONGEST_PIECE, LONGEST_WORD, SHORTEST_PIECE

_Places: TypeAlias = NDArray[np.int64]
_Bytes: TypeAlias = NDArray[np.uint8]
_Marks: TypeAlias = NDArray[np.bool_]

_SINGLE = np.isin(np.arange(256), np.frombuffer(b'0123456789{}[]":,', np.uint8))
"""Within a run these are no dense characters of its own: digits are counted wherever they stand, JSON's signs never."""


def dense_of_rows(rows: Sequence[bytes]) -> list[int]:
    """Return how many characters are dense in each of the rows, whose texts are joined by a control character."""
    data = b"\x01".join(rows)
    ends = np.cumsum(np.fromiter(map(len, rows), np.int64, len(rows)) + 1) - 1
    letters = np.frombuffer(data, np.uint8)
    dense = _in_each(_where(letters, b"0", b"9"), ends)
    starts, stops = _runs(letters)
    if len(starts):
        dense += _in_runs(data, starts, stops, ends)
    counts: list[int] = dense.tolist()
    return counts


def _where(letters: _Bytes, first: bytes, last: bytes) -> _Places:
    return np.flatnonzero(_between(letters, first, last))


def _between(letters: _Bytes, first: bytes, last: bytes) -> _Marks:
    return letters - np.uint8(first[0]) <= last[0] - first[0]  # below the first it wraps around


def _in_each(places: _Places, ends: _Places) -> _Places:
    """Return how many of the ascending places lie in each row."""
    return _differences(np.searchsorted(places, ends))


def _differences(ascending: _Places) -> _Places:
    """Return each one's distance from the one before, the first's from 0."""
    made = ascending.copy()
    made[1:] -= ascending[:-1]
    return made


def _runs(letters: _Bytes) -> tuple[_Places, _Places]:
    """Return where runs begin and end that are too long for a word, or hold an address."""
    visible = _between(letters, b"!", b"~")
    starts, ends = _stretches(_all_within(visible, LONGEST_WORD + 1))
    stops = ends + LONGEST_WORD
    addresses = _addresses(letters)
    if len(addresses):
        gaps = np.concatenate(([-1], np.flatnonzero(~visible), [len(letters)]))
        following = np.searchsorted(gaps, addresses)
        starts = np.unique(np.concatenate((starts, gaps[following - 1] + 1)))
        stops = np.unique(np.concatenate((stops, gaps[following])))
    return starts, stops


def _addresses(letters: _Bytes) -> _Places:
    """Return where addresses are marked: by colons first, for they are few."""
    first, second, third = ADDRESS
    places = np.flatnonzero(letters[:-2] == first)
    following: _Marks = (letters[places + 1] == second) & (letters[places + 2] == third)
    marked: _Places = places[following]
    return marked


def _all_within(marks: _Marks, length: int) -> _Marks:
    """Return for each place whether it and all that follow, ``length`` together, are marked."""
    reached = 1
    while reached < length and len(marks):
        step = min(reached, length - reached)
        marks = marks[:-step] & marks[step:]
        reached += step
    return marks


def _stretches(marks: _Marks) -> tuple[_Places, _Places]:
    """Return where marked stretches begin and end."""
    padded = np.zeros(len(marks) + 2, np.bool_)
    padded[1:-1] = marks
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return edges[::2], edges[1::2]


def _in_runs(data: bytes, starts: _Places, stops: _Places, ends: _Places) -> _Places:
    """Return how many characters of each row's runs are neither digits nor, in all likelihood, parts of words."""
    pieces = [data[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
    runs = np.frombuffer(b" ".join(pieces), np.uint8)
    sizes = np.concatenate(([0], np.cumsum(stops - starts)))
    before = np.searchsorted(starts, ends)
    all_of_them = _differences(sizes[before])
    ends_in_runs = sizes[before] + before  # with a space behind each run
    words, lengths = _words(runs)
    of_words = np.concatenate(([0], np.cumsum(lengths)))[np.searchsorted(words, ends_in_runs)]
    return all_of_them - _differences(of_words) - _in_each(np.flatnonzero(_SINGLE[runs]), ends_in_runs)


def _words(runs: _Bytes) -> tuple[_Places, _Places]:
    """Return where pieces begin that are like words, and their lengths with the capital before them."""
    starts, ends = _stretches(_between(runs, b"a", b"z"))
    enough = ends - starts >= SHORTEST_PIECE
    starts, ends = starts[enough], ends[enough]
    capital = _between(runs, b"A", b"Z")[starts - 1] & (starts > 0)
    lengths = ends - starts + capital
    like_words = lengths <= LONGEST_PIECE
    return starts[like_words], lengths[like_words]
