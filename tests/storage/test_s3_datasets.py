"""What S3 alone can do wrong: regions, permissions, names, weather."""

import errno
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    InvalidDefaultsMode,
    NoCredentialsError,
    UnauthorizedSSOTokenError,
)
from botocore.stub import Stubber

from bot.aws_meanings import MEANINGS, Meaning
from bot.errors import Misconfigured, NoIdentity, NotFound, Throttled, TunesmithError, Unavailable
from storage.s3_buckets import translated
from storage.s3_datasets import S3DatasetFiles
from tests.fixtures.s3 import BUCKETS, S3Clients
from tests.tables import table

CONTENT = b"x" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY = f"datasets/{SHA256}.jsonl"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(CONTENT)
    return path


def test_a_bucket_in_another_region_is_refused_with_the_reason(s3_clients: S3Clients, path: Path) -> None:
    files = S3DatasetFiles(s3_clients, {"us-west-2": BUCKETS["us-east-1"]})
    with pytest.raises(Misconfigured) as refused:
        files.put(path, SHA256, "us-west-2")
    assert "is in us-east-1" in refused.value.message
    assert "trained in us-west-2" in refused.value.message
    assert "TUNESMITH_BUCKETS" in refused.value.hint


def test_a_bucket_that_does_not_exist_is_named(s3_clients: S3Clients, path: Path) -> None:
    with pytest.raises(Misconfigured, match="There is no bucket nowhere"):
        S3DatasetFiles(s3_clients, {"us-west-2": "nowhere"}).put(path, SHA256, "us-west-2")


def test_a_bucket_with_an_impossible_name_is_the_operators(s3_clients: S3Clients, path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be the name of a bucket"):
        S3DatasetFiles(s3_clients, {"us-west-2": "not a bucket!"}).put(path, SHA256, "us-west-2")


def test_what_is_there_is_not_sent_again(s3_clients: S3Clients, path: Path) -> None:
    files = S3DatasetFiles(s3_clients, BUCKETS)
    files.put(path, SHA256, "us-west-2")
    client = s3_clients("us-west-2")
    first = client.head_object(Bucket=BUCKETS["us-west-2"], Key=KEY)
    path.write_bytes(b"y" * len(CONTENT))
    files.put(path, SHA256, "us-west-2")
    assert client.head_object(Bucket=BUCKETS["us-west-2"], Key=KEY)["ETag"] == first["ETag"]
    assert first["Metadata"] == {"sha256": SHA256}


def test_what_is_there_in_part_is_sent_again(s3_clients: S3Clients, path: Path, tmp_path: Path) -> None:
    s3_clients("us-west-2").put_object(Bucket=BUCKETS["us-west-2"], Key=KEY, Body=b"x")
    files = S3DatasetFiles(s3_clients, BUCKETS)
    files.get(files.put(path, SHA256, "us-west-2"), tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == CONTENT


@pytest.mark.slow
def test_a_large_file_goes_in_parts(s3_clients: S3Clients, tmp_path: Path) -> None:
    large = tmp_path / "large.jsonl"
    large.write_bytes(b"z" * (17 << 20))
    S3DatasetFiles(s3_clients, BUCKETS).put(large, SHA256, "us-east-1")
    head = s3_clients("us-east-1").head_object(Bucket=BUCKETS["us-east-1"], Key=KEY)
    assert head["ContentLength"] == 17 << 20
    assert head["ETag"].strip('"').endswith("-2")


def test_a_bucket_that_is_ours_no_more_is_named(s3_clients: S3Clients, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="old-bucket is not in TUNESMITH_BUCKETS"):
        S3DatasetFiles(s3_clients, BUCKETS).get(f"s3://old-bucket/{KEY}", tmp_path / "copy")


class Stub:
    """A client whose first call fails in a chosen way, answered by botocore's Stubber."""

    def __init__(self) -> None:
        self.client = boto3.client(
            "s3",
            region_name="us-west-2",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
            config=Config(retries={"total_max_attempts": 1}),
        )
        self.stubber = Stubber(self.client)
        self.files = S3DatasetFiles(lambda region: self.client, BUCKETS)


@pytest.fixture
def stub() -> Iterator[Stub]:
    made = Stub()
    with made.stubber:
        yield made


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("403", Misconfigured, "s3:PutObject"),
        ("AccessDenied", Misconfigured, "access to the bucket"),
        ("ExpiredToken", NoIdentity, "no AWS credentials that work"),
        ("400", NoIdentity, "no AWS credentials that work"),
        ("RequestTimeTooSkewed", NoIdentity, "clock is wrong"),
        ("KMS.DisabledException", Misconfigured, "the key that encrypts the bucket"),
        ("404", Misconfigured, "There is no bucket"),
        ("NoSuchBucket", Misconfigured, "There is no bucket"),
        ("AuthorizationHeaderMalformed", Misconfigured, "another region"),
        ("SlowDown", Throttled, "busy"),
        ("503", Throttled, "busy"),
        ("500", Unavailable, "S3 answered 500"),
        ("RequestTimeout", Unavailable, "S3 answered RequestTimeout"),
        ("OperationAborted", Unavailable, "S3 answered OperationAborted"),
        ("EntityTooLarge", Misconfigured, "S3 does not take it"),
        ("InvalidObjectState", Misconfigured, "in an archive of S3"),
        ("ThrottledException", Throttled, "busy"),
        ("RequestTimeoutException", Unavailable, "S3 answered RequestTimeoutException"),
        ("OptInRequired", Misconfigured, "access to the bucket"),
        ("KmsDisabled", Misconfigured, "the key that encrypts the bucket"),
    ],
)
def test_every_refusal_of_the_service_says_who_can_act(
    stub: Stub, path: Path, code: str, kind: type[TunesmithError], words: str
) -> None:
    for ask in (lambda: stub.files.put(path, SHA256, "us-west-2"), lambda: stub.files.check("us-west-2")):
        stub.stubber.add_client_error("head_bucket", code)
        with pytest.raises(kind) as refused:
            ask()
        assert type(refused.value) is kind
        assert words in refused.value.sentence
        assert code in refused.value.detail


