"""The digest of a plan: what it is known by in Bedrock (as ``clientRequestToken``), in Slack and in the store."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def digest_of(plan: "DataclassInstance", without: Collection[str] = ()) -> str:
    """Return the SHA-256 of the plan as canonical JSON, in hexadecimal: the same plan has the same digest anywhere.

    Its members are JSON's own values or mappings of them, not dataclasses. ``without`` are those that do not count.
    """
    members = {each.name: getattr(plan, each.name) for each in fields(plan) if each.name not in without}
    # With a version: a plan that is written in another way one day has other digests, too.
    canonical = json.dumps({"v": 1, **members}, sort_keys=True, separators=(",", ":"), default=dict)
    return hashlib.sha256(canonical.encode()).hexdigest()
