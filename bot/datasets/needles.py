"""Tells whether any of a few fixed strings stands in a long text, fast: by hopping along a rare character of each."""

from collections import defaultdict

_COMMON = " etaoinshrdlcumwfgypbvkETAOINSHRLCMWFGYPBVK.,\n\"'-()0123456789"
"""Characters by how often they stand in text, most frequent first; all others are rarer."""

_MAX_HOPS = 40
"""Beyond this, searching for the strings themselves costs less than hopping."""

_AT_END = -1
_LONGEST = 64


def _rarity(character: str) -> int:
    place = _COMMON.find(character)
    return len(_COMMON) if place < 0 else place


class Needles:
    """A compiled set of strings of at most 64 characters. Case counts."""

    def __init__(self, needles: tuple[str, ...]) -> None:
        groups: dict[tuple[str, int], list[str]] = defaultdict(list)
        for needle in needles:
            anchor = max(needle, key=_rarity)
            offset = needle.index(anchor)
            groups[anchor, _AT_END if offset == len(needle) - 1 else offset].append(needle)
        self._groups = tuple((anchor, offset, tuple(members)) for (anchor, offset), members in groups.items())

    def any_in(self, text: str) -> bool:
        """Return whether a string of the set stands in ``text``."""
        find = text.find
        for anchor, offset, members in self._groups:
            position = find(anchor)
            if position >= 0 and _hop(text, position, anchor, offset, members):
                return True
        return False


def _hop(text: str, position: int, anchor: str, offset: int, members: tuple[str, ...]) -> bool:
    """Return whether one of ``members`` stands in ``text``; their anchor, at ``offset``, is first at ``position``."""
    for _ in range(_MAX_HOPS):
        if position < 0:
            return False
        if offset == _AT_END:
            if text.endswith(members, 0, position + 1):
                return True
        elif position >= offset and text.startswith(members, position - offset):
            return True
        position = text.find(anchor, position + 1)
    start = max(0, position - _LONGEST) if position >= 0 else len(text)
    return any(text.find(needle, start) >= 0 for needle in members)
