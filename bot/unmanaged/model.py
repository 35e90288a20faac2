"""Jobs that were made elsewhere, in the console for instance: listed beside ours, and followed when somebody asks."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.controller.schema import Schema
from bot.jobs.adoption import FollowWish
from bot.jobs.model import JobObservation

KIND = "unmanaged"
"""The kind of resource that looks for them; its ID is the region's name."""

MOST = 100
"""Jobs that are kept of one look, the newest."""


@dataclass(frozen=True, slots=True)
class UnmanagedJobsSpec:
    """The region to look at, when somebody last wanted to see it, and what is to be followed."""

    region: str
    asked_at: datetime
    follow: tuple[FollowWish, ...] = ()
    v: int = 1


@dataclass(slots=True)
class UnmanagedJobsStatus:
    """What was seen, and which wishes were dealt with: by name, why not (empty: it is followed)."""

    at: datetime | None = None
    jobs: tuple[JobObservation, ...] = ()
    settled: dict[str, str] = field(default_factory=dict)
    bots: dict[str, str] = field(default_factory=dict)
    """By ARN, what the Tunesmith bot is called that made a job; empty for one that none made."""


SCHEMA = Schema(KIND, UnmanagedJobsSpec, UnmanagedJobsStatus)