SAME: dict[Meaning, type[TunesmithError]] = {
    Meaning.THROTTLED: Throttled,
    Meaning.PASSING: Unavailable,
    Meaning.NOT_READY: Unavailable,
    Meaning.DENIED: Misconfigured,
    Meaning.KEY: Misconfigured,
    Meaning.NOBODY: NoIdentity,
}
"""What a code means at any of AWS's services; of the others S3 has words of its own."""


def test_a_code_means_to_storage_what_it_means_everywhere() -> None:
    with table() as row:
        for code, meaning in MEANINGS.items():
            if meaning not in SAME:
                continue
            with row(code):
                response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}
                with pytest.raises(TunesmithError) as told, translated("mine", "look"):
                    raise ClientError(response, "GetObject")
                assert type(told.value) is SAME[meaning]


def test_whatever_comes_with_a_refusals_status_is_one(stub: Stub) -> None:
    stub.stubber.add_client_error("head_bucket", "AllAccessDisabled", http_status_code=403)
    with pytest.raises(Misconfigured, match="access to the bucket"):
        stub.files.check("us-west-2")


def test_a_permission_to_put_that_is_missing_is_known_without_a_file(stub: Stub) -> None:
    stub.stubber.add_response("head_bucket", {"BucketRegion": "us-west-2"})
    stub.stubber.add_client_error("head_object", "404", http_status_code=404)
    stub.stubber.add_client_error("put_object", "AccessDenied")
    with pytest.raises(Misconfigured, match="access to the bucket"):
        stub.files.check("us-west-2")


@pytest.mark.parametrize(
    ("code", "status", "kind", "words"),
    [
        ("AccessDenied", 403, NoIdentity, "TUNESMITH_ASSUME_ROLE"),
        ("ExpiredToken", 400, NoIdentity, "no AWS credentials that work"),
        ("Throttling", 400, Throttled, "busy"),
        ("InternalFailure", 500, Unavailable, "InternalFailure"),
    ],
)
def test_a_role_that_is_not_taken_is_nothing_of_the_bucket(
    path: Path, code: str, status: int, kind: type[TunesmithError], words: str
) -> None:
    """The SDK takes the role that the bot acts as by itself, in the middle of a call to S3."""
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    client: Any = Broken(ClientError(response, "AssumeRole"))
    with pytest.raises(kind) as refused:
        S3DatasetFiles(lambda region: client, BUCKETS).put(path, SHA256, "us-west-2")
    assert type(refused.value) is kind
    assert words in refused.value.sentence


