"""How what is new in each bucket is encrypted."""

from collections.abc import Iterator

from bot.adapters.bucket_state import BucketState
from bot.checkup import Line, Look, good
from bot.doctor.buckets import each_bucket
from bot.doctor.surroundings import AWS, Surroundings

ABOUT = "Bucket's encryption"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask S3 for each."""
    yield from each_bucket(surroundings, ABOUT, _look)


def _look(about: str, bucket: BucketState) -> Line:
    algorithm, key = bucket.encryption()
    with_key = f" under your key {key.rpartition('/')[2]}" if key else ""
    return good(about, f"New objects are encrypted ({algorithm}){with_key}.")


LOOK = Look(ABOUT, at, seconds=15, of=AWS)
