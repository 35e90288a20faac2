"""Which records have pictures, which have videos, and which neither: what can only be said of the whole file."""

from collections.abc import Iterator

from bot.datasets.findings import MAX_LINES, Finding
from bot.datasets.records import Record
from bot.datasets.rules import media as rules
from bot.profiles.model import Profile


class MediaKinds:
    """Counts records by what they hold; memory holds ten lines of each kind, and two buckets."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._lines: dict[str, list[int]] = {kind: [] for kind in rules.KINDS}
        self._counts = dict.fromkeys(rules.KINDS, 0)
        self._buckets: dict[str, int] = {}
        self._records = 0

    def add(self, record: Record) -> None:
        """Take one more record in, of a base that takes media."""
        blocks = [each for each in rules.blocks_of(record) if each[1] != "assistant"]
        self._records += bool(blocks)
        kinds = {kind for _, _, kind, _ in blocks}
        for kind in kinds if len(kinds) == 1 else ():  # a record of both is named by itself
            self._counts[kind] += 1
            if len(self._lines[kind]) < MAX_LINES:
                self._lines[kind].append(record.line)
        for _, _, _, value in blocks:
            bucket = rules.bucket_of(value)
            if bucket and len(self._buckets) < 2:
                self._buckets.setdefault(bucket, record.line)

    def findings(self, records: int) -> Iterator[tuple[Finding, int]]:
        """Yield a finding for each known line, and for how many of all ``records`` it stands."""
        if self._profile.media is None or not self._records:
            return
        if all(self._counts.values()):
            yield from self._mixed()
        elif self._profile.media.homogeneous and self._records < records:
            words = f"{self._records:,} of {records:,} records have pictures or videos; the others are text alone."
            yield rules.MEDIA_AND_TEXT.at(0, "", words), 1
        if len(self._buckets) > 1:
            one, other = self._buckets
            words = f"Pictures or videos lie in more than one bucket: `{one}` and `{other}`."
            yield rules.OTHER_BUCKET.at(self._buckets[other], "", words), 1

    def _mixed(self) -> Iterator[tuple[Finding, int]]:
        """Name the records of the rarer kind."""
        rare = min(rules.KINDS, key=lambda kind: self._counts[kind])
        images, videos = (self._counts[kind] for kind in rules.KINDS)
        words = f"Records with pictures: {images:,}, with videos: {videos:,}; a dataset may have one of both."
        lines = self._lines[rare]
        for index, line in enumerate(lines):
            last = index == len(lines) - 1
            yield rules.MIXED_MEDIA.at(line, "", words), self._counts[rare] - index if last else 1
