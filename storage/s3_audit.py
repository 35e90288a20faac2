"""Sealed segments of the audit in S3: ``audit/<bot>/<first>-<last>-<code>.jsonl`` in the first of the buckets.

The code of the last entry is in the name, whole, so that a listing tells all heads; nothing is replaced by another.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.audit.chain import Head
from bot.audit.ports import place_of
from storage.s3_buckets import Buckets, translated

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

FOLDER = "audit/"
_NAME = re.compile(r"(\d{12})-(\d{12})-([0-9a-f]{64})\.jsonl")


class S3Segments:
    """``bot.audit.ports.Segments`` on S3.

    Args:
        clients: gives a client for a region.
        buckets: the bucket of each region.
        bot: whose audit it is, by its prefix in Redis.
    """

    def __init__(self, clients: "Callable[[str], S3Client]", buckets: Mapping[str, str], bot: str) -> None:
        self._buckets = Buckets(clients, buckets)
        self.region = place_of(buckets)
        self._folder = f"{FOLDER}{bot}/"

    def put(self, first: int, head: Head, content: bytes) -> None:
        """Keep a segment."""
        bucket = self._buckets.of(self.region)
        name = f"{self._folder}{first:012}-{head.number:012}-{head.code}.jsonl"
        with translated(bucket, f"keep the audit in {bucket}"):
            self._buckets.check_region(bucket, self.region)
            self._buckets.clients(self.region).put_object(
                Bucket=bucket, Key=name, Body=content, ContentType="application/x-ndjson"
            )

    def heads(self) -> Mapping[int, str]:
        """Return the codes of all segments' last entries, by number; two that differ together, which no chain has."""
        bucket = self._buckets.of(self.region)
        found, after = dict[int, str](), ""
        with translated(bucket, f"list the audit in {bucket}"):
            client = self._buckets.clients(self.region)
            while True:
                page = client.list_objects_v2(Bucket=bucket, Prefix=self._folder, StartAfter=after)
                for each in page.get("Contents", []):
                    after = each["Key"]
                    if said := _NAME.fullmatch(after.removeprefix(self._folder)):
                        number, code = int(said[2]), said[3]
                        other = found.get(number, code)
                        found[number] = code if other == code else f"{other} {code}"
                if not page.get("IsTruncated") or not after:
                    return found