def test_a_key_that_is_refused_is_told_by_its_own_action(stub: Stub, path: Path) -> None:
    said = (
        "User: arn:aws:sts::111122223333:assumed-role/tunesmith-bot/i-1 is not authorized to perform: "
        "kms:GenerateDataKey on resource: arn:aws:kms:us-west-2:111122223333:key/1 because no identity-based policy "
        "allows the kms:GenerateDataKey action"
    )
    stub.stubber.add_response("head_bucket", {"BucketRegion": "us-west-2"})
    stub.stubber.add_client_error("head_object", "404", http_status_code=404)
    stub.stubber.add_client_error("put_object", "AccessDenied", said, http_status_code=403)
    with pytest.raises(Misconfigured, match="the key that encrypts the bucket") as refused:
        stub.files.put(path, SHA256, "us-west-2")
    assert "`kms:GenerateDataKey` for `tunesmith-bot`" in refused.value.hint
    assert "s3:" not in refused.value.hint


def test_a_redirect_tells_the_region(stub: Stub, path: Path) -> None:
    meta: dict[str, Any] = {"HTTPHeaders": {"x-amz-bucket-region": "eu-west-1"}}
    stub.stubber.add_client_error("head_bucket", "301", response_meta=meta)
    with pytest.raises(Misconfigured, match="is in eu-west-1"):
        stub.files.put(path, SHA256, "us-west-2")


def test_a_silent_head_is_followed_by_asking_for_the_place(stub: Stub, path: Path) -> None:
    stub.stubber.add_response("head_bucket", {})
    stub.stubber.add_response("get_bucket_location", {"LocationConstraint": "eu-central-1"})
    with pytest.raises(Misconfigured, match="is in eu-central-1"):
        stub.files.put(path, SHA256, "us-west-2")


def test_a_failed_transfer_is_translated(stub: Stub, path: Path) -> None:
    stub.stubber.add_response("head_bucket", {"BucketRegion": "us-west-2"})
    stub.stubber.add_client_error("head_object", "403")
    stub.stubber.add_client_error("put_object", "AccessDenied")
    with pytest.raises(Misconfigured, match="access to the bucket"):
        stub.files.put(path, SHA256, "us-west-2")


class Broken:
    """A client that raises before any answer."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def head_bucket(self, **_: object) -> None:
        raise self._error

    def download_file(self, *_: object, **__: object) -> None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectTimeoutError(endpoint_url="https://s3"), Unavailable),
        (NoCredentialsError(), NoIdentity),
        (UnauthorizedSSOTokenError(), NoIdentity),
        (RuntimeError("the refreshed credentials are still expired"), NoIdentity),
        (InvalidDefaultsMode(mode="fast", valid_modes="standard"), Misconfigured),
    ],
)
def test_no_answer_at_all(path: Path, tmp_path: Path, error: Exception, kind: type[TunesmithError]) -> None:
    client: Any = Broken(error)
    files = S3DatasetFiles(lambda region: client, BUCKETS)
    with pytest.raises(kind):
        files.put(path, SHA256, "us-west-2")
    with pytest.raises(kind):
        files.get(f"s3://{BUCKETS['us-west-2']}/{KEY}", tmp_path / "copy")


def test_a_full_disk_is_the_operators_and_leaves_nothing(tmp_path: Path) -> None:
    client: Any = Broken(OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(Misconfigured, match="disk"):
        S3DatasetFiles(lambda _: client, BUCKETS).get(f"s3://{BUCKETS['us-west-2']}/{KEY}", tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_an_object_that_went_missing(s3_clients: S3Clients, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing is there"):
        S3DatasetFiles(s3_clients, BUCKETS).get(f"s3://{BUCKETS['us-east-1']}/{KEY}", tmp_path / "copy")
