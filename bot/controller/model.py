"""Resources that are followed, claims on them, and the messages that are posted about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.errors import TunesmithError

Document = Mapping[str, Any]
"""A JSON object. Spec and status documents carry a schema version under ``v``."""


class Key(NamedTuple):
    """Which resource: its kind (``job``, ``lease``, ``release``, ``poll``, ``upload``, ``question``, …) and its ID."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Registration:
    """A resource to be added to the work queue unless it is there. ``due_in`` is seconds from now, by Redis's clock."""

    key: Key
    spec: Document
    due_in: float = 0.0


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource as it stands: ``spec`` is what people want of it, ``status`` what has been done about it."""

    key: Key
    spec: Document
    generation: int
    """Counts the changes of ``spec``."""
    status: Document
    resource_version: int
    """Counts claims and commits: the fence."""
    done: bool
    due_at: float | None
    """Seconds since the epoch by Redis's clock, or None when it is not in the work queue."""
    read_spec: tuple[Document, object] | None = field(default=None, compare=False, repr=False)
    """``spec``, and the frozen value that its kind reads in it: reading it once is enough."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to act on a resource until the lease ends, proven by ``resource_version`` at each commit."""

    resource: Resource
    lease_ends: float
    """By the claiming process's monotonic clock."""
    lease: float = 30.0
    """Seconds that the lease lasts from the claim, and again from each commit that keeps it."""
    holder: str = ""
    """Unique to this claim. With ``resource_version`` it is the fence: a store that failed over and forgot its last
    second may give the same version out twice, but never the same holder."""


@dataclass(frozen=True, slots=True)
class RequeueAfter:
    """Look at it again in so many seconds (cut to five minutes by the store: clocks may step)."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do: the resource leaves the work queue and is kept for a week for whoever asks."""


Outcome = RequeueAfter | Done


@dataclass(frozen=True, slots=True)
class Message:
    """What is said in Slack: ``text`` for notifications and screen readers, ``blocks`` as Block Kit.

    ``details`` is what it holds back, as more blocks: a button among ``blocks`` shows it (``bot.controller.details``).
    ``details_id`` is what that button finds them by; empty where no button does.
    """

    text: str
    blocks: Sequence[dict[str, Any]] = ()
    details: Sequence[dict[str, Any]] = ()
    details_id: str = ""


class StaleClaim(TunesmithError):
    """Another process holds the resource now, or held it since: stop at once and change nothing."""


class SpecConflict(TunesmithError):
    """The spec was changed by somebody else in between: read it again and decide anew."""
