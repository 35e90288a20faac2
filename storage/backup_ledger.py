"""A backup's sums of what was spent: counted anew of the entries that are in it.

While a bot runs, an entry is read in another moment than the sums that it counts in. Put back so, a budget would be
short of a spending for good, or have it twice: nothing adds the sums up again later.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.spending.ledger import WORKSPACE, EntryState
from storage.keys import SCHEMA

Row = Mapping[str, Any]
ENTRY, MONTH = "ledger:entry:", "ledger:month:"
COUNTED = {"sums": "hash", "entries": "zset"}
"""What a month has that follows from its entries, by the type of its key."""


@dataclass(slots=True)
class _Month:
    """What the entries of a month come to, as far as they were read."""

    sums: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """What counts in each scope, in millionths of a dollar."""
    listed: list[list[Any]] = field(default_factory=list)
    """The IDs of what was not freed, with the moments in which they were reserved."""
    ends: int | None = 0
    """When the last of them ends, in milliseconds since the epoch; None: one of them stays."""
    is_known: bool = False

    def add(self, row: Row) -> None:
        """Count one entry; one that cannot be read, or that a later release wrote, makes all of the month unknown."""
        fields, self.ends = row["value"], _later(self.ends, row["ends"])
        try:
            if fields["v"] != str(SCHEMA):
                raise ValueError(fields["v"])
            scopes = {WORKSPACE, fields["owner"], fields["channel"], *fields.get("others", "").split()}
            counted, state = int(fields["counts"]), EntryState(fields["state"])
            moment = float(fields["at"])
        except (KeyError, ValueError):
            self.is_known = False
            return
        for scope in scopes:
            self.sums[scope] += counted
        if state is not EntryState.FREED:
            self.listed.append([str(row["key"]).removeprefix(ENTRY), moment])

    def value(self, part: str) -> Any:
        if part == "sums":
            return {scope: str(counted) for scope, counted in self.sums.items()}
        return sorted(self.listed)


class LedgerOfOneMoment:
    """Looks at each key of a backup as it is read, keeps back what follows from others, and gives it at the end."""

    def __init__(self) -> None:
        self._kept_back: dict[tuple[str, str], Row] = {}
        self._months: dict[str, _Month] = defaultdict(_Month)

    def keeps_back(self, row: Row) -> bool:
        """Return whether this key is given at the end, and not now."""
        name = str(row["key"])
        if name.startswith(ENTRY) and row["type"] == "hash" and (of := row["value"].get("month")):
            self._months.setdefault(of, _Month(is_known=True)).add(row)
        month, _, part = name.removeprefix(MONTH).partition(":")
        if name.startswith(MONTH) and part in COUNTED:
            self._kept_back[month, part] = row
            return True
        return False

    def rows(self) -> Iterator[Row]:
        """Yield what was kept back: as it follows from the entries, or as it was where these are not all to be read."""
        for month in sorted({month for month, _ in self._kept_back} | self._months.keys()):
            for part, sort in COUNTED.items():
                there, counted = self._kept_back.get((month, part)), self._months[month]
                if counted.is_known:
                    ends = _later(counted.ends, there["ends"]) if there else counted.ends
                    name = f"{MONTH}{month}:{part}"
                    there = {"key": name, "type": sort, "value": counted.value(part), "ends": ends}
                if there and there["value"]:
                    yield there


def _later(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)
