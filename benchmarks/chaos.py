"""Kills the bot at every boundary of a whole journey, before and after each call, and checks what came of it.

Usage: python -m benchmarks.chaos [--minutes 10] [--workers 2] [--seed N] [--quick] [--only WORDS] [--without WORDS ...]

A journey is a file, a plan, a job, a lease, a question and a release, by people who are patient. An undisturbed one is
recorded: each call to Slack, AWS and Redis is a boundary. Then every boundary is killed at (kill -9), before the call
is made and after the server acted, some twenty in one journey, each kill followed by another one early in the next
life; the same for every delivery to a bot behind HTTP. A boundary that did not come in its chapter, as calls by the
clock do not always, is killed at in whichever it comes. Then come the other disturbances (a store that is emptied, or
fails over and forgets, among them), with other seeds until the time is over. Ten minutes are about what two cores need
to go through all of them once, with well over a thousand kills; ``--quick`` takes every tenth journey.

A second journey is about deployments and an alias, a third about what is served by the hour: a kept question that wakes
a model, its lease made longer, a newer model in its place, an alias promoted and rolled back, office hours, and what
others made in the account, deleted and adopted. Their boundaries are killed at, too, which takes longer than the ten
minutes: the third has some 2,300 sides of calls. ``--only WORDS`` leaves out all but what has these words in its name:
``serving``, ``deployments``, ``kills at every delivery``, or a disturbance. ``--without WORDS`` leaves those out,
as often as it is given.

``--planted`` has bots with a defect go through the third journey, one of each (tests/chaos/harness/defective.py), and
ends with 1 when one is not seen.

What is checked is what the stand-ins saw. Prints one JSON object; ends with 1 when anything was violated.
"""

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.harness.allowances import DEPLOYED, GIVEN_UP, SERVED, Allowance
from tests.chaos.harness.boundaries import Boundary, undisturbed
from tests.chaos.harness.campaign import (
    Kills,
    Reference,
    Result,
    Target,
    disturbed,
    record,
    recorded,
    run,
    shared_out,
)
from tests.chaos.harness.defective import DEFECTS, PLANTED
from tests.chaos.harness.deploying import Deploying
from tests.chaos.harness.disturbances import DISTURBANCES, LONG
from tests.chaos.harness.journey import Journey
from tests.chaos.harness.replica import Starter
from tests.chaos.harness.serving import Serving

IN_A_CHAPTER = 3
"""Kills at recorded boundaries in one chapter of a journey, beside those that follow them."""
AT_THE_DOOR = 1
"""The same for deliveries by HTTP: Slack brings an event four times and no more."""
LEFT_OVER_ROUNDS = 2
"""How often boundaries are tried again that a journey did not come to: after a kill calls are counted otherwise."""

IMPATIENT = 15.0
"""Seconds for which people wait for what a bot with a defect may never do."""
WHENEVER = ", whenever they come"
DOOR = "kills at every delivery"
JOURNEYS: dict[str, tuple[type[Journey], tuple[Allowance, ...]]] = {
    "kills at every boundary": (Journey, GIVEN_UP),
    "deployments: kills at every boundary": (Deploying, DEPLOYED),
    "serving: kills at every boundary": (Serving, SERVED),
}
"""The journeys at whose boundaries is killed, by what that is called, each with what may differ."""

Job = tuple[str, Any, int]
"""What a worker is to do: which kills, with their targets, or ``disturbance`` with its name; and a seed."""

_WORKER: dict[str, Any] = {}


@dataclass
class Tally:
    """What came of everything so far."""

    journeys: int = 0
    kills: int = 0
    covered: set[Target] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)
    by_name: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, result: Result) -> None:
        """Count one journey."""
        self.journeys += 1
        self.kills += result.kills
        self.covered |= result.hit
        self.by_name[name] += 1
        for each in result.violations:
            self.violations.append(f"{name}: {each}")
            print(f"VIOLATION in {name}: {each[:3000]}", file=sys.stderr, flush=True)


def main() -> int:
    """Run it all; return the exit status."""
    options = _options()
    if options.planted:
        return planted(options.only)
    began = time.monotonic()
    starter = Starter()
    try:
        reference = record(starter)
        doors = [_at_the_door(starter, reference)] if _is_chosen(DOOR, options) else []
        tried = {
            name: reference if kind is Journey else record(starter, kind=kind)
            for name, (kind, _) in JOURNEYS.items()
            if _is_chosen(name, options)
        }
    finally:
        starter.stop()
    tally = Tally()
    context = multiprocessing.get_context("spawn")
    with context.Pool(options.workers, _begin, (reference,)) as pool:
        for name, each in tried.items():
            _every_boundary(pool, name, each, tally, options)
        for each in doors:
            _every_delivery(pool, each, tally, options)
        _everything_else(pool, tally, options, began)
    targets = [target for each in (*tried.values(), *doors) for target in each.targets]
    missed = [f"{boundary} {side}" for boundary, side in targets if (boundary, side) not in tally.covered]
    report = {
        "boundaries (before and after each call)": len(targets),
        "boundaries killed at": len(targets) - len(missed),
        "never come to": missed[:20],
        "kills": tally.kills,
        "journeys": tally.journeys,
        "by what disturbed them": dict(tally.by_name),
        "violations": tally.violations,
        "seconds": round(time.monotonic() - began),
    }
    print(json.dumps(report, indent=2))
    return 1 if tally.violations else 0


