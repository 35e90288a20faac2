"""Buckets as the operator set them, one a region, and what S3's errors mean. Shared by all that is kept there.

Bedrock reads training data only from a bucket in the job's own region, so a bucket's region is checked before the
first byte is sent.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from boto3.exceptions import Boto3Error
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ParamValidationError,
)

from bot.aws_meanings import Meaning, meaning_of
from bot.denials import (
    TAKING,
    aws_not_set_up,
    denial_in,
    is_of_a_key,
    is_of_identity,
    is_of_setup,
    no_aws_identity,
    role_not_taken,
)
from bot.errors import (
    Cause,
    Misconfigured,
    NotFound,
    Throttled,
    TunesmithError,
    Unavailable,
)
from bot.metrics import vendor_error

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

SETTING = "TUNESMITH_BUCKETS"
MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
"""Of all that may be missing, an object; of a bucket people are told otherwise."""
_NO_BUCKET = frozenset({"NoSuchBucket"})
_ELSEWHERE = frozenset(
    {"301", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
)
_BUSY = "503"
"""All that the answer to a HEAD has of S3's *SlowDown*; any other service is away then."""
_AGAIN = frozenset({"408", "409", "OperationAborted", "ConditionalRequestConflict"})
"""What passes by itself at S3 though its status says that the request is wrong, or that something is in the way
(docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)."""
_ARCHIVED = "InvalidObjectState"
_RETRY_AFTER = 5.0


class Buckets:
    """The operator's buckets. ``clients`` gives a client for a region, ``names`` the bucket of a region."""

    def __init__(self, clients: "Callable[[str], S3Client]", names: Mapping[str, str]) -> None:
        self.clients = clients
        self._names = names
        self._checked: set[tuple[str, str]] = set()

    def region_of(self, bucket: str) -> str | None:
        """Return the region that a bucket is set for, or None when it is none of them."""
        return next((region for region, name in self._names.items() if name == bucket), None)

    def of(self, region: str) -> str:
        """Return the region's bucket.

        Raises:
            Misconfigured: none is set for it.
        """
        bucket = self._names.get(region)
        if not bucket:
            known = ", ".join(sorted(self._names)) or "none"
            raise Misconfigured(
                f"No bucket is set for {region}, where this base model is trained (set: {known}).",
                hint=f"Make a bucket in {region} and add it to {SETTING}, for instance {region}=my-tunesmith-bucket.",
            )
        return bucket

    def check_region(self, bucket: str, region: str) -> None:
        """Ask once where the bucket is. HeadBucket answers with the region even when it redirects.

        Raises:
            Misconfigured: it is in another region (named).
        """
        if (bucket, region) in self._checked:
            return
        actual = _region_of(self.clients(region), bucket)
        if actual != region:
            raise Misconfigured(
                f"The bucket {bucket} is in {actual}; this base is trained in {region} and reads only buckets there.",
                hint=f"Give {SETTING} a bucket in {region}.",
            )
        # Only what holds is remembered: a bucket never moves, but one in the wrong region may be made anew
        # in the right one.
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


@contextmanager
def translated(bucket: str, doing: str) -> Iterator[None]:
    """Turn every error of the SDK into one of ours; ``doing`` is in words what could not be done."""
    try:
        yield
    except TunesmithError:
        raise
    except ClientError as error:
        raise vendor_error("aws", _from_client_error(error, bucket, doing)) from error
    except RuntimeError as error:
        if is_of_identity(error):
            raise vendor_error("aws", no_aws_identity(str(error))) from error
        raise
    except ParamValidationError as error:
        raise Misconfigured(
            f"`{bucket}` cannot be the name of a bucket.", hint=f"Correct it in {SETTING}.", detail=str(error)
        ) from error
    except (BotoCoreError, Boto3Error) as error:
        # boto3's transfers wrap what S3 answered into errors of their own, which have no code.
        cause = error.__cause__ or error.__context__
        if isinstance(cause, ClientError):
            raise vendor_error("aws", _from_client_error(cause, bucket, doing)) from error
        said = f"{type(error).__name__}: {error}"
        if is_of_identity(error):
            raise vendor_error("aws", no_aws_identity(said)) from error
        if is_of_setup(error):
            raise vendor_error("aws", aws_not_set_up(said)) from error
        away = Unavailable(
            f"I cannot {doing}: S3 did not answer.",
            hint="I will try again.",
            detail=str(error),
            cause=Cause.AWS_AWAY,
        )
        raise vendor_error("aws", away) from error


