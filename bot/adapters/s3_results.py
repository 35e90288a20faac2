"""What a finished job wrote to S3: ``bot.jobs.ports.JobResults``.

The documentation and AWS's notebooks name three different folders for the same file, so it is looked for by its name
under the job's own folder, ``<output>/model-customization-job-<last part of the job's ARN>/``.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError
from urllib3.exceptions import HTTPError

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.errors import NotFound, Refused, Unavailable
from bot.jobs.ports import ResultFiles
from bot.metrics import vendor_error

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

TRAINING_FILE = "step_wise_training_metrics.csv"
VALIDATION_FILE = "validation_metrics.csv"
LARGEST = 16 * 1024**2
"""Bytes of a file of losses at most: ten epochs of ten thousand records, one a step, are about three million."""
_LONG_AGO = datetime.fromtimestamp(0, UTC)


class S3JobResults:
    """Reads both files; a job's folder is listed once."""

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients

    def read(self, region: str, output_uri: str, job_arn: str) -> ResultFiles:
        """Return both files; of several with the same name the latest."""
        client = self._clients.s3_reading(region)
        bucket, _, output = output_uri.removeprefix("s3://").partition("/")
        job = job_arn.rpartition("/")[2]
        prefix = f"{output.rstrip('/')}/model-customization-job-{job}/".lstrip("/")
        found = _listed(client, bucket, prefix)
        return ResultFiles(
            training=_newest(client, bucket, found, TRAINING_FILE),
            validation=_newest(client, bucket, found, VALIDATION_FILE),
        )


def _listed(client: "S3Client", bucket: str, prefix: str) -> list[Any]:
    found: list[Any] = []
    with translated("ListObjectsV2"):
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            found += page.get("Contents", [])
    return found


def _newest(client: "S3Client", bucket: str, found: list[Any], name: str) -> bytes | None:
    named = [each for each in found if each["Key"].rpartition("/")[2] == name]
    if not named:
        return None
    newest = max(named, key=lambda each: (each.get("LastModified", _LONG_AGO), each["Key"]))
    if newest.get("Size", 0) > LARGEST:
        raise Refused(f"`{name}` has {newest['Size']:,} bytes, which no file of losses has.")
    try:
        with translated("GetObject"):
            body = client.get_object(Bucket=bucket, Key=newest["Key"])["Body"]
            with body:
                return body.read()
    except NotFound:
        return None  # deleted in between
    except (HTTPError, OSError, BotoCoreError) as error:
        broken = Unavailable("S3 broke off in the middle of a file.", hint="I try again by myself.")
        raise vendor_error("aws", broken) from error
