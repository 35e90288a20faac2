r"""Names, tags, S3 URIs and ARNs against the service's own patterns, before any call.

botocore checks required members, types and least lengths, never a pattern or a greatest length, so a bad name
would travel to AWS and come back as a ``ValidationException`` after minutes of other work. The patterns and
lengths are those of botocore's service model for Bedrock (2023-04-20); a test holds them against it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import Refused
from bot.wording import quoted


@dataclass(frozen=True, slots=True)
class ServicePattern:
    """One kind of value: what it is called, the service's pattern, its lengths, and the rule in words."""

    what: str
    pattern: re.Pattern[str]
    minimum: int
    maximum: int
    words: str

    def check(self, value: str) -> str:
        """Return ``value`` unchanged.

        Raises:
            Refused: it breaks the rule; the hint is the rule in words.
        """
        if not self.minimum <= len(value) <= self.maximum or not self.pattern.fullmatch(value):
            raise Refused(f"{quoted(value)} cannot be {self.what}.", hint=self.words)
        return value


JOB_NAME = ServicePattern(
    "a job name",
    re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9\+\-\.])*"),
    1,
    63,
    "Use 1 to 63 letters, digits, hyphens, dots or plus signs, beginning with a letter or a digit; no underscore.",
)
MODEL_NAME = ServicePattern(
    "a model name",
    re.compile(r"([0-9a-zA-Z][_-]?){1,63}"),
    1,
    63,
    "Use 1 to 63 letters and digits, with single hyphens or underscores between them; no dots, no spaces.",
)
PROVISIONED_MODEL_NAME = ServicePattern(
    "a name for provisioned throughput", re.compile(r"([0-9a-zA-Z][_-]?)+"), 1, 63, MODEL_NAME.words
)
DEPLOYMENT_NAME = ServicePattern(
    "a deployment name", re.compile(r"([0-9a-zA-Z][_-]?){1,63}"), 1, 63, MODEL_NAME.words
)
ROLE_ARN = ServicePattern(
    "the ARN of a role",
    re.compile(r"arn:aws(-[^:]+)?:iam::([0-9]{12})?:role/.+"),
    1,
    2048,
    "It looks like `arn:aws:iam::123456789012:role/tunesmith-bedrock`.",
)
S3_URI = ServicePattern(
    "an S3 address for Bedrock",
    re.compile(
        r"s3://[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](?:/[-!_*'().a-z0-9A-Z]+(?:/[-!_*'().a-z0-9A-Z]+)*)?/?"
    ),
    1,
    1024,
    "It looks like `s3://bucket/folder/file.jsonl`; Bedrock takes no spaces, `=`, `+` or double slashes in it.",
)
CLIENT_TOKEN = ServicePattern(
    "a client request token",
    re.compile(r"[a-zA-Z0-9]([-a-zA-Z0-9]{0,254}[a-zA-Z0-9])?"),
    1,
    256,
    "Use letters, digits and inner hyphens.",
)
TAG_KEY = ServicePattern(
    "a tag's key",
    re.compile(r"[a-zA-Z0-9\s._:/=+@-]*"),
    1,
    128,
    "Use letters, digits, spaces and `._:/=+@-`, at most 128 characters.",
)
TAG_VALUE = ServicePattern(
    "a tag's value",
    re.compile(r"[a-zA-Z0-9\s._:/=+@-]*"),
    0,
    256,
    "Use letters, digits, spaces and `._:/=+@-`, at most 256 characters.",
)

# The list type allows 200; the service's own error text says 50 tags a resource.
MAX_TAGS = 50


def check_tags(tags: Mapping[str, str]) -> Mapping[str, str]:
    """Return ``tags`` unchanged.

    Raises:
        Refused: more than 50 tags, or a key or value that the service would refuse.
    """
    if len(tags) > MAX_TAGS:
        raise Refused(f"{len(tags)} tags are too many.", hint=f"A resource takes at most {MAX_TAGS}.")
    for key, value in tags.items():
        TAG_KEY.check(key)
        TAG_VALUE.check(value)
    return tags


def tag_text(text: str) -> str:
    """Return ``text`` with everything that a tag's value may not hold replaced by a hyphen, cut to 256."""
    return re.sub(r"[^a-zA-Z0-9\s._:/=+@-]", "-", text)[: TAG_VALUE.maximum]
