"""Looks at every bucket: what may not be asked of one hides nothing of another."""

from collections.abc import Callable, Iterator

from bot.adapters.bucket_state import BucketState
from bot.checkup import Line, warning
from bot.doctor.surroundings import Surroundings
from bot.errors import TunesmithError

At = Callable[[str, BucketState], Line]
"""Looks at one bucket, and is given what the line is about."""


def each_bucket(surroundings: Surroundings, what: str, look: At) -> Iterator[Line]:
    """Look at each bucket."""
    for region, name in surroundings.buckets.items():
        about = f"{what} in {region}"
        try:
            yield look(about, BucketState(surroundings.aws, region, name))
        except TunesmithError as error:
            yield warning(about, f"It could not be looked up: {error.message}", str(error.hint))
