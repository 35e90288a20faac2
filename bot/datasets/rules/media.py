"""Pictures and videos in the user's messages: their formats, where they lie, and how many a record may have.

The guide is followed where AWS's own validation script and the guide differ: the script lets a dataset pass that has
pictures in some rows and videos in others, and counts for each message rather than for the record.
"""

from collections.abc import Iterator
from typing import Any

from bot.datasets.clearance import STRUCTURAL
from bot.datasets.findings import Finding
from bot.datasets.media import URI, blocks_of
from bot.datasets.records import Record
from bot.datasets.rule import error, warning
from bot.datasets.rules.check import Check
from bot.profiles import sources
from bot.profiles.model import Media, Profile, RecordFormat
from bot.wording import quoted

MEDIA_FORMAT = error(
    "media-format",
    "A picture or video has a format that this base does not take.",
    "Convert the file, and name its format in the block.",
    source=sources.NOVA_PREPARE,
)
MEDIA_SOURCE = error(
    "media-source",
    "A picture or video is not given by its place in S3.",
    'Its `source` is {"s3Location": {"uri": "s3://BUCKET/KEY", "bucketOwner": "ACCOUNT"}}, in the dataset\'s bucket.',
    source=sources.NOVA_PREPARE,
)
MEDIA_OWNER = warning(
    "media-owner",
    "The place of a picture or video does not say whose bucket it is.",
    "The guide's examples have `bucketOwner`, the ID of the account, and AWS's own script refuses rows without it.",
    source=sources.NOVA_PREPARE,
)
TOO_MANY_MEDIA = error(
    "too-many-media",
    "A record has more pictures or videos than this base takes.",
    "Divide the record, or leave some of them out.",
    source=sources.NOVA_PREPARE,
)
MIXED_MEDIA = error(
    "mixed-media",
    "There are both pictures and videos, and this base takes one kind in a dataset.",
    "Make two datasets of it. AWS's own validation script lets such a file pass; its guide forbids it, and I follow"
    " the guide.",
    source=sources.NOVA_PREPARE,
)
MEDIA_AND_TEXT = warning(
    "media-and-text",
    "Some records have pictures or videos and others are text alone.",
    "The guide asks for records of one kind: should the job refuse them, put those of text alone into another dataset.",
    source=sources.NOVA_2_SFT,
)
OTHER_BUCKET = error(
    "other-bucket",
    "Pictures or videos lie in more than one bucket.",
    "All of them have to lie in the bucket of the dataset.",
    source=sources.NOVA_PREPARE,
)

_OTHER_NAMES = {"jpg": "jpeg", "x-matroska": "mkv", "quicktime": "mov"}


def media(record: Record, profile: Profile) -> Iterator[Finding]:
    """Every picture and video of the user is of a format that the base takes, in S3, and they are not too many."""
    if profile.media is None:
        return
    # An answer must have none at all, wherever they lie: `conversation` says so.
    found = [each for each in blocks_of(record) if each[1] != "assistant"]
    for path, _, kind, value in found:
        yield from _format(record.line, f"{path}.{kind}", kind, value, profile)
        yield from _source(record.line, f"{path}.{kind}", value)
    yield from _counts(record.line, [kind for _, _, kind, _ in found], profile.media)


def _format(line: int, path: str, kind: str, value: Any, profile: Profile) -> Iterator[Finding]:
    assert profile.media is not None, "the caller has looked"
    allowed = profile.media.image_formats if kind == "image" else profile.media.video_formats
    given = value.get("format") if isinstance(value, dict) else None
    if isinstance(given, str) and given.lower() in allowed:
        return
    what = quoted(given[:40]) if isinstance(given, str) else "no format"
    near = _OTHER_NAMES.get(given.lower()) if isinstance(given, str) else None
    hint = f"Did you mean {quoted(near)}?" if near in allowed else None
    words = f"A {kind} has {what}; {profile.label} takes {', '.join(allowed)}."
    yield MEDIA_FORMAT.at(line, f"{path}.format", words, hint, group=kind)


def _source(line: int, path: str, value: Any) -> Iterator[Finding]:
    source = value.get("source") if isinstance(value, dict) else None
    place = source.get("s3Location") if isinstance(source, dict) else None
    uri = place.get("uri") if isinstance(place, dict) else None
    if not isinstance(place, dict) or not isinstance(uri, str):
        held = "bytes" if isinstance(source, dict) and "bytes" in source else "no place in S3"
        yield MEDIA_SOURCE.at(
            line, f"{path}.source", f"A picture or video has {held} as its source.", group=held
        )
    elif not URI.fullmatch(uri):
        words = "The place of a picture or video is no URI of S3 with letters, digits and `_ - / .` alone."
        yield MEDIA_SOURCE.at(line, f"{path}.source.s3Location.uri", words, group="uri")
    elif not isinstance(place.get("bucketOwner"), str):
        yield MEDIA_OWNER.at(line, f"{path}.source.s3Location")


def _counts(line: int, kinds: list[str], limits: Media) -> Iterator[Finding]:
    for kind, most in (("image", limits.images_max), ("video", limits.videos_max)):
        count = kinds.count(kind)
        if count > most:
            words = f"A record has {count:,} {kind}s; it may have {most:,}."
            yield TOO_MANY_MEDIA.at(line, "", words, group=kind)
    if len(set(kinds)) > 1:
        yield MIXED_MEDIA.at(line, "", "A record has both pictures and videos.", group="record")


CHECKS = (Check(media, STRUCTURAL, RecordFormat.BEDROCK_CONVERSATION),)