def _from_client_error(error: ClientError, bucket: str, doing: str) -> TunesmithError:
    code = error.response.get("Error", {}).get("Code", "")
    detail, cause = str(error), Cause.bucket(bucket)
    meaning = _meaning(error, code)
    if nobody := _nobody(error, meaning, code):
        return nobody
    # The answer to a HEAD has no body, so the code is the bare status: what it is about, the operation
    # tells.
    if code in _NO_BUCKET or (code in MISSING and error.operation_name == "HeadBucket"):
        return Misconfigured(
            f"There is no bucket {bucket}.",
            hint=f"Create it, or correct its name in {SETTING}.",
            detail=detail,
            cause=cause,
        )
    if code in MISSING:
        return NotFound(f"I cannot {doing}: nothing is there.", hint="Send the file again.", detail=detail)
    if meaning in (Meaning.DENIED, Meaning.KEY):
        return _refused(code, detail, bucket, doing)
    if code in _ELSEWHERE:
        return Misconfigured(
            f"The bucket {bucket} is in another region than the one it is set for.",
            hint=f"Correct the region in {SETTING}.",
            detail=detail,
            cause=cause,
        )
    if meaning is Meaning.THROTTLED or code == _BUSY:
        return Throttled(
            f"I cannot {doing}: S3 is busy.",
            retry_after=_RETRY_AFTER,
            detail=detail,
            cause=Cause.AWS_PATIENCE,
        )
    if not _passes(error, meaning, code):
        return _not_taken(code, detail, bucket, doing)
    return Unavailable(
        f"I cannot {doing}: S3 answered {code or 'with an error'}.", detail=detail, cause=Cause.AWS_AWAY
    )


def _meaning(error: ClientError, code: str) -> Meaning:
    """Return what it means at any of AWS's services: what S3 means by a code otherwise, it says above."""
    return meaning_of(code, str(error.operation_name), str(error), _status(error, code))


def _nobody(error: ClientError, meaning: Meaning, code: str) -> TunesmithError | None:
    """Return what is told where AWS does not know us, or does not let us take our role; None: it does."""
    if meaning is Meaning.NOBODY:
        return no_aws_identity(str(error))
    if error.operation_name == TAKING and not _passes(error, meaning, code):
        return role_not_taken(str(error))  # whatever was to be called, it was not
    return None


def _passes(error: ClientError, meaning: Meaning, code: str) -> bool:
    """Return whether trying again may help. S3 may begin an answer as well (200), and end it with an error."""
    passes = meaning in (Meaning.THROTTLED, Meaning.PASSING, Meaning.NOT_READY) or code in _AGAIN
    return passes or not 400 <= _status(error, code) < 500


def _status(error: ClientError, code: str) -> int:
    """Return the status of the answer, which to a HEAD is its code, too."""
    return (
        int(code)
        if code.isdigit()
        else int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    )


def _not_taken(code: str, detail: str, bucket: str, doing: str) -> Misconfigured:
    """Return what is told of what S3 will refuse each time."""
    said, mend = f"S3 does not take it ({code})", "The log has S3's own words."
    if code == _ARCHIVED:
        said = f"it is in an archive of S3, from where nobody can read it ({code})"
        mend = "The operator restores it, and takes the transition to GLACIER or DEEP_ARCHIVE out of the lifecycle."
    return Misconfigured(f"I cannot {doing}: {said}.", hint=mend, detail=detail, cause=Cause.bucket(bucket))


def _refused(code: str, detail: str, bucket: str, doing: str) -> Misconfigured:
    """Return what is told of a bucket that we may not use, or whose key: AWS's own words say which, if they do."""
    refused = denial_in(detail)
    of_key = is_of_a_key(code) or (refused is not None and refused.action.startswith("kms:"))
    what = "the key that encrypts" if of_key else "access to"
    mend = (
        "The operator looks at the key in KMS: whether it is enabled, and lets the bot use it."
        if of_key
        else "The bot's role needs s3:ListBucket on the bucket, and s3:GetObject and s3:PutObject on its objects. "
        f"If the bucket is not yours, correct it in {SETTING}."
    )
    return Misconfigured(
        f"I cannot {doing}: {what} the bucket {bucket} is refused ({code}).",
        hint=refused.mend if refused else mend,
        detail=detail,
        cause=Cause.bucket(bucket),
    )
