"""Each bucket: whether it is there, in its region, and ours."""

from collections.abc import Iterator

from bot.adapters.account_checks import AwsAccountChecks
from bot.checkup import Level, Line, Look, bad, good
from bot.doctor.surroundings import AWS, Surroundings


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask S3 for each."""
    checks = AwsAccountChecks(surroundings.aws, surroundings.buckets)
    for region in surroundings.buckets:
        found, about = checks.bucket(region), f"Bucket in {region}"
        yield good(about, str(found.sentence)) if found.ok else bad(about, str(found.sentence), found.mend)


LOOK = Look("Buckets", at, seconds=15, unclear=Level.BAD, of=AWS)
