"""Tells whether any of a few fixed strings stands in a long text, fast: by hopping along a rare character of each.

Where that character is not rare (code, JSON), RE2 looks for all strings at once.
"""

from collections import defaultdict
from functools import lru_cache

import re2

_COMMON = " etaoinshrdlcumwfgypbvkETAOINSHRLCMWFGYPBVK.,\n\"'-()0123456789"
"""Characters by how often they stand in text, most frequent first; all others are rarer."""

_HOPS, _HOP = 3, 1024
"""Beyond so many hops, and one more for so many characters, one search for all strings costs less than hopping."""

_AT_END = -1
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False


def _rarity(character: str) -> int:
    place = _COMMON.find(character)
    return len(_COMMON) if place < 0 else place


class Prefilter:
    """A compiled set of strings. Case counts."""

    def __init__(self, strings: tuple[str, ...]) -> None:
        groups: dict[tuple[str, int], list[str]] = defaultdict(list)
        for string in strings:
            anchor = max(string, key=_rarity)
            offset = string.index(anchor)
            groups[anchor, _AT_END if offset == len(string) - 1 else offset].append(string)
        self._all = re2.Set.SearchSet(_OPTIONS)
        for string in strings:
            self._all.Add(re2.escape(string))
        if strings:
            self._all.Compile()
        self._groups = tuple((anchor, offset, tuple(members)) for (anchor, offset), members in groups.items())

    def any_in(self, text: str) -> bool:
        """Return whether a string of the set stands in ``text``.

        One function without helpers: most texts hold a few anchors and no string, and calls would double the cost.
        """
        find, most = text.find, _HOPS + len(text) // _HOP
        for anchor, offset, members in self._groups:
            if anchor not in text:  # the operator takes half the time of the method
                continue
            position = find(anchor)
            hops = 0
            while position >= 0:
                if hops == most:
                    return bool(self._all.Match(text.encode("utf-8", "replace")))
                if offset == _AT_END:
                    if text.endswith(members, 0, position + 1):
                        return True
                elif position >= offset and text.startswith(members, position - offset):
                    return True
                hops += 1
                position = find(anchor, position + 1)
        return False


@lru_cache(maxsize=32)
def prefilter(strings: tuple[str, ...]) -> Prefilter:
    """Return the set, compiled once for all files: that takes longer than a small file does."""
    return Prefilter(strings)
