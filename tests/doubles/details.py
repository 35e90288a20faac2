"""What messages hold back, in memory."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import TunesmithError


class InMemoryDetails:
    """A ``Details`` in memory. ``brief`` are those that are kept briefly; ``away`` is raised instead of an answer."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.brief: set[tuple[str, str]] = set()
        self.away: TunesmithError | None = None

    def keep(
        self, place: str, details_id: str, blocks: Sequence[Mapping[str, Any]], *, briefly: bool = False
    ) -> None:
        self._there()
        self.kept[place, details_id] = [dict(each) for each in blocks]
        if briefly:
            self.brief.add((place, details_id))

    def get(self, place: str, details_id: str) -> list[dict[str, Any]] | None:
        self._there()
        return self.kept.get((place, details_id))

    def _there(self) -> None:
        if self.away is not None:
            raise self.away
