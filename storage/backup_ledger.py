"""A backup's sums of what was spent: counted anew of the entries that are in it.

While a bot runs, an entry is read in another moment than the sums that it counts in. Put back so, a budget would be
short of a spending for good, or have it twice: nothing adds the sums up again later.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from bot.spending.ledger import WORKSPACE, EntryState
from storage.keys import SCHEMA

Row = Mapping[str, Any]
ENTRY, MONTH = "ledger:entry:", "ledger:month:"
COUNTED = {"sums": "hash", "entries": "zset"}
"""What a month has that follows from its entries, by the type of its key."""


class LedgerOfOneMoment:
    """Looks at each key of a backup as it is read, keeps back what follows from others, and gives it at the end."""

    def __init__(self) -> None:
        self._kept_back: dict[tuple[str, str], Row] = {}
        self._entries: dict[str, list[Row]] = defaultdict(list)
        self._unknown: set[str] = set()

    def keeps_back(self, row: Row) -> bool:
        """Return whether this key is given at the end, and not now."""
        name = str(row["key"])
        if name.startswith(ENTRY) and (month := row["value"].get("month")):
            self._entries[month].append(row)
            if row["value"].get("v") != str(SCHEMA):
                self._unknown.add(month)
        month, _, part = name.removeprefix(MONTH).partition(":")
        if name.startswith(MONTH) and part in COUNTED:
            self._kept_back[month, part] = row
            return True
        return False

    def rows(self) -> Iterator[Row]:
        """Yield what was kept back: as it follows from the entries, or as it was where a later release wrote one."""
        months = {month for month, _ in self._kept_back} | self._entries.keys()
        for month in sorted(months):
            for part, sort in COUNTED.items():
                there = self._kept_back.get((month, part))
                if month not in self._unknown:
                    value = _sums(self._entries[month]) if part == "sums" else _listed(self._entries[month])
                    there = {
                        "key": f"{MONTH}{month}:{part}",
                        "type": sort,
                        "value": value,
                        "ends": _end([*self._entries[month], *([there] if there else [])]),
                    }
                if there and there["value"]:
                    yield there


def _sums(entries: list[Row]) -> dict[str, str]:
    """Return what counts in each scope, in millionths of a dollar."""
    sums: dict[str, int] = defaultdict(int)
    for each in entries:
        fields = each["value"]
        own = (WORKSPACE, fields["owner"], fields["channel"])
        for scope in {*own, *fields.get("others", "").split()}:
            sums[scope] += int(fields["counts"])
    return {scope: str(counted) for scope, counted in sums.items()}


def _listed(entries: list[Row]) -> list[list[Any]]:
    """Return the IDs of what was not freed, with the moments in which they were reserved."""
    return sorted(
        [str(each["key"]).removeprefix(ENTRY), float(each["value"]["at"])]
        for each in entries
        if each["value"]["state"] != EntryState.FREED
    )


def _end(rows: list[Row]) -> int | None:
    """Return when the last of these ends, in milliseconds since the epoch; None: one of them stays."""
    ends = [each["ends"] for each in rows]
    return None if None in ends else max(ends)
