"""What a batch job wrote to S3: ``bot.distillations.ports.BatchResults``.

Bedrock writes one ``NAME.jsonl.out`` for each input file, and ``manifest.json.out``, under a folder called as the last
part of the job's ARN (docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html). That folder is read
from AWS's samples, not from the page, so the files are looked for by their ending wherever they are under the output.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translate, translated
from bot.errors import Unavailable, is_full, no_room
from bot.metrics import vendor_error

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

ENDING = ".jsonl.out"
_MIB = 1024**2
_TRANSFER = TransferConfig(multipart_threshold=16 * _MIB, multipart_chunksize=16 * _MIB, max_concurrency=4)


class S3Answers:
    """Finds the files under the job's output and fetches them."""

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients

    def fetch(
        self, region: str, output_uri: str, job_arn: str, folder: Path, breathe: Callable[[], None]
    ) -> tuple[Path, ...]:
        """Write the job's answers into ``folder`` and return where."""
        client = self._clients.s3(region)
        bucket, _, prefix = output_uri.removeprefix("s3://").partition("/")
        job = job_arn.rpartition("/")[2]
        keys = _answers(client, bucket, prefix, job)
        fetched = []
        for number, key in enumerate(keys):
            breathe()
            path = folder / f"answers-{number}{ENDING}"
            _download(client, bucket, key, path, breathe)
            fetched.append(path)
        return tuple(fetched)


def _answers(client: "S3Client", bucket: str, prefix: str, job: str) -> list[str]:
    """Return the keys of the answers: those in the job's own folder, or, when it has none, all under the output."""
    found: list[str] = []
    with translated("ListObjectsV2"):
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            found += [each["Key"] for each in page.get("Contents", [])]
    answers = sorted(key for key in found if key.endswith(ENDING))
    return [key for key in answers if f"/{job}/" in key] or answers


def _download(client: "S3Client", bucket: str, key: str, path: Path, breathe: Callable[[], None]) -> None:
    def progress(_: Any) -> None:
        breathe()

    try:
        client.download_file(bucket, key, str(path), Config=_TRANSFER, Callback=progress)
    except ClientError as error:
        raise vendor_error("aws", translate(error, "GetObject")) from error
    except (Boto3Error, OSError) as error:
        if is_full(error):
            raise no_room(error) from error
        broken = Unavailable("S3 broke off in the middle of a file.", hint="I try again by myself.")
        raise vendor_error("aws", broken) from error
