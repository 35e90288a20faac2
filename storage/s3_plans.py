"""Plans that were started, in S3: ``plans/<digest>.json`` in the bucket of their region.

They are what is left of a plan when the store is lost: the tags of what was made in the account hold its digest, and
by that it is found here.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError
from urllib3.exceptions import HTTPError

from bot.errors import NotFound, Refused, Unavailable
from bot.metrics import vendor_error
from storage.s3_buckets import Buckets, translated

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

PREFIX = "plans/"
LARGEST = 1024**2
"""Bytes of a plan at most: its longest member is a system prompt, of which no base takes a tenth of that."""


class S3Plans:
    """``bot.spending.ports.PlanArchive`` on S3. ``clients`` gives a client for a region, ``buckets`` its bucket."""

    folder = PREFIX

    def __init__(self, clients: "Callable[[str], S3Client]", buckets: Mapping[str, str]) -> None:
        self._buckets = Buckets(clients, buckets)

    def put(self, region: str, digest: str, content: bytes) -> None:
        """Keep it; what was kept under that digest before is replaced."""
        bucket = self._buckets.of(region)
        with translated(bucket, f"keep the plan in {bucket}"):
            self._buckets.check_region(bucket, region)
            self._buckets.clients(region).put_object(
                Bucket=bucket, Key=self._key(digest), Body=content, ContentType="application/json"
            )

    def get(self, region: str, digest: str) -> bytes | None:
        """Return what was kept, or None when nothing is there."""
        bucket = self._buckets.of(region)
        try:
            with translated(bucket, f"read a plan in {bucket}"):
                found = self._buckets.clients(region).get_object(Bucket=bucket, Key=self._key(digest))
                with found["Body"] as body:
                    # Whoever may write to the bucket may put anything there; it is not read into memory to find that
                    # out.
                    if found["ContentLength"] > LARGEST:
                        raise Refused(
                            f"`{self._key(digest)}` has {found['ContentLength']:,} bytes: it is no plan."
                        )
                    return body.read()
        except NotFound:
            return None
        except (HTTPError, OSError, BotoCoreError) as error:
            broken = Unavailable("S3 broke off in the middle of a plan.", hint="I try again by myself.")
            raise vendor_error("aws", broken) from error

    def _key(self, name: str) -> str:
        return f"{self.folder}{name}.json"


class S3Marks(S3Plans):
    """``bot.rivals.Marks`` on S3: which Redis a bot of that name was last at work on, ``bots/<prefix>.json``."""

    folder = "bots/"
