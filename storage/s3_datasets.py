"""The bytes of datasets in S3, content-addressed: ``datasets/<sha256>.jsonl`` in one bucket a region."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from bot.errors import Misconfigured, is_full, no_room
from storage.s3_buckets import MISSING, SETTING, Buckets, translated

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

PREFIX = "datasets/"
_NOTHING = f"{PREFIX}.check"
"""The object without content by which it is tried whether something can be kept."""

_MIB = 1024**2
_TRANSFER = TransferConfig(multipart_threshold=16 * _MIB, multipart_chunksize=16 * _MIB, max_concurrency=4)


class S3DatasetFiles:
    """``DatasetFiles`` on S3. ``clients`` gives a client for a region, ``buckets`` the bucket of a region."""

    def __init__(self, clients: "Callable[[str], S3Client]", buckets: Mapping[str, str]) -> None:
        self._buckets = Buckets(clients, buckets)

    def put(self, path: Path, sha256: str, region: str) -> str:
        """Store the file under its digest in the region's bucket and return its S3 URI. Repeating it is free.

        Raises:
            Misconfigured: no bucket is set for the region, it is in another region (named), or access is refused.
            Unavailable: S3 did not answer.
        """
        bucket = self._buckets.of(region)
        key = f"{PREFIX}{sha256}.jsonl"
        client = self._buckets.clients(region)
        with translated(bucket, f"store the dataset in {bucket}"):
            self._buckets.check_region(bucket, region)
            # The key is the content's digest: what is there under it need not be sent again.
            if _size_of(client, bucket, key) != path.stat().st_size:
                client.upload_file(
                    str(path),
                    bucket,
                    key,
                    ExtraArgs={"ContentType": "application/jsonl", "Metadata": {"sha256": sha256}},
                    Config=_TRANSFER,
                )
        return f"s3://{bucket}/{key}"

    def check(self, region: str) -> None:
        """Raise what keeps ``put`` from working there: nothing is put, by the same calls, under a name of its own.

        Raises:
            Misconfigured, Unavailable: as ``put``.
        """
        bucket = self._buckets.of(region)
        client = self._buckets.clients(region)
        with translated(bucket, f"store the dataset in {bucket}"):
            self._buckets.check_region(bucket, region)
            _size_of(client, bucket, _NOTHING)
            client.put_object(Bucket=bucket, Key=_NOTHING, Body=b"")

    def get(self, uri: str, destination: Path) -> None:
        """Download what ``put`` stored.

        Raises:
            NotFound: nothing is there.
            Misconfigured: the bucket is none of ours, access is refused, or the disk is full.
            Unavailable: S3 did not answer.
        """
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        region = self._buckets.region_of(bucket)
        if region is None:
            raise Misconfigured(
                f"The bucket {bucket} is not in {SETTING} any more.",
                hint=f"Add it with its region to {SETTING}, for instance us-west-2={bucket}.",
            )
        # Whoever finds the destination takes it for whole, and a process may be killed in the middle.
        unfinished = destination.with_name(f"{destination.name}.part")
        try:
            with translated(bucket, f"fetch {uri}"):
                self._buckets.clients(region).download_file(bucket, key, str(unfinished), Config=_TRANSFER)
            unfinished.replace(destination)
        except OSError as error:
            if is_full(error):
                raise no_room(error) from error
            raise
        finally:
            unfinished.unlink(missing_ok=True)


def _size_of(client: "S3Client", bucket: str, key: str) -> int | None:
    try:
        return client.head_object(Bucket=bucket, Key=key)["ContentLength"]
    except ClientError as error:
        # Without s3:ListBucket a missing key is answered with 403: then uploading decides.
        if error.response.get("Error", {}).get("Code") in MISSING | {"403"}:
            return None
        raise
