"""A model's deletion as it is kept: what people want of it, and what has been done."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from bot.controller.context import Context
from bot.controller.schema import Schema
from bot.spending.model import Request
from bot.spending.undo import Kept, Wishes
from bot.wording import Said

KIND = "deletion"
"""Its ID is made of the model's ARN and the number of the attempt."""


@dataclass(frozen=True, slots=True)
class DeletionSpec:
    """Which model, and where it was asked for. Told there, and to its owner when that is somebody else."""

    arn: str
    region: str
    profile: str
    job_id: str
    made_as: str
    """What Bedrock calls it, and ``model_name`` what people did."""
    model_name: str
    owner: str
    channel: str
    thread_ts: str | None
    user: str
    asked_at: datetime
    made_in: str = ""
    """The channel that it came from: who cannot see that any more is told nothing. Empty in those from before."""
    wish: Request | None = None
    """That it is deleted, with the time from which it is; None: one from before that could be taken back."""
    kept: Kept | None = None
    """Who took it back."""
    v: int = 1


@dataclass(slots=True)
class DeletionStatus:
    """What has been done. One that was refused is over, and may be asked for again."""

    gone: bool = False
    """Whether Bedrock was asked, and says that there is no such model."""
    refused: Said = ""
    """Why it stays."""
    failed: bool = False
    """Whether another press tries again."""


WISHES: Wishes[DeletionSpec] = Wishes(
    wish=lambda spec: spec.wish,
    put=lambda spec, wish: replace(spec, wish=wish),
    kept=lambda spec: spec.kept,
    note=lambda spec, kept: replace(spec, kept=kept),
)
SCHEMA = Schema(KIND, DeletionSpec, DeletionStatus)
DeletionContext: TypeAlias = Context[DeletionSpec, DeletionStatus]
