"""What is written down of an upload: which file, for what, where the verdict goes; and what of it was told."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.controller.model import Document, Key
from bot.datasets.model import Role

KIND = "upload"
VERSION = 1


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
    same += ["repair"] if spec.repair else []
    same += [_choice(spec)] if _choice(spec) else []
    return Key(KIND, hashlib.sha256(json.dumps(same).encode()).hexdigest()[:24])


def _choice(spec: UploadSpec) -> dict[str, Any]:
    """Return what was chosen of a repair: nothing for all of it."""
    chosen = {"repairs": spec.repairs, "drop": spec.drop, "judged": spec.judged}
    return {} if spec.repairs is None and not spec.drop else chosen


def dump(spec: UploadSpec) -> Document:
    """Return the spec as JSON."""
    fields = asdict(spec) | {"role": spec.role.value, "asked_at": spec.asked_at.isoformat()}
    if not spec.repair:
        del fields["repair"]  # a version that knows no repairs may run beside this one
    if not _choice(spec):
        del fields["repairs"], fields["drop"], fields["judged"]  # and so may one that knows only all of them
    return {"v": VERSION, **fields}


def load(document: Document) -> UploadSpec:
    """Return the spec that was dumped."""
    fields: dict[str, Any] = {name: value for name, value in document.items() if name != "v"}
    fields["role"] = Role(fields["role"])
    fields["asked_at"] = datetime.fromisoformat(fields["asked_at"])
    if "drop" in fields:
        fields["drop"] = tuple(fields["drop"])
        fields["repairs"] = None if fields["repairs"] is None else tuple(fields["repairs"])
    return UploadSpec(**fields)
