"""What lifecycle rules do in each bucket by themselves: plans and data have to stay, and broken uploads have to go."""

from collections.abc import Iterator

from bot.adapters.bucket_state import BucketState
from bot.checkup import Line, Look, bad, good, warning
from bot.doctor.buckets import each_bucket
from bot.doctor.surroundings import AWS, Surroundings
from storage.s3_datasets import PREFIX as DATASETS
from storage.s3_plans import PREFIX

ABOUT = "Bucket's rules"
_END_UPLOADS = (
    '\'{"Rules":[{"ID":"broken-uploads","Status":"Enabled","Filter":{"Prefix":""},'
    '"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7}}]}\''
)


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask S3 for each."""
    yield from each_bucket(surroundings, ABOUT, _look)


def _look(about: str, bucket: BucketState) -> Line:
    rules = bucket.rules()
    at_work = [each for each in rules if each.is_on]
    over_plans = [each for each in at_work if each.removes and PREFIX.startswith(each.prefix)]
    if over_plans:
        return bad(
            about,
            f"The rule `{over_plans[0].name}` removes plans, by which everything is found again if Redis is lost.",
            f"Give that rule a prefix other than `{PREFIX}`, such as `datasets/`.",
        )
    archived = [each for each in at_work if each.archives and _is_about_ours(each.prefix)]
    if archived:
        return bad(
            about,
            f"The rule `{archived[0].name}` moves files to an archive, where nobody can read them, Bedrock neither.",
            "Take the transition to GLACIER or DEEP_ARCHIVE out of that rule; GLACIER_IR is read at once.",
        )
    if not any(each.ends_uploads and not each.prefix for each in at_work):
        return warning(
            about,
            "What is left of uploads that broke off is kept, and billed, for good.",
            # The command would replace all rules that there are, those that are switched off among them.
            f"Add `AbortIncompleteMultipartUpload` after 7 days to its rules ({len(rules)}), for the whole bucket."
            if rules
            else f"aws s3api put-bucket-lifecycle-configuration --bucket {bucket.name}"
            f" --lifecycle-configuration {_END_UPLOADS}",
        )
    return good(about, "Plans stay, and what is left of uploads that broke off is removed.")


def _is_about_ours(prefix: str) -> bool:
    return any(each.startswith(prefix) for each in (PREFIX, DATASETS))


LOOK = Look(ABOUT, at, seconds=15, of=AWS)
