"""Three listeners and three workers on one Redis, or on a cluster of three, while one of them is killed every few
seconds: is anything lost, is anything there twice, does each do its share?

Usage: python -m benchmarks.scale [--minutes 5] [--cluster] [--quick] [--plant] [--seed N]
           [--listeners 3] [--workers 3] [--jobs 1000] [--events 10000]

Slack's requests come by HTTP, each new one to the next listener, whether it is there or not; what is not acknowledged
comes again with ``x-slack-retry-num``, as Slack has it, and a fifth of all deliveries are events that were acknowledged
and come again all the same. A thousand jobs are followed; of them some end. People ask a model, in channels and
directly, drop files, press *Start* twice at once, and mostly talk among themselves. Every two to six seconds some
process is killed with SIGKILL, and started again half a second later. Then all that is in hand is waited for.

What is judged is what the stand-ins for Slack and AWS saw: each question is answered once and rightly, each file has
one verdict, each job is made once, each end is told once, nothing is said unasked, nothing is posted or made twice.
Each worker's share of turns, and each listener's of deliveries, is between half and one and a half of an even one. The
same judgement is then held over the same records with one fault planted in each way, which it has to see; with
``--plant`` two are planted in earnest, an event that reaches nobody and an answer that stands there twice.

Prints one JSON object; ends with 1 when anything is wrong, and then keeps the log, the store and what Slack saw in
``out/scale``. All is on loopback, in processes that end with this one.
"""

import argparse
import json
import os
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from benchmarks import _scale_evidence as evidence
from benchmarks import _scale_records as records
from benchmarks._scale_fleet import Fleet
from benchmarks._scale_people import Amounts, People

PERSONS = 30
PLANS = 8
PATIENCE = 900.0
"""Seconds after the last kill until what has not come about is counted as lost: Slack brings an event for the last time
six minutes after the first, and takes fifty edits a minute."""
REST = 45.0
"""Seconds that are waited after all has come about: for whoever died last, a lease ends then, and what would come twice
has come."""
LEAST, MOST = 0.5, 1.5
"""Of an even share."""
QUESTIONS, FILES, ENDS = 0.06, 0.004, 0.02
"""Of the number of events."""


@dataclass(frozen=True)
class Options:
    """What is run."""

    minutes: float
    cluster: bool
    quick: bool
    plant: bool
    seed: int
    listeners: int
    workers: int
    jobs: int
    events: int


def main() -> int:
    options = _options()
    amounts = Amounts(
        options.events,
        round(options.events * QUESTIONS),
        max(2, round(options.events * FILES)),
        max(5, round(options.events * ENDS)),
        options.minutes * 60,
    )
    fleet = Fleet(
        options.listeners,
        options.workers,
        people=PERSONS,
        cluster=options.cluster,
        jobs=options.jobs,
        plans=PLANS if not options.quick else 2,
    )
    with fleet:
        report, wrong = _tried(fleet, amounts, options)
    print(json.dumps(report, indent=2, ensure_ascii=False))
    return 1 if wrong else 0


