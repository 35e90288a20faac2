"""Whose each bucket is: one that somebody else made under our name would be given our data."""

from collections.abc import Iterator

from bot.adapters.bucket_state import BucketState
from bot.adapters.simulation import caller
from bot.checkup import Line, Look, bad, good
from bot.doctor.buckets import each_bucket
from bot.doctor.surroundings import AWS, Surroundings

ABOUT = "Bucket's owner"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask S3 for each."""
    owner = surroundings.settings.bucket_owner or caller(surroundings.aws, surroundings.region).account

    def look(about: str, bucket: BucketState) -> Line:
        if bucket.is_of(owner):
            return good(about, f"`{bucket.name}` belongs to the account {owner}.")
        return bad(
            about,
            f"`{bucket.name}` does not belong to the account {owner}, or I may not use it.",
            "Set TUNESMITH_BUCKETS to a bucket of this account, or TUNESMITH_BUCKET_OWNER to the one that it is of.",
        )

    yield from each_bucket(surroundings, ABOUT, look)


LOOK = Look(ABOUT, at, seconds=15, of=AWS)
