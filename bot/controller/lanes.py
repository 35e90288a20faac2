"""Lanes: each manner of work has threads of its own, so that none of it ever waits for another's.

A kind declares its lane, ``WORK`` unless it says otherwise. What is urgent costs money while it waits, and nothing slow
runs beside it: no kind there calls Slack or a model, or works on files. An answer takes its thread for as long as the
model speaks. Who is waited for by many, as questions are in channels, may have its turns shared out among them: one
channel's two hundred questions then take turns with another's one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from bot.controller.model import Claim, Document

SHARE: Final = 0.8
"""Of a lane's threads, what those of one group may have at once where turns are shared out: the rest is for others."""


LONGEST_LEASE: Final = 300
"""Seconds: the furthest ahead that anything is ever scheduled."""


class Lane(StrEnum):
    """Which threads a kind's steps run on."""

    URGENT = "urgent"
    """What costs money by the minute. A step here is over in seconds: a few calls to AWS and to the store."""
    ANSWERS = "answers"
    """What listens to a model for as long as it speaks."""
    WORK = "work"
    """All the rest."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """How many steps of each lane one process has in hand at once: a thread each."""

    urgent: int = 4
    answers: int = 80
    work: int = 16

    @property
    def threads(self) -> int:
        """All of them together: what shared connections are counted by."""
        return sum(self.of(lane) for lane in Lane)

    def of(self, lane: Lane) -> int:
        """Return the threads of one lane."""
        return {Lane.URGENT: self.urgent, Lane.ANSWERS: self.answers, Lane.WORK: self.work}[lane]


@dataclass(frozen=True, slots=True)
class Room:
    """Room for steps of some kinds: what a look at the store takes from it.

    Attributes:
        free: how many may be taken, at most.
        leases: the kinds, and for how many seconds each is claimed.
        shared: for kinds whose turns are shared out, where in the spec it stands among whom: members, from outside in.
        in_hand: how many are in hand here already, by group.
        most: how many of one group may be in hand at once; None: all.
    """

    free: int
    leases: Mapping[str, float]
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    in_hand: Mapping[str, int] = field(default_factory=dict)
    most: int | None = None

    def group(self, kind: str, spec: Document) -> str:
        """Return the group of a resource: empty where turns are not shared out."""
        return group_of(spec, self.shared.get(kind, ()))


def whole_lane(threads: int, leases: Mapping[str, float], shared: Mapping[str, tuple[str, ...]]) -> Room:
    """Return a lane's room while nothing is in hand; see ``Room`` for what is in it."""
    return Room(threads, leases, shared, most=max(1, int(threads * SHARE)) if shared else None)


def check_leases(leases: Iterable[float]) -> None:
    """Return when each lasts as long as a claim may.

    Raises:
        ValueError: one does not.
    """
    for each in leases:
        if not 0 < each <= LONGEST_LEASE:
            raise ValueError(f"A lease lasts more than 0 and at most {LONGEST_LEASE} s, not {each}.")


def group_of(spec: Document, path: tuple[str, ...]) -> str:
    """Return the text that stands there; empty where none does."""
    found: object = spec if path else ""
    for member in path:
        found = found.get(member) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


class Pool:
    """The threads of one lane, and what they have in hand. One thread gives them work: the loop's."""

    def __init__(self, lane: Lane, whole: Room, freed: Callable[[], None]) -> None:
        """``freed`` is called when a thread is free again and more may be due than there were threads for."""
        self.lane = lane
        self._whole = whole
        self._freed = freed
        self._executor = ThreadPoolExecutor(whole.free, thread_name_prefix=lane)
        self._in_hand: dict[Future[None], str] = {}
        self._full = False

    def room(self) -> Room:
        """Return what there is room for now."""
        self._in_hand = {future: group for future, group in self._in_hand.items() if not future.done()}
        free = self._whole.free - len(self._in_hand)
        self._full = free <= 0
        in_hand = Counter(group for group in self._in_hand.values() if group)
        return replace(self._whole, free=free, in_hand=in_hand)

    def take(self, room: Room, claims: list[Claim], turn: Callable[[Claim], None]) -> None:
        """Run a turn for each claim that was taken for that room."""
        groups = [room.group(claim.resource.key.kind, claim.resource.spec) for claim in claims]
        counts = Counter(room.in_hand) + Counter(group for group in groups if group)
        at_most = room.most is not None and any(count >= room.most for count in counts.values())
        # Before any is begun, since it may be over at once.
        self._full = at_most or len(claims) >= room.free
        for claim, group in zip(claims, groups, strict=True):
            future = self._executor.submit(turn, claim)
            self._in_hand[future] = group
            future.add_done_callback(self._done)

    def _done(self, _: Future[None]) -> None:
        if self._full:
            self._freed()

    def has(self, kind: str) -> bool:
        """Return whether steps of that kind run here."""
        return kind in self._whole.leases

    def close(self) -> list[Future[None]]:
        """Take nothing more, and return what is in hand. It is not waited for."""
        # A thread that hangs in a vendor's call would keep the process from ending at all.
        self._executor.shutdown(wait=False)
        return list(self._in_hand)
