"""The bytes of datasets in S3, content-addressed: ``datasets/<sha256>.jsonl`` in one bucket a region.

Bedrock reads training data only from a bucket in the job's own region, so a bucket's region is checked before the
first byte is sent.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError

from bot.errors import Misconfigured, NotFound, Throttled, TunesmithError, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

SETTING = "TUNESMITH_BUCKETS"
PREFIX = "datasets/"

_MIB = 1024**2
_TRANSFER = TransferConfig(multipart_threshold=16 * _MIB, multipart_chunksize=16 * _MIB, max_concurrency=4)
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_NO_BUCKET = frozenset({"NoSuchBucket"})
_DENIED = frozenset(
    {"403", "AccessDenied", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"}
)
_ELSEWHERE = frozenset(
    {"301", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
)
_BUSY = frozenset({"429", "503", "SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded"})
_RETRY_AFTER = 5.0


class S3DatasetFiles:
    """``DatasetFiles`` on S3. ``clients`` gives a client for a region, ``buckets`` the bucket of a region."""

    def __init__(self, clients: "Callable[[str], S3Client]", buckets: Mapping[str, str]) -> None:
        self._clients = clients
        self._buckets = buckets
        self._checked: set[tuple[str, str]] = set()

    def put(self, path: Path, sha256: str, region: str) -> str:
        """Store the file under its digest in the region's bucket and return its S3 URI. Repeating it is free.

        Raises:
            Misconfigured: no bucket is set for the region, it is in another region (named), or access is refused.
            Unavailable: S3 did not answer.
        """
        bucket = self._bucket_of(region)
        key = f"{PREFIX}{sha256}.jsonl"
        client = self._clients(region)
        with _translated(bucket, f"store the dataset in {bucket}"):
            self._check_region(client, bucket, region)
            if _size_of(client, bucket, key) != path.stat().st_size:
                client.upload_file(
                    str(path),
                    bucket,
                    key,
                    ExtraArgs={"ContentType": "application/jsonl", "Metadata": {"sha256": sha256}},
                    Config=_TRANSFER,
                )
        return f"s3://{bucket}/{key}"

    def get(self, uri: str, destination: Path) -> None:
        """Download what ``put`` stored.

        Raises:
            NotFound: nothing is there.
            Misconfigured: the bucket is none of ours, or access is refused.
            Unavailable: S3 did not answer.
        """
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        region = next((region for region, name in self._buckets.items() if name == bucket), None)
        if region is None:
            raise Misconfigured(
                f"The bucket {bucket} is not in {SETTING} any more.",
                hint=f"Add it with its region to {SETTING}, for instance us-west-2={bucket}.",
            )
        unfinished = destination.with_name(f"{destination.name}.part")
        try:
            with _translated(bucket, f"fetch {uri}"):
                self._clients(region).download_file(bucket, key, str(unfinished), Config=_TRANSFER)
            unfinished.replace(destination)
        finally:
            unfinished.unlink(missing_ok=True)

    def _bucket_of(self, region: str) -> str:
        bucket = self._buckets.get(region)
        if not bucket:
            known = ", ".join(sorted(self._buckets)) or "none"
            raise Misconfigured(
                f"No bucket is set for {region}, where this base model is trained (set: {known}).",
                hint=f"Make a bucket in {region} and add it to {SETTING}, for instance {region}=my-tunesmith-bucket.",
            )
        return bucket

    def _check_region(self, client: "S3Client", bucket: str, region: str) -> None:
        """Ask once where the bucket is. HeadBucket answers with the region even when it redirects."""
        if (bucket, region) in self._checked:
            return
        actual = _region_of(client, bucket)
        if actual != region:
            raise Misconfigured(
                f"The bucket {bucket} is in {actual}; this base is trained in {region} and reads only buckets there.",
                hint=f"Give {SETTING} a bucket in {region}.",
            )
        self._checked.add((bucket, region))


def _region_of(client: "S3Client", bucket: str) -> str:
    try:
        answer = client.head_bucket(Bucket=bucket)
    except ClientError as error:
        headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        redirected_to: str | None = headers.get("x-amz-bucket-region")
        if error.response.get("Error", {}).get("Code") in _ELSEWHERE and redirected_to:
            return redirected_to
        raise
    if region := answer.get("BucketRegion"):
        return region
    location: str | None = client.get_bucket_location(Bucket=bucket).get("LocationConstraint")
    return location or "us-east-1"  # the region that has no name here


def _size_of(client: "S3Client", bucket: str, key: str) -> int | None:
    try:
        return client.head_object(Bucket=bucket, Key=key)["ContentLength"]
    except ClientError as error:
        # Without s3:ListBucket a missing key is answered with 403: then uploading decides.
        if error.response.get("Error", {}).get("Code") in _MISSING | {"403"}:
            return None
        raise


@contextmanager
def _translated(bucket: str, doing: str) -> Iterator[None]:
    """Turn every error of the SDK into one of ours."""
    try:
        yield
    except TunesmithError:
        raise
    except ClientError as error:
        raise _from_client_error(error, bucket, doing) from error
    except NoCredentialsError as error:
        raise Misconfigured(
            f"I cannot {doing}: there are no AWS credentials.",
            hint="Give the bot a role or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            detail=str(error),
        ) from error
    except ParamValidationError as error:
        raise Misconfigured(
            f"`{bucket}` cannot be the name of a bucket.", hint=f"Correct it in {SETTING}.", detail=str(error)
        ) from error
    except (BotoCoreError, Boto3Error) as error:
        cause = error.__cause__ or error.__context__
        if isinstance(cause, ClientError):
            raise _from_client_error(cause, bucket, doing) from error
        raise Unavailable(
            f"I cannot {doing}: S3 did not answer.", hint="I will try again.", detail=str(error)
        ) from error


def _from_client_error(error: ClientError, bucket: str, doing: str) -> TunesmithError:
    code = error.response.get("Error", {}).get("Code", "")
    detail = str(error)
    if code in _NO_BUCKET or (code in _MISSING and error.operation_name == "HeadBucket"):
        return Misconfigured(
            f"There is no bucket {bucket}.",
            hint=f"Create it, or correct its name in {SETTING}.",
            detail=detail,
        )
    if code in _MISSING:
        return NotFound(f"I cannot {doing}: nothing is there.", hint="Send the file again.", detail=detail)
    if code in _DENIED:
        return Misconfigured(
            f"I cannot {doing}: access to the bucket {bucket} is refused ({code}).",
            hint="The bot's role needs s3:ListBucket on the bucket, and s3:GetObject and s3:PutObject on its objects. "
            f"If the bucket is not yours, correct it in {SETTING}.",
            detail=detail,
        )
    if code in _ELSEWHERE:
        return Misconfigured(
            f"The bucket {bucket} is in another region than the one it is set for.",
            hint=f"Correct the region in {SETTING}.",
            detail=detail,
        )
    if code in _BUSY:
        return Throttled(f"I cannot {doing}: S3 is busy.", retry_after=_RETRY_AFTER, detail=detail)
    return Unavailable(f"I cannot {doing}: S3 answered {code or 'with an error'}.", detail=detail)
