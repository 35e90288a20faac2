"""Which records have pictures, which have videos, and which neither: what can only be said of the whole file."""

from collections.abc import Sequence

from bot.datasets.findings import MAX_LINES
from bot.datasets.media import KINDS, blocks_of, bucket_of
from bot.datasets.records import Record


class MediaKinds:
    """Counts records by what they hold; memory holds ten lines of each kind, and two buckets."""

    def __init__(self) -> None:
        self._lines: dict[str, list[int]] = {kind: [] for kind in KINDS}
        self._counts = dict.fromkeys(KINDS, 0)
        self._buckets: dict[str, int] = {}
        self._records = 0

    def add(self, record: Record) -> None:
        """Take one more record in, of a base that takes media."""
        blocks = [each for each in blocks_of(record) if each[1] != "assistant"]
        self._records += bool(blocks)
        kinds = {kind for _, _, kind, _ in blocks}
        for kind in kinds if len(kinds) == 1 else ():  # a record of both is named by itself
            self._counts[kind] += 1
            if len(self._lines[kind]) < MAX_LINES:
                self._lines[kind].append(record.line)
        for _, _, _, value in blocks:
            bucket = bucket_of(value)
            if bucket and len(self._buckets) < 2:
                self._buckets.setdefault(bucket, record.line)

    @property
    def records(self) -> int:
        """How many records have pictures or videos."""
        return self._records

    def count(self, kind: str) -> int:
        """Return how many records have that kind alone."""
        return self._counts[kind]

    def rarer(self) -> tuple[int, Sequence[int]] | None:
        """Return how many records have the rarer kind, and the first of their lines; None when there is one kind."""
        if not all(self._counts.values()):
            return None
        rare = min(KINDS, key=lambda kind: self._counts[kind])
        return self._counts[rare], self._lines[rare]

    @property
    def buckets(self) -> dict[str, int]:
        """Up to two buckets that they lie in, each with the first line that names it."""
        return self._buckets
