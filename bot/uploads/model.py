"""What is written down of an upload: which file, for what, where the verdict goes; and what of it was told."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from bot.controller import documents
from bot.controller.context import Context
from bot.controller.model import Document, Key
from bot.controller.schema import Schema
from bot.datasets.inspecting.inspection import Inspection
from bot.datasets.model import Role

KIND = "upload"
SAMPLE = "sample"
"""The slot of our own sample among the files that an upload sends."""


@dataclass(frozen=True, slots=True)
class RowEdit:
    """A row by its position, as a person wrote it: one record in one line."""

    position: int
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class UploadSpec:
    """What was asked for."""

    file_id: str
    channel: str
    thread_ts: str | None
    user: str
    profile: str | None
    role: Role
    asked_in: str
    asked_at: datetime
    repair: bool = False
    """Whether the file is to be repaired, and its corrected copy judged."""
    repairs: tuple[str, ...] | None = None
    """Which repairs are wanted, by name; None is all of them."""
    drop: tuple[int, ...] = ()
    """The rows that a person chose to leave out, by position."""
    judged: str = ""
    """The SHA-256 of the file that the positions are of, empty when there are none."""
    edits: tuple[RowEdit, ...] = ()
    """The rows that are to stand in the copy as a person wrote them."""
    drafts: tuple[RowEdit, ...] = ()
    """What people have written of this file's own rows since it was judged, for the next copy."""
    revision: int = 0
    """How often rows were written anew up to these ``edits`` or ``drafts``: it tells the names of copies apart."""
    sample: bool = False
    """Whether it is our own sample, to be shared there first; ``file_id`` then only tells it from others."""
    v: int = 1


@dataclass(slots=True)
class ScreeningStatus:
    """How far the screening of a file by the operator's guardrail is, whatever made the file."""

    runs: int = 0
    """How often the guardrail was asked, as far as that is known: what is billed."""
    entry: str = ""
    """Which of its requests the ledger has it as; empty in one from before they were told apart."""
    words: str = ""
    """What came of it, as a sentence; empty until that is known."""


@dataclass(slots=True)
class KeptRows:
    """Rows that can be looked at, and by whom: everybody who sees the verdict when ``readers`` is empty."""

    readers: tuple[str, ...]
    found: Inspection


@dataclass(slots=True)
class UploadStatus:
    """What has been done."""

    told: bool = False
    """Whether its verdict, or what kept it from one, is told."""
    failed: bool = False
    """Whether another request is to try again."""
    file_name: str = ""
    """Empty until the person is known to see the file: a name may tell as much as the file."""
    copy: str = ""
    """The corrected copy that was sent: the file's ID in Slack."""
    sample: str = ""
    """Which file in Slack our own sample became, once it is shared."""
    rows: KeptRows | None = None
    unshared: dict[str, str] = field(default_factory=dict)
    """Why a corrected copy could not be shared, by its slot."""
    screening: ScreeningStatus = field(default_factory=ScreeningStatus)


SCHEMA = Schema(KIND, UploadSpec, UploadStatus)
UploadContext: TypeAlias = Context[UploadSpec, UploadStatus]


def key_of(spec: UploadSpec) -> Key:
    """Return the resource's key: a digest of what makes two uploads the same."""
    same: list[Any] = [
        spec.file_id,
        spec.channel,
        spec.thread_ts,
        spec.profile,
        spec.role.value,
        spec.asked_in,
    ]
    # Appended only where there is something of it, so that older uploads keep their keys.
    same += ["repair"] if spec.repair else []
    same += [_choice(spec)] if _choice(spec) else []
    return Key(KIND, hashlib.sha256(json.dumps(same).encode()).hexdigest()[:24])


def _choice(spec: UploadSpec) -> dict[str, Any]:
    """Return what was chosen of a repair: nothing for all of it."""
    chosen: dict[str, Any] = {"repairs": spec.repairs, "drop": spec.drop, "judged": spec.judged}
    if spec.edits:
        chosen |= {"edits": [[each.position, each.text] for each in spec.edits]}
    return {} if spec.repairs is None and not spec.drop and not spec.edits else chosen


def dump(spec: UploadSpec) -> Document:
    """Return the spec as JSON. What a version that knows no repairs, or only all of them, cannot read is left out."""
    document = documents.dump(spec)
    if not spec.repair:
        del document["repair"]
    if not _choice(spec):
        del document["repairs"], document["drop"], document["judged"]
    for name in ("edits", "drafts", "revision", "sample"):
        if not document[name]:
            del document[name]
    return document


def load(document: Document) -> UploadSpec:
    """Return the spec that was dumped."""
    return documents.load(UploadSpec, document)
