"""Whether what is overwritten or deleted in each bucket can be had back."""

from collections.abc import Iterator

from bot.adapters.bucket_state import BucketState
from bot.checkup import Line, Look, good, warning
from bot.doctor.buckets import each_bucket
from bot.doctor.surroundings import AWS, Surroundings

ABOUT = "Bucket's versions"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask S3 for each."""
    yield from each_bucket(surroundings, ABOUT, _look)


def _look(about: str, bucket: BucketState) -> Line:
    if bucket.keeps_versions():
        return good(about, "What is replaced or deleted is kept as a version.")
    return warning(
        about,
        "What is replaced or deleted is gone: it keeps no versions.",
        f"aws s3api put-bucket-versioning --bucket {bucket.name} --versioning-configuration Status=Enabled",
    )


LOOK = Look(ABOUT, at, seconds=15, of=AWS)