def _is_chosen(name: str, options: argparse.Namespace) -> bool:
    return options.only in name and not any(each in name for each in options.without)


def planted(only: str = "") -> int:
    """Have bots with a defect go through the third journey; return 1 when one of them is not seen."""
    sound = Starter()
    try:
        reference = record(sound, kind=Serving)
    finally:
        sound.stop()
    seen: dict[str, list[str]] = {}
    for name in (each for each in DEFECTS if only in each):
        os.environ[PLANTED] = name
        starter = Starter("tests.chaos.harness.defective")
        try:
            seen[name] = run(undisturbed, reference, starter, allowed=SERVED, patience=IMPATIENT).violations
        finally:
            starter.stop()
        print(f"{'seen' if seen[name] else 'NOT SEEN'}: {name}", file=sys.stderr, flush=True)
    print(json.dumps({name: [each[:300] for each in wrong] for name, wrong in seen.items()}, indent=2))
    return 0 if all(seen.values()) else 1


def _at_the_door(starter: Starter, reference: Reference) -> Reference:
    return Reference(deliveries(record(starter, http=True)), reference.seen)


def _every_boundary(
    pool: Any, name: str, reference: Reference, tally: Tally, options: argparse.Namespace
) -> None:
    left = reference.targets
    for when in ("", *[WHENEVER] * LEFT_OVER_ROUNDS):
        jobs: list[Job] = [(f"{name}{when}", targets, 0) for targets in shared_out(left, IN_A_CHAPTER)]
        for done, result in pool.imap_unordered(_do, jobs[:: 10 if options.quick else 1]):
            tally.add(done, result)
            _tell(tally, reference)
        left = [target for target in reference.targets if target not in tally.covered]
        if not left or options.quick:
            return


def _every_delivery(pool: Any, door: Reference, tally: Tally, options: argparse.Namespace) -> None:
    left = door.targets
    for when in ("", *[WHENEVER] * LEFT_OVER_ROUNDS):
        jobs: list[Job] = [(f"{DOOR}{when}", targets, 0) for targets in shared_out(left, AT_THE_DOOR)]
        for name, result in pool.imap_unordered(_do, jobs[:: 10 if options.quick else 1]):
            tally.add(name, result)
        left = [target for target in door.targets if target not in tally.covered]
        if not left or options.quick:
            return


def deliveries(reference: Reference) -> tuple[Boundary, ...]:
    """Return the deliveries among the boundaries."""
    return tuple(each for each in reference.boundaries if each.name.startswith("door "))


def _everything_else(pool: Any, tally: Tally, options: argparse.Namespace, began: float) -> None:
    """Each disturbance once, and again with other seeds as long as there is time."""
    chosen = [each for each in DISTURBANCES if _is_chosen(each.name, options)]
    long = [each for each in LONG if _is_chosen(each.name, options)]
    everything = chosen if options.quick else [*long, *chosen]
    seed = options.seed
    while True:
        jobs: list[Job] = [("disturbance", each.name, seed) for each in everything]
        for name, result in pool.imap_unordered(_do, jobs):
            tally.add(name, result)
        seed += 1
        everything = chosen
        if time.monotonic() - began > options.minutes * 60 or options.quick:
            return


def _begin(reference: Reference) -> None:
    _WORKER.update(reference=reference, starter=Starter())


def _do(job: Job) -> tuple[str, Result]:
    kind, what, seed = job
    reference, starter = _WORKER["reference"], _WORKER["starter"]
    try:
        name, whenever = kind.removesuffix(WHENEVER), kind.endswith(WHENEVER)
        if name == DOOR:
            kills = Kills(what, chained=False, whenever=whenever)
            return DOOR, run(kills, reference, starter, http=True, allowed=GIVEN_UP)
        if name in JOURNEYS:
            journey, allowed = JOURNEYS[name]
            by = reference if journey is Journey else recorded(starter, journey)
            return name, run(Kills(what, whenever=whenever), by, starter, allowed=allowed)
        disturbance = next(each for each in (*DISTURBANCES, *LONG) if each.name == what)
        return str(what), disturbed(disturbance, seed, reference, starter)
    except Exception as trouble:  # noqa: BLE001 -- the harness's own trouble is told, and the rest goes on
        which = what if isinstance(what, str) else kind
        return f"{which} {seed}", Result(violations=[f"the harness failed: {trouble!r}"])


def _tell(tally: Tally, reference: Reference) -> None:
    covered, all_ = len(tally.covered), len(reference.targets)
    print(
        f"\r{tally.kills} kills, {covered} of {all_} boundaries, {len(tally.violations)} violations",
        end="",
        file=sys.stderr,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", metavar="WORDS")
    parser.add_argument("--without", action="append", default=[], metavar="WORDS")
    parser.add_argument("--planted", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
