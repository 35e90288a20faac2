"""Answers that stream while slash commands come, a release is due and a job ends: what each waits for the others.

Usage: python -m benchmarks.ask [--processes 1] [--answers 50] [--speak 25] [--rate 200] [--seconds 30] [--quick]

In one run: a bare threaded server under the same commands (the reference), one answer alone, the commands alone, then
all of it together. The commands are what people type (status, jobs, help, models, budget, ask), by the HTTP door, open
loop: each is sent when it is due by a process of its own, and its time runs from then, whenever it could be sent. The
stand-in for Bedrock plays an answer in about ``--speak`` seconds, ten pieces a second; the one for Slack holds to the
limits of Slack's tiers. A lease is ended a few seconds into it, and a job trained to its end.

Beside times it counts what each part cost the bot (``_ask_costs``), which says the same on a machine that is in use.
Prints one JSON object. Everything is on loopback and ends by itself. The stand-ins, Redis and the load use the same
processors as the bot: ``load average`` says what else did.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from benchmarks._ask_costs import Costs
from benchmarks._ask_house import LAST_WORDS, MODEL, QUESTION, ROOT, SPARE, TRAINERS, House, Sizes, _free_port
from bot.playground.narration import text_of
from bot.playground.slack import Person, SeenByPerson

PIECES_A_SECOND = 10
FIRST_TEXT = 2
"""Which event of a stream has the first text; the stand-in waits before each."""
PATIENCE = 150.0
"""Seconds after the load until what is still not answered is counted as lost."""
MIX = (
    ("/tune", "status", ""),
    ("/tune", "help", ""),
    ("/tune", "jobs", ""),
    ("/tune", "status", ""),
    ("/tune", "models", ""),
    ("/ask", f"{MODEL} {QUESTION}", "last"),
    ("/tune", "jobs", ""),
    ("/tune", "help serve", ""),
    ("/tune", "budget", ""),
    ("/tune", "status third-router-job", ""),
)
"""Slack's lists of what people type are nobody's to see: mostly looks, now and then a question."""


@dataclass(frozen=True)
class Options:
    """What is measured; times are in seconds."""

    processes: int
    answers: int
    speak: float
    rate: float
    seconds: float
    quick: bool


def main() -> None:
    options = _options()
    pieces = max(4, round(options.speak * PIECES_A_SECOND))
    sizes = Sizes(options.processes, max(options.answers, TRAINERS) + 2, pieces, options.speak / pieces)
    result: dict[str, Any] = {
        "processes": options.processes,
        "processors": os.cpu_count(),
        "load average before": [round(each, 2) for each in os.getloadavg()],
        "reference, a bare ThreadingHTTPServer": _reference(options),
    }
    with House(sizes) as house:
        result["idle for a second"] = _idle(house, options)
        before = Costs.of(house)
        alone = _Answers(house, house.people[-2:-1])
        alone.ask()
        alone.wait(options.speak * 3 + 30)
        result["one answer alone"] = {
            **alone.told(),
            "first text after the model's first piece ms": _lag(house),
            "cost": (Costs.of(house) - before).told(),
        }
        before = Costs.of(house)
        commands = _Commands(house, options, options.seconds / 3, asks=False).run()
        result["commands alone"] = {
            **commands.told(),
            "cost": (Costs.of(house) - before).told(commands.sent, "command"),
        }
        result["together"] = _together(house, options, alone.longest)
    result["load average after"] = [round(each, 2) for each in os.getloadavg()]
    print(json.dumps(result, indent=1))


def _idle(house: House, options: Options) -> dict[str, Any]:
    """Return what all processes cost in a second in which nobody does anything."""
    time.sleep(1.5)  # until the loops have found that nothing is due
    before, seconds = Costs.of(house), max(2, round(options.seconds / 6))
    time.sleep(seconds)
    return (Costs.of(house) - before).told(seconds, "second")


def _lag(house: House) -> float | None:
    """Return the milliseconds from the first piece of text that the stand-in for Bedrock sent until Slack was told."""
    [*_, asked] = house.bedrock.log.of("ConverseStream")
    ahead = (house.bedrock.world.clock.now() - datetime.now(UTC)).total_seconds()
    first = asked.at.timestamp() - ahead + FIRST_TEXT * house.sizes.delay
    told = [each.at for each in house.slack.log.of("api_call", method="chat.startStream", ok=True)]
    return round(1000 * (told[-1] - first), 1) if told else None


def _together(house: House, options: Options, alone: float) -> dict[str, Any]:
    answers = _Answers(house, house.people[: options.answers])
    watch = _Watch(house)
    before = Costs.of(house)
    began = time.time()
    answers.ask()
    commands = _Commands(house, options, options.seconds, asks=True)
    beside = threading.Thread(target=watch.run, args=(options,))
    beside.start()
    commands.run()
    took = time.time() - began
    used = [round(each / took, 2) for each in (Costs.of(house) - before).seconds]
    answers.wait(PATIENCE)
    beside.join()
    lost = _lost(house)
    return {
        "commands": commands.told(),
        "answers": answers.told(),
        "all answers / one alone": round(answers.longest / alone, 2) if alone else None,
        "questions in all": sum(1 for _ in house.resources("question")),
        "questions lost": lost,
        "release": watch.release,
        "notice of a job's end": watch.notice,
        "processors that each process used under load": used,
        "cost": (Costs.of(house) - before).told(),
        "refused by a limit of Slack": _refused(house, began),
    }


class _Answers:
    """Questions that people ask in their direct messages, all at once, and when each is answered to its last word."""

    def __init__(self, house: House, people: Sequence[Person]) -> None:
        self._house = house
        self._people = people
        self._asked: dict[str, tuple[Person, float]] = {}
        self._done: dict[str, float] = {}
        self._first: dict[str, float] = {}

    def ask(self) -> None:
        for person in self._people:
            said = person.says(person.dm, f"{MODEL} {QUESTION}")
            self._asked[person.dm] = person, float(said["ts"])

    def wait(self, patience: float) -> None:
        """Wait until all are answered, so many seconds at most."""
        deadline = time.monotonic() + patience
        while len(self._done) < len(self._asked) and time.monotonic() < deadline:
            self._look()
            time.sleep(0.2)

    def _look(self) -> None:
        for entry in self._house.slack.log.of("api_call", ok=True):
            channel = entry.data["args"].get("channel")
            if channel not in self._asked or entry.at < self._asked[channel][1]:
                continue
            if entry.data["method"] in ("chat.startStream", "chat.postMessage"):
                self._first.setdefault(channel, entry.at)
            if entry.data["method"] in ("chat.stopStream", "chat.postMessage", "chat.update"):
                self._settle(channel, entry.at)

    def _settle(self, channel: str, at: float) -> None:
        if channel in self._done:
            return
        person, asked = self._asked[channel]
        rows = [each for each in person.sees(channel) if float(each["ts"]) >= asked]
        said = " ".join(text_of(reply) for each in rows for reply in person.thread(each))
        if LAST_WORDS in said and not any(
            reply.get("streaming") for each in rows for reply in person.thread(each)
        ):
            self._done[channel] = at

    @property
    def longest(self) -> float:
        """Seconds from the question to the last word, of the slowest."""
        return max((self._done[each] - self._asked[each][1] for each in self._done), default=float("nan"))

    def told(self) -> dict[str, Any]:
        took = [self._done[each] - self._asked[each][1] for each in self._done]
        first = [self._first[each] - self._asked[each][1] for each in self._first]
        return {
            "answered": f"{len(self._done)} of {len(self._asked)}",
            "until the last word": _centiles(took, "s", 1),
            "until the first": _centiles(first, "s", 1),
        }


class _Commands:
    """Slash commands at an even rate, from a process of their own."""

    def __init__(self, house: House, options: Options, seconds: float, *, asks: bool) -> None:
        people = [*house.people[:TRAINERS], *house.people[-2:]]
        self._order = {
            "ports": house.ports,
            "secret": house.slack.signing_secret,
            "rate": options.rate,
            "seconds": seconds,
            "people": [{"user": each.id, "name": each.id, "channel": each.dm} for each in people],
            "mix": [each for each in MIX if asks or each[0] != "/ask"],
            "team": house.slack.team_id,
        }
        self._found: dict[str, Any] = {}

    def run(self) -> "_Commands":
        self._found = _loaded(self._order)
        return self

    @property
    def sent(self) -> int:
        """How many were sent."""
        return int(self._found["sent"])

    def told(self) -> dict[str, Any]:
        return _summed(self._found)


class _Watch:
    """What must not wait: a lease that somebody ends, and the end of a job."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.release: dict[str, Any] = {"reached AWS": False}
        self.notice: dict[str, Any] = {"told": False}

    def run(self, options: Options) -> None:
        house = self._house
        time.sleep(options.seconds / 10)
        self._release()
        ended = self._end_a_job()
        due = self._until(self._wish, 20)
        deleted = self._until(lambda: bool(house.bedrock.log.of("DeleteProvisionedModelThroughput")), 90)
        if due and deleted:
            self.release = {"reached AWS after s": round(deleted - due, 2)}
            told = self._until(lambda: self._posted("AWS confirms it", due), 60)
            self.release["told after s more"] = round(told - deleted, 2) if told else None
        told = self._until(lambda: self._posted("third-router` is trained", ended), 60)
        self.notice = {"told": bool(told), "after s": round(told - ended, 2) if told else None}

    def _release(self) -> None:
        """Type it, and again where Slack says that the app did not answer in time."""
        for _ in range(10):
            with suppress(SeenByPerson):
                self._house.trainer.slash("/tune", f"release {SPARE}", "claims-ai")
                return

    def _wish(self) -> float | None:
        """Return from when on the release is to be carried out, once somebody asked for it."""
        for _, spec, _ in self._house.resources("lease"):
            if spec["plan"]["model_name"] == SPARE and spec.get("release"):
                return float(spec["release"]["due"] or 0)
        return None

    def _end_a_job(self) -> float:
        with self._house.bedrock.world.lock:
            jobs = self._house.bedrock.world.jobs
            for record in [each for each in jobs if each.model_name == "third-router"]:
                quick = {"validation_seconds": 0.1, "processing_seconds": 0.1, "training_seconds": 0.1}
                jobs.put(record.model_copy(update={"plan": record.plan.model_copy(update=quick)}))
        return time.time()

    def _posted(self, words: str, since: float) -> float | None:
        """Return when a message with these words was posted, or came to have them."""
        for each in self._house.slack.log.of("api_call", ok=True):
            says = each.at >= since and each.data["method"] in ("chat.postMessage", "chat.update")
            if says and words in json.dumps(each.data["args"], ensure_ascii=False):
                return each.at
        return None

    def _until(self, holds: Callable[[], float | bool | None], patience: float) -> float | None:
        """Return when it held, as it says itself or by the clock; None where it did not within so many seconds."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if at := holds():
                return time.time() if at is True else at
            time.sleep(0.05)
        return None


def _lost(house: House) -> list[str]:
    """Wait for what is still being answered, and return what never was."""
    deadline = time.monotonic() + PATIENCE
    while True:
        left = [
            each
            for each, _, status in house.resources("question")
            if not status.get("question", {}).get("told")
        ]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.5)


def _refused(house: House, since: float) -> dict[str, int]:
    """Return how often Slack asked to slow down, by method."""
    refused = house.slack.log.of("api_call", error="ratelimited")
    return Counter(each.data["method"] for each in refused if each.at >= since)


def _reference(options: Options) -> dict[str, Any]:
    port, secret = _free_port(), "a-secret"
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks._ask_reference", str(port), secret], cwd=ROOT
    )
    try:
        time.sleep(1)
        person = {"user": "U1", "name": "one", "channel": "D1"}
        order = {"ports": [port], "secret": secret, "rate": options.rate, "seconds": options.seconds / 3}
        return _summed(_loaded({**order, "people": [person, person], "mix": MIX, "rest": 0.0}))
    finally:
        server.terminate()
        server.wait()


def _loaded(order: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks._ask_load"],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _summed(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "sent": found["sent"],
        "statuses": found["statuses"],
        "acknowledged after": _centiles([1000 * each for each in found["waits"]], "ms", 1),
        "over 3 s": sum(each > 3 for each in found["waits"]),
        "replies": len(found["answered"]),
        "replied after": _centiles([1000 * each for each in found["answered"]], "ms", 0),
        "sent late by at most ms": round(1000 * found["late"], 1),
    }


def _centiles(values: Sequence[float], unit: str, places: int) -> dict[str, float]:
    if len(values) < 2:
        return {f"max {unit}": round(max(values), places)} if values else {}
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    named = {"p50": cuts[49], "p99": cuts[98], "max": max(values)}
    return {f"{name} {unit}": round(value, places) for name, value in named.items()}


def _options() -> Options:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--answers", type=int, default=50)
    parser.add_argument("--speak", type=float, default=25.0)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--quick", action="store_true", help="a small run that shows that all of it works")
    given = parser.parse_args()
    if given.quick:
        given.answers, given.speak, given.rate, given.seconds = 3, 1.0, 20.0, 3.0
    return Options(**vars(given))


if __name__ == "__main__":
    main()
