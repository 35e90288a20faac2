"""Remembers the longest records, to tell those that are far longer than the rest."""

import heapq
from array import array

_SHOWN = 10
_KEPT = 1 << 17
"""Lengths that are kept, more than the most records that any base takes; later ones are not judged."""

_FEWEST = 50
"""Records below which nothing is the rule, and so nothing an exception."""

_NORMAL = 2000
"""Characters that are no matter, however short the others are."""


class Lengths:
    """Characters of records by line."""

    def __init__(self) -> None:
        self._all = array("q")
        self._longest: list[tuple[int, int]] = []
        self._bar = _NORMAL

    def add(self, line: int, characters: int) -> None:
        """Take one more record."""
        if len(self._all) >= _KEPT:
            return
        self._all.append(characters)
        if characters > self._bar:
            # The negated line has the later one of two equal lengths dropped first.
            heapq.heappush(self._longest, (characters, -line))
            if len(self._longest) > _SHOWN:
                self._bar = heapq.heappop(self._longest)[0]

    def outliers(self) -> tuple[int, int, list[tuple[int, int]]]:
        """Return the median, how many records are far longer, and the longest of those as ``(line, characters)``.

        Far longer is more than eight times the median and three times what 95 of 100 records have at most.
        """
        if len(self._all) < _FEWEST or not self._longest:
            return 0, 0, []
        ordered = sorted(self._all)
        median = ordered[len(ordered) // 2]
        limit = max(8 * median, 3 * ordered[int(len(ordered) * 0.95)], _NORMAL)
        shown = sorted((-line, characters) for characters, line in self._longest if characters > limit)
        return median, sum(each > limit for each in self._all), shown
