"""Whether each bucket can be opened to the public by a mistake in a policy."""

from collections.abc import Iterator

from bot.adapters.bucket_state import PUBLIC_SWITCHES, BucketState
from bot.checkup import Line, Look, good, warning
from bot.doctor.buckets import each_bucket
from bot.doctor.surroundings import AWS, Surroundings

ABOUT = "Bucket and the public"
_ALL_ON = ",".join(f"{each}=true" for each in PUBLIC_SWITCHES)


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask S3 for each."""
    yield from each_bucket(surroundings, ABOUT, _look)


def _look(about: str, bucket: BucketState) -> Line:
    off = bucket.open_to_the_public()
    if not off:
        return good(about, "It is closed to the public, whatever a policy says.")
    return warning(
        about,
        f"A policy could open it to the public: {len(off)} of {len(PUBLIC_SWITCHES)} switches against that are off.",
        f"aws s3api put-public-access-block --bucket {bucket.name} --public-access-block-configuration {_ALL_ON}",
    )


LOOK = Look(ABOUT, at, seconds=15, of=AWS)
