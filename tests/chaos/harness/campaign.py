"""Runs of a journey, each disturbed in another way, until every boundary has been killed at, before and after."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.harness import checker
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

    @property
    def targets(self) -> list[Target]:
        """Both sides of every boundary, in the order of the journey."""
        return [(boundary, side) for boundary in self.boundaries for side in ("before", "after")]


@dataclass
class Result:
    """One disturbed run. ``hit`` are the targets at which a process was really killed."""

    hit: set[Target] = field(default_factory=set)
    kills: int = 0
    seconds: float = 0.0
    violations: list[str] = field(default_factory=list)
    failed_tries: int = 0


class Kills:
    """A scheme that kills once at each target, and then, when ``chained``, once more early in the next life."""

    def __init__(self, targets: Iterable[Target], *, chained: bool = True) -> None:
        self._left = set(targets)
        self._chained = chained
        self._next = -1
        self._side: Side = "before"
        self.hit: list[Target] = []

    def __call__(self, boundary: Boundary, _replica: int) -> Fault | None:
        """Say whether to kill at this call."""
        for side in ("before", "after"):
            if (boundary, side) in self._left:
                self._left.remove((boundary, side))
                self.hit.append((boundary, side))
                if self._chained:
                    self._next = 1 + len(self.hit) % CHAIN
                return Fault("kill", side)
        if self._next > 0:
            self._next -= 1
            if self._next == 0:
                self._side = "after" if self._side == "before" else "before"
                return Fault("kill", self._side)
        return None


def record(starter: Starter) -> Reference:
    """Run the journey undisturbed.

    Raises:
        StuckError: it did not come to its end.
    """
    with Playground(starter=starter) as playground:
        Journey(playground).go()
        seen = checker.seen(playground)
        wrong = checker.violations(playground, seen)
        if wrong:
            raise StuckError(f"the undisturbed journey is wrong: {wrong}")
        return Reference(tuple(playground.register.met), seen)


def run(
    scheme: Scheme,
    reference: Reference,
    starter: Starter,
    *,
    replicas: int = 1,
    before: Mapping[str, Meanwhile] | None = None,
    copies: int = 0,
    patience: float = 60.0,
) -> Result:
    """Run the journey once under a scheme, with what happens at its chapters, and check what came of it."""
    began = time.monotonic()
    result = Result()
    with Playground(starter=starter, replicas=replicas, scheme=scheme) as playground:
        journey = Journey(playground, patience=patience, before=before or {})
        try:
            journey.go()
        except StuckError as stuck:
            result.violations.append(str(stuck))
        playground.register.scheme = undisturbed
        result.failed_tries = len(journey.failed_tries)
        if not result.violations:
            result.violations = checker.violations(
                playground, reference.seen, tries_that_failed=result.failed_tries, copies=copies
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
        reference,
        starter,
        replicas=disturbance.replicas,
        before=disturbance.at,
        copies=disturbance.copies,
        patience=patience + 2 * disturbance.seconds,
    )


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
