"""Runs of a journey, each disturbed in another way, until every boundary has been killed at, before and after."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.harness import checker
from tests.chaos.harness.allowances import Allowance
from tests.chaos.harness.boundaries import Boundary, Fault, Scheme, Side, undisturbed
from tests.chaos.harness.disturbances import Disturbance, Meanwhile
from tests.chaos.harness.journey import Journey, StuckError
from tests.chaos.harness.playground import Playground
from tests.chaos.harness.replica import Starter

Target = tuple[Boundary, Side]

CHAIN = 7
"""A second kill follows at one of so many first calls of the next life, in turn."""


@dataclass(frozen=True)
class Reference:
    """What nobody disturbed: its boundaries in order, and what it came to."""

    boundaries: tuple[Boundary, ...]
    seen: checker.Seen
    journey: type[Journey] = Journey

    @property
    def targets(self) -> list[Target]:
        """Both sides of every boundary of what is disturbed, in the order of the journey."""
        disturbed = [each for each in self.boundaries if each.chapter in self.journey.DISTURBED]
        return [(boundary, side) for boundary in disturbed for side in ("before", "after")]


@dataclass
class Result:
    """One disturbed run. ``hit`` are the targets at which a process was really killed."""

    hit: set[Target] = field(default_factory=set)
    kills: int = 0
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)
    failed_tries: int = 0


class Kills:
    """A scheme that kills once at each target, and then, when ``chained``, once more early in the next life.

    With ``whenever`` a target is met by any call of its name: after a kill, and when a machine is slow, calls come in
    other chapters, and in another number, than they were recorded in.
    """

    def __init__(self, targets: Iterable[Target], *, chained: bool = True, whenever: bool = False) -> None:
        self._left = list(targets)
        self._whenever = whenever
        self._chained = chained
        self._next = -1
        self._side: Side = "before"
        self.hit: list[Target] = []

    def __call__(self, boundary: Boundary, _replica: int) -> Fault | None:
        """Say whether to kill at this call."""
        target = next((each for each in self._left if self._is(boundary, each[0])), None)
        if target:
            self._left.remove(target)
            self.hit.append(target)
            if self._chained:
                self._next = 1 + len(self.hit) % CHAIN
            return Fault("kill", target[1])
        if self._next > 0:
            self._next -= 1
            if self._next == 0:
                self._side = "after" if self._side == "before" else "before"
                return Fault("kill", self._side)
        return None

    def _is(self, met: Boundary, wanted: Boundary) -> bool:
        return met.name == wanted.name if self._whenever else met == wanted


class _Within:
    """A scheme that leaves the chapters alone in which nothing goes wrong."""

    def __init__(self, scheme: Scheme, chapters: Sequence[str]) -> None:
        self._scheme, self._chapters = scheme, frozenset(chapters)

    def __call__(self, boundary: Boundary, replica: int) -> Fault | None:
        """Say what to do at this call."""
        return self._scheme(boundary, replica) if boundary.chapter in self._chapters else None


def record(
    starter: Starter, *, http: bool = False, forgets: bool = False, kind: type[Journey] = Journey
) -> Reference:
    """Run the journey undisturbed; ``forgets``: one in which nobody ends the lease.

    Raises:
        StuckError: it did not come to its end.
    """
    with Playground(starter=starter, http=http, settings=kind.SETTINGS) as playground:
        journey = kind(playground, forgets=forgets)
        journey.go()
        seen = checker.seen(playground)
        wrong = checker.violations(playground, seen, journey)
        if wrong:
            raise StuckError(f"the undisturbed journey is wrong: {wrong}")
        return Reference(tuple(playground.register.met), seen, kind)


def run(
    scheme: Scheme,
    reference: Reference,
    starter: Starter,
    *,
    replicas: int = 1,
    before: Mapping[str, Meanwhile] | None = None,
    http: bool = False,
    allowed: tuple[Allowance, ...] = (),
    forgets: bool = False,
    copies: int = 0,
    patience: float = 60.0,
) -> Result:
    """Run the journey once under a scheme, with what happens at its chapters, and check what came of it."""
    began = time.monotonic()
    result = Result()
    kind = reference.journey
    within = _Within(scheme, kind.DISTURBED)
    with Playground(
        starter=starter, replicas=replicas, scheme=within, http=http, settings=kind.SETTINGS
    ) as playground:
        journey = kind(playground, patience=patience, before=before or {}, forgets=forgets)
        try:
            journey.go()
        except StuckError as stuck:
            result.violations.append(str(stuck))
        playground.register.scheme = undisturbed
        result.failed_tries = len(journey.failed_tries)
        if not result.violations:
            result.violations = checker.violations(
                playground, reference.seen, journey, allowed=allowed, copies=copies
            )
        result.kills = playground.kills
    if isinstance(scheme, Kills):
        result.hit = set(scheme.hit)
    result.seconds = time.monotonic() - began
    return result


def disturbed(
    disturbance: Disturbance, seed: int, reference: Reference, starter: Starter, patience: float = 90.0
) -> Result:
    """Run the journey once with a disturbance."""
    return run(
        disturbance.scheme(seed),
        _another(starter, disturbance, reference),
        starter,
        replicas=disturbance.replicas,
        before=disturbance.at,
        http=disturbance.http,
        allowed=disturbance.allowed,
        forgets=disturbance.forgets,
        copies=disturbance.copies,
        patience=patience + 2 * disturbance.seconds,
    )


def _another(starter: Starter, disturbance: Disturbance, reference: Reference) -> Reference:
    same = not disturbance.forgets and disturbance.journey is reference.journey
    return reference if same else recorded(starter, disturbance.journey, forgets=disturbance.forgets)


_RECORDED: dict[tuple[int, str, bool], Reference] = {}


def recorded(starter: Starter, kind: type[Journey], *, forgets: bool = False) -> Reference:
    """Return what comes of a journey when nobody disturbs it, recorded once in a process."""
    known = (id(starter), kind.__name__, forgets)
    if known not in _RECORDED:
        _RECORDED[known] = record(starter, forgets=forgets, kind=kind)
    return _RECORDED[known]


def shared_out(targets: Sequence[Target], each_chapter: int) -> list[list[Target]]:
    """Return the targets in runs of at most so many in each chapter, far from one another.

    The first of a chapter is hit exactly where it was recorded; after a kill calls are repeated, so that the count of
    the later ones includes the repeats.
    """
    by_chapter: dict[str, list[Target]] = defaultdict(list)
    for target in targets:
        by_chapter[target[0].chapter].append(target)
    runs = max(-(-len(each) // each_chapter) for each in by_chapter.values())
    return [[target for each in by_chapter.values() for target in each[n::runs]] for n in range(runs)]
