"""Mixed use for half an hour, and what of the bot has grown by then: memory, threads, files, connections, keys.

Usage: python -m benchmarks.soak [--minutes 30] [--rate 20] [--processes 1] [--quick]

The bot behind HTTP between the stand-ins, with a real Redis. So many times a second somebody looks (commands), talks
in a channel, presses, opens the home tab, asks, asks again, drops a file that is sound or broken, opens a form; beside
that, one team after the other trains a model, leases it, asks it and ends the lease. The mix keeps within what Slack
takes in a minute. Slack's and AWS's stand-ins are in this process, and their own growth is not looked at.

First comes a warm-up of a tenth of the time, then rest, then the soak with a look each minute (ten in a short one),
then rest again, in which everything that was begun comes to its end. A leak is what ``_soak_watch`` says: memory whose
slope through the last two thirds is above 0.5 MiB a minute, threads, files or connections that grow or are left, a key
that has no time to live although its family has one (``storage/key_families.py``).

Prints a line a look, and one JSON object; ends with 1 when something leaks.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks._soak_people import People, SoakHouse
from benchmarks._soak_watch import Bounds, Look, Store, judged, look, look_at_store, trend
from storage.keys import Keys
from tests.chaos.harness.waiting import PREFIX

PATIENCE = 200.0
"""Seconds in which what was begun has to come to its end."""
REST = 25.0
"""Seconds of rest before what is left is looked at: longer than any connection without use is kept open by the door."""


@dataclass(frozen=True)
class Options:
    """``rate`` is events a second."""

    minutes: float = 30.0
    rate: float = 20.0
    processes: int = 1
    rest: float = REST
    rounds: bool = True
    bounds: Bounds = field(default_factory=Bounds)


def soaked(options: Options, house: SoakHouse) -> dict[str, Any]:
    """Soak a house, and return what was seen; under ``leaks`` what was found, nothing when all is flat."""
    began = time.monotonic()
    with house:
        People(house, options.rate, rounds=options.rounds).begin_and_end(options.minutes * 6)
        before, store_before = _at_rest(house, options, began)
        standing = set(house.unfinished())
        people = People(house, options.rate, rounds=options.rounds).begin()
        looks, stores = _watched(house, options, began)
        people.end()
        after, store_after = _at_rest(house, options, began)
        left = sorted(set(house.unfinished()) - standing)
    leaks = [
        f"process {number}: {each}"
        for number in range(options.processes)
        for each in judged([row[number] for row in looks], before[number], after[number], options.bounds)
    ]
    endless = sorted(
        {each for store in (*stores, store_after) for each in store.endless} & set(store_after.endless)
    )
    leaks += [f"key without an end: {each}" for each in endless[:20]]
    sent = sum(people.done.values())
    return {
        "minutes": options.minutes,
        "events asked for a second": options.rate,
        "events a second": round(sent / (options.minutes * 60), 2),
        "done": dict(people.done),
        "failed": dict(people.failed),
        "begun late by at most s": round(people.late, 2),
        "words of what failed": dict(people.told.most_common(6)),
        "memory MiB a minute": [
            round(trend(_last([row[number] for row in looks]), lambda each: each.memory), 3)
            for number in range(options.processes)
        ],
        "at rest before": [asdict(each) for each in before],
        "at rest after": [asdict(each) for each in after],
        "Redis before": asdict(store_before),
        "Redis after": asdict(store_after),
        "not finished": left[:20],
        "load average": [round(each, 2) for each in os.getloadavg()],
        "leaks": leaks,
    }


def _watched(house: SoakHouse, options: Options, began: float) -> tuple[list[list[Look]], list[Store]]:
    looks: list[list[Look]] = []
    stores: list[Store] = []
    every = min(60.0, options.minutes * 6)
    ends = time.monotonic() + options.minutes * 60
    while time.monotonic() < ends:
        time.sleep(max(0.0, min(every, ends - time.monotonic())))
        looks.append([look(pid, began) for pid in house.pids])
        stores.append(look_at_store(house.raw, Keys(PREFIX), began))
        print(_line(looks[-1], stores[-1]), file=sys.stderr, flush=True)
    return looks, stores


def _line(looks: Sequence[Look], store: Store) -> str:
    told = "; ".join(
        f"{each.memory:.1f} MiB ({each.whole:.0f} with {each.children} workers), {each.threads} threads, "
        f"{each.files} files, {each.sockets} sockets"
        for each in looks
    )
    redis = f"Redis {store.memory} MiB, {store.connections} connections, {sum(store.keys.values())} keys"
    return f"{store.at:5.1f} min: {told}; {redis}, {len(store.endless)} without an end"


def _at_rest(house: SoakHouse, options: Options, began: float) -> tuple[list[Look], Store]:
    """Wait until what was begun is done, and rest; then look."""
    deadline = time.monotonic() + PATIENCE
    while house.busy() and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(options.rest)
    return [look(pid, began) for pid in house.pids], look_at_store(house.raw, Keys(PREFIX), began)


def _last(looks: Sequence[Look]) -> list[Look]:
    return [each for each in looks if each.at >= looks[0].at + (looks[-1].at - looks[0].at) / 3]


def main() -> int:
    """Run it; return the exit status."""
    options = _options()
    report = soaked(options, SoakHouse(options.processes))
    print(json.dumps(report, indent=1))
    return 1 if report["leaks"] else 0


def _options() -> Options:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a minute, that shows that all of it works")
    given = parser.parse_args()
    minutes = 1.0 if given.quick else given.minutes
    return Options(minutes, given.rate, given.processes)


if __name__ == "__main__":
    sys.exit(main())
