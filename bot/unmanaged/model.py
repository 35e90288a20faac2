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


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made a job, as its tags tell: which Tunesmith bot, and who asked for it in which conversation.

    ``bot`` is None where none did, and empty for one that has no name; without a ``channel`` the tags tell of none.
    """

    bot: str | None = None
    channel: str = ""
    owner: str = ""


@dataclass(slots=True)
class UnmanagedJobsStatus:
    """What was seen, and which wishes were dealt with: by name, why not (empty: it is followed)."""

    at: datetime | None = None
    jobs: tuple[JobObservation, ...] = ()
    settled: dict[str, str] = field(default_factory=dict)
    makers: dict[str, Maker] = field(default_factory=dict)
    """Who made the jobs, by ARN. Of whom it is not known is nobody's to see yet: it may have come from a conversation
    that they are not in, and have been forgotten by the store since."""


SCHEMA = Schema(KIND, UnmanagedJobsSpec, UnmanagedJobsStatus)
