"""Strays: throughput and deployments in the account that are no lease and no deployment of ours.

They were made by hand, by another tool or another bot, or are left of a store that was lost.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.controller.documents import dump
from bot.controller.model import Registration
from bot.controller.schema import Schema
from bot.profiles.model import Serving
from bot.spending.model import Request
from bot.spending.undo import Kept, Wishes
from bot.wording import Said

KIND = "stray"
"""The kind of resource that looks for them; its ID is the region's name."""
MOST = 100
"""Strays that are kept of one look, the oldest: an account may have a few dozen in all."""
FRESH = timedelta(seconds=30)
"""A look that is younger is not repeated."""


def id_of(arn: str) -> str:
    """Return what one is known by in buttons and in the store: short for its ARN."""
    return hashlib.sha256(arn.encode(errors="replace")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Stray:
    """One of them, as a look saw it. ``units`` are model units, each billed by the hour; of throughput alone."""

    arn: str
    name: str
    region: str
    serving: Serving
    created: datetime
    model_arn: str
    units: int = 1
    is_ready: bool = True
    """Whether it can be asked."""
    committed_until: datetime | None = None
    """Until when it was bought for a term, before which nobody deletes it; None: for none."""
    bot: str = ""
    """What the other Tunesmith bot is called whose it is; empty: it is no other bot's."""
    is_ours: bool = False
    """Whether it has our tags, which do not say when it ends."""
    seen_at: datetime | None = None
    """When that look was, by the clock of ``created`` and ``committed_until``, which is AWS's. None: of an earlier
    version's look."""

    @property
    def id(self) -> str:
        """Short for its ARN."""
        return id_of(self.arn)


@dataclass(frozen=True, slots=True)
class Removal:
    """A stray that somebody wanted deleted."""

    arn: str
    name: str
    serving: Serving
    wish: Request | None = None
    kept: Kept | None = None
    """Who took it back last."""


@dataclass(frozen=True, slots=True)
class StraySpec:
    """The region, when somebody last wanted to see what runs there, and what is to be deleted."""

    region: str
    asked_at: datetime | None = None
    removals: tuple[Removal, ...] = ()
    v: int = 1


class Outcome(StrEnum):
    """What came of a removal."""

    DELETED = "deleted"
    GONE = "gone"
    """It was not there any more."""
    HELD = "held"
    """It is a lease or a deployment of ours by now."""
    FAILED = "failed"
    """AWS does not let it be deleted."""


@dataclass(slots=True)
class StrayStatus:
    """What was seen and done. Times are ours where nothing else is said."""

    at: datetime | None = None
    """When the region was last looked at, and ``strays`` what was there."""
    strays: tuple[Stray, ...] = ()
    trouble: Said = ""
    """Why it could not be looked at, when it could not."""
    told: datetime | None = None
    """When the list was last told; None: never."""
    deleting: tuple[str, ...] = ()
    """The ARNs of what AWS was told to delete."""
    missing: dict[str, datetime] = field(default_factory=dict)
    """Since when AWS shows nothing of what is to be deleted, by ARN; by the store's clock."""
    settled: dict[str, Outcome] = field(default_factory=dict)
    """What came of each removal, by the time of its wish and its ID."""


def _anew(region: str) -> StraySpec:
    return StraySpec(region)


SCHEMA = Schema(KIND, StraySpec, StrayStatus, anew=lambda key: dump(_anew(key.id)))


def registration(region: str) -> Registration:
    """Return the look at a region, which stands for as long as a process runs."""
    return SCHEMA.wanted(region, _anew(region))


def settled_as(removal: Removal) -> str:
    """Return under which name the outcome of a removal is kept: of each wish, its own."""
    return f"{removal.wish.at.isoformat() if removal.wish else ''} {id_of(removal.arn)}"


def removal_of(spec: StraySpec, arn: str) -> Removal | None:
    """Return the removal of that ARN, or None."""
    return next((each for each in spec.removals if each.arn == arn), None)


def _changed(spec: StraySpec, removal: Removal) -> StraySpec:
    others = tuple(each for each in spec.removals if each.arn != removal.arn)
    return replace(spec, removals=(*others, removal))


def wishes_of(removal: Removal) -> Wishes[StraySpec]:
    """Return where the spec has the wish to delete what that removal is about."""

    def there(spec: StraySpec) -> Removal:
        return removal_of(spec, removal.arn) or replace(removal, wish=None, kept=None)

    return Wishes(
        wish=lambda spec: there(spec).wish,
        put=lambda spec, wish: _changed(spec, replace(there(spec), wish=wish)),
        kept=lambda spec: there(spec).kept,
        note=lambda spec, kept: _changed(spec, replace(there(spec), kept=kept)),
    )
