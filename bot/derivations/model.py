"""What is written down of work on stored datasets: which work, on which, with what settings, and where it is told."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from bot.controller import documents
from bot.controller.context import Context
from bot.controller.model import Document, Key
from bot.controller.schema import Schema
from bot.uploads.model import ScreeningStatus

KIND = "derivation"


class Operation(StrEnum):
    """What is done."""

    SPLIT = "split"
    CONVERT = "convert"
    COMPARE = "compare"


@dataclass(frozen=True, slots=True)
class SplitParameters:
    """How a dataset is split: which share (0 to 1) goes to validation, drawn by ``seed``.

    ``near``: records that are nearly equal stay together, too; without, only those with equal questions or answers do.
    """

    share: float
    seed: int
    near: bool


@dataclass(frozen=True, slots=True)
class ConversionParameters:
    """For which base model a dataset is converted."""

    profile: str


@dataclass(frozen=True, slots=True)
class NoParameters:
    """Of a comparison: the two versions say all."""


Parameters: TypeAlias = SplitParameters | ConversionParameters | NoParameters
"""Told apart by their members, as they are stored."""


@dataclass(frozen=True, slots=True)
class DerivationSpec:
    """What was asked for.

    ``datasets`` are IDs: of the one that is split or converted, or of the earlier and the later version. Without
    ``thread_ts`` the answer opens a thread of its own.
    """

    operation: Operation
    datasets: tuple[str, ...]
    params: Parameters
    channel: str
    thread_ts: str | None
    user: str
    asked_in: str
    asked_at: datetime
    names: tuple[str, ...] = ()
    """Under which of their names the datasets were asked for: the same bytes may have several."""
    v: int = 1


@dataclass(slots=True)
class DerivationStatus:
    """What has been done."""

    told: bool = False
    """Whether its result, or what kept it from one, is told."""
    failed: bool = False
    """Whether another request is to try again."""
    made: tuple[str, ...] = ()
    """The IDs of the datasets that were kept of what was made: a job can start from each."""
    looks: int = 0
    """How often it was looked whether Slack shows the file that is handed in."""
    screening: ScreeningStatus = field(default_factory=ScreeningStatus)


SCHEMA = Schema(KIND, DerivationSpec, DerivationStatus)
DerivationContext: TypeAlias = Context[DerivationSpec, DerivationStatus]


def key_of(spec: DerivationSpec) -> Key:
    """Return the resource's key: a digest of what makes two requests the same."""
    params = sorted(documents.dump(spec.params).items())
    same: list[Any] = [
        spec.operation.value,
        spec.datasets,
        params,
        spec.channel,
        spec.thread_ts,
        spec.asked_in,
    ]
    # As with uploads: older requests keep their keys.
    same += [spec.names] if spec.names else []
    return Key(KIND, hashlib.sha256(json.dumps(same).encode()).hexdigest()[:24])


def dump(spec: DerivationSpec) -> Document:
    """Return the spec as JSON."""
    return documents.dump(spec)