def _tried(fleet: Fleet, amounts: Amounts, options: Options) -> tuple[dict[str, Any], bool]:
    people = People(fleet, amounts, random.Random(options.seed))
    done = threading.Event()
    killing = threading.Thread(target=fleet.kill_at_random, args=(random.Random(options.seed + 1),))
    watching = threading.Thread(target=fleet.watch, args=(done,))
    watching.start()
    began = time.time()
    killing.start()
    people.work()
    fleet.over.set()
    killing.join()
    shares = {each.name: each.done for each in fleet.members}
    if options.plant:
        people.plant()
    waited = _drained(fleet, people, began, 60 if options.plant else PATIENCE)
    done.set()
    watching.join()
    seen = records.read(fleet.slack, fleet.bedrock, began)
    found, spread = records.judge(seen, people.wanted), _spread(shares)
    uneven = [
        f"uneven: {name} did {share} of an even share"
        for name, share in spread.items()
        if not LEAST <= share <= MOST and not options.quick
    ]
    blind = [] if options.plant or found else records.unseen(seen, people.wanted)
    planted = Counter(each.partition(":")[0] for each in found)
    wrong = planted != {"lost": 1, "doubled": 1} if options.plant else bool(found or blind or uneven)
    if wrong:
        print(f"what was seen and stored is in {evidence.keep(fleet)}", file=sys.stderr, flush=True)
    report = {
        "store": "a cluster of three" if options.cluster else "one Redis",
        "jobs followed": options.jobs,
        **_deliveries(fleet, people, began),
        "effects that have to come about once": people.wanted.effects,
        "of them answers, verdicts, jobs, ends": [
            len(each)
            for each in (
                people.wanted.answers,
                people.wanted.verdicts,
                people.wanted.jobs,
                people.wanted.ends,
            )
        ],
        "of them questions of whoever asked too many, who was told so": len(
            records.turned_away(seen, people.wanted)
        ),
        "kills": sum(each.kills for each in fleet.members),
        "kills by process": {each.name: each.kills for each in fleet.members},
        "lost": planted["lost"],
        "doubled": planted["doubled"],
        "unasked": planted["unasked"],
        "share of an even one": spread,
        "seconds until all had come about after the last kill": waited,
        "planted faults that are not seen": blind if not options.plant else "planted in earnest",
        "Slack's own limits hit": Counter(
            each.data["method"]
            for each in fleet.slack.log.of("api_call", error="ratelimited")
            if each.at > began
        ),
        "load average": [round(each, 2) for each in os.getloadavg()],
        "violations": (found + uneven)[:50],
    }
    return report, wrong


def _drained(fleet: Fleet, people: People, since: float, patience: float) -> float | str:
    """Wait until everything has come about, and then a rest; return for how long."""
    began = time.monotonic()
    while left := records.missing(records.read(fleet.slack, fleet.bedrock, since), people.wanted):
        if time.monotonic() - began > patience:
            return f"{len(left)} had not after {patience:.0f}"
        print(f"{len(left)} to come about: {left[0][:300]}", file=sys.stderr, flush=True)
        time.sleep(5)
    took = round(time.monotonic() - began, 1)
    time.sleep(REST)
    return took


def _deliveries(fleet: Fleet, people: People, began: float) -> dict[str, Any]:
    log = [each for each in fleet.slack.log.entries() if each.at >= began]
    sent = [each for each in log if each.kind == "delivery" and each.data["type"] == "events_api"]
    refused = [each for each in log if each.kind == "ack" and not each.data["acked"]]
    tries = Counter(each.data["event_id"] for each in refused if each.data["type"] == "events_api")
    return {
        "deliveries of events": len(sent) + people.again,
        "of them again, since not acknowledged": sum(bool(each.data["attempt"]) for each in sent),
        "of them again, though acknowledged": people.again,
        "not acknowledged, by why": dict(Counter(each.data["reason"] for each in refused)),
        "given up by Slack": sum(times > 3 for times in tries.values()),
    }


def _spread(done: dict[str, Counter[str]]) -> dict[str, float]:
    """Return how much each process did, as a multiple of an even share among its like."""
    amounts = {
        name: each["deliveries"] if name.startswith("listener") else each.total() - each["deliveries"]
        for name, each in done.items()
    }
    shares = {}
    for name, amount in amounts.items():
        like = [each for other, each in amounts.items() if other[:4] == name[:4]]
        shares[name] = round(amount * len(like) / max(1, sum(like)), 2)
    return shares


def _options() -> Options:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--cluster", action="store_true")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="40 seconds with few of everything; shares are told, and held to nothing",
    )
    parser.add_argument("--plant", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--listeners", type=int, default=3)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--events", type=int, default=10_000)
    given = parser.parse_args()
    if given.quick:
        given.minutes, given.jobs, given.events = 2 / 3, 40, 600
    return Options(**vars(given))


if __name__ == "__main__":
    sys.exit(main())
