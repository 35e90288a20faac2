"""Finds any of a few fixed strings in long texts, fast: by hopping along the rarest character of each."""

from collections import defaultdict

_COMMON = " etaoinshrdlcumwfgypbvkETAOINSHRLCMWFGYPBVK.,\n\"'-()0123456789"
"""Characters by how often they stand in text, most frequent first; all others are rarer."""

_MAX_HOPS = 24
"""Beyond this, searching for the strings themselves costs less than hopping."""


def _rarity(character: str) -> int:
    place = _COMMON.find(character)
    return len(_COMMON) if place < 0 else place


class Needles:
    """A compiled set of strings. Case counts."""

    def __init__(self, needles: tuple[str, ...]) -> None:
        groups: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for needle in needles:
            anchor = max(needle, key=_rarity)
            groups[anchor].append((needle, needle.index(anchor)))
        self._groups = tuple((anchor, tuple(members)) for anchor, members in groups.items())
        self._needles = needles

    def found_in(self, text: str) -> str | None:
        """Return a string of the set that stands in ``text``, or None."""
        for anchor, members in self._groups:
            position = text.find(anchor)
            hops = 0
            while position >= 0:
                for needle, offset in members:
                    if text.startswith(needle, position - offset) and position >= offset:
                        return needle
                hops += 1
                if hops == _MAX_HOPS:
                    rest = self._plainly(text, members, position)
                    if rest:
                        return rest
                    break
                position = text.find(anchor, position + 1)
        return None

    @staticmethod
    def _plainly(text: str, members: tuple[tuple[str, int], ...], start: int) -> str | None:
        for needle, offset in members:
            if text.find(needle, max(0, start - offset)) >= 0:
                return needle
        return None
