"""What people do: drop a file, plan, start, wait for the end, lease, ask, release; patient, and again when it failed.

A person who is told that something did not work waits a little, looks whether it did all the same, and tries again.
What they do is safe to repeat; what they are told is compared afterwards with a journey that nobody disturbed.
"""

import contextlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from redis import RedisError

from bot.directory.voting import UNKNOWN_PLAN
from bot.playground.slack import SeenByPerson
from storage.keys import Keys
from tests.chaos.harness.playground import Playground
from tests.chaos.harness.waiting import PREFIX
from tests.chaos.harness.watching import AGAIN, CHANNEL, Json, StuckError, Watching

CLAIMS = Path(__file__).resolve().parents[3] / "bot" / "playground" / "samples" / "claims.jsonl"
QUESTION = "Patient stage IV, denied prior auth, plan United"
ANSWER = "appeals-oncology"
HOUR = 3600.0
ROUGHLY = 90.0
"""Seconds by which a deadline may be met earlier or later: a lease that is found again has whole minutes."""
LOOKED = 20.0
"""Seconds of real time within which the account is looked at once the store has another history: a beat, and the same
for a machine with much to do. One that went back several times has a look a minute, which nobody waits for."""
LATE = 15.0
"""Seconds of real time after which what is over has to be gone: a tick, and what a machine with much to do takes."""


@dataclass
class Journey(Watching):
    """One team's work with one model. Several may go on at once, each with a model of its own."""

    model: str = "claims-router"
    before: Mapping[str, Callable[[Playground], None]] = field(default_factory=dict)
    """What happens to the playground when a chapter begins, while people go on."""
    forgets: bool = False
    """Whether nobody ends the lease, so that its time has to."""
    again: Counter[str] = field(default_factory=Counter)
    """What people did once more, by chapter, because they were told, or saw, that nobody remembers it."""
    wrong: list[str] = field(default_factory=list)
    """What people saw for themselves that should not be."""
    ended_untold: bool = False
    """Whether nobody remembers the lease, and people took it as ended because they were told that nothing runs."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.asker = self.playground.slack.person("asker")

    CHAPTERS: ClassVar[tuple[str, ...]] = (
        "file",
        "plan",
        "start",
        "train",
        "serve",
        "lease",
        "ask",
        "release",
        "rest",
    )
    DISTURBED: ClassVar[tuple[str, ...]] = CHAPTERS
    """The chapters in which something goes wrong."""
    SETTINGS: ClassVar[Mapping[str, str]] = {}
    """What is set otherwise for this bot."""

    def go(self, *, until: str = "rest") -> None:
        """Do everything, up to and with that chapter.

        Raises:
            StuckError: something did not come.
        """
        for chapter in self.CHAPTERS:
            self.playground.register.chapter = chapter
            self._do(chapter)
            if chapter == until:
                return

    def _do(self, chapter: str) -> None:
        """Do one chapter, while what happens at it happens."""
        happening = self.before.get(chapter)
        beside = threading.Thread(target=happening, args=(self.playground,)) if happening else None
        if beside:
            beside.start()
        try:
            getattr(self, chapter)()
        finally:
            if beside:
                beside.join()
        self._calms_down()

    def _calms_down(self) -> None:
        """Wait until nothing is in hand, so that each chapter's calls are counted in that chapter."""
        deadline = time.monotonic() + AGAIN
        while self.playground.busy() and time.monotonic() < deadline:
            self.playground.slack.wait_for(lambda: False, 0.02)

    def content(self) -> bytes:
        """Return what is dropped."""
        return CLAIMS.read_bytes()

    def file(self) -> None:
        """Drop a file, and see its verdict."""
        self.trainer.uploads(CHANNEL, f"{self.model}.jsonl", self.content())
        self.roots["file"] = self.trainer.sees(CHANNEL)[-1]
        self._await_verdict()

    def _await_verdict(self, after: str = "0") -> None:
        thread = self.roots["file"]["ts"]
        self.roots["verdict"] = self._waits(
            lambda: self._find("dataset.start", thread=thread, after=after),
            "upload",
            self._name_the_file_again,
        )

    def _name_the_file_again(self) -> None:
        """Use the menu of the file's message: nobody seems to know of the file."""
        self.again["file"] += 1
        with contextlib.suppress(SeenByPerson):
            self.trainer.uses_shortcut("validate_file", self.roots["file"])

    def plan(self) -> None:
        """Fill the form in, and see the plan."""
        self.roots["plan"] = self._does(
            self._fills_in,
            lambda: self._find("plan.start job", words=(f"{self.model}-job",)),
            {"There is no dataset": self._bring_the_file_back},
        )

    def _fills_in(self) -> None:
        self._closes_what_is_open()
        self.trainer.clicks(self.roots["verdict"], "dataset.start")
        form = self.trainer.wait_for(self.trainer.view, 3)
        given = {"model_name": self.model, "job_name": f"{self.model}-job"}
        answer = self.trainer.submits(form, given)
        if answer["errors"]:
            raise SeenByPerson(str(answer["errors"]))

    def _closes_what_is_open(self) -> None:
        for left in filter(None, [self.trainer.view()]):
            self.trainer.closes(left)

    def _bring_the_file_back(self) -> None:
        before = self.roots["verdict"]["ts"]
        self._name_the_file_again()
        self._await_verdict(after=before)

    def _plan_again(self) -> None:
        self.again["plan"] += 1
        self._act(self._fills_in)
        if self._hears("There is no dataset"):
            self._bring_the_file_back()
            self._act(self._fills_in)

    def start(self) -> None:
        """Press Start, and see the live card."""
        self._does(
            lambda: self.trainer.clicks(self.roots["plan"], "plan.start"),
            lambda: self._find("job.stop", words=(f"{self.model}-job", "stages done")),
            {UNKNOWN_PLAN: self._plan_again},
            ("job", self._plan_again),
        )

    def train(self) -> None:
        """Let the job end, and be told of it."""
        for _ in range(4):
            self.playground.bedrock.clock.advance(HOUR / 2)
        self.roots["end"] = self._sees("model.serve", words=(self.model,))

    def serve(self) -> None:
        """Ask for throughput, and see what it would cost."""
        before = self.roots.get("lease", {}).get("ts", "0")
        self.roots["lease"] = self._does(
            lambda: self.trainer.slash("/tune", f"serve {self.model} for 1h", CHANNEL),
            lambda: self._find("plan.start lease", words=(self.model,), after=before),
        )

    def _ask_the_price_again(self) -> None:
        self.again["price"] += 1
        self.serve()

    def lease(self) -> None:
        """Start the lease, and see the model in service."""
        self._does(
            lambda: self.trainer.clicks(self.roots["lease"], "plan.start"),
            lambda: self._find("lease.release", words=("creating", self.model)),
            {UNKNOWN_PLAN: self._ask_the_price_again},
            ("lease", self._ask_the_price_again),
        )
        self.playground.bedrock.clock.advance(HOUR / 4)
        self._sees("lease.extend", words=("in service", self.model))
        thread = self.roots["lease"]["ts"]
        self._waits(lambda: self._find(None, words=("is in service for",), thread=thread))

    def ask(self) -> None:
        """Ask the model in the channel, and be answered in the thread."""
        self._ask()
        self._waits(self._answer, "question", self._ask_again)

    def _ask(self) -> None:
        self.roots["question"] = self.asker.says(CHANNEL, f"@tunesmith {QUESTION}")

    def _ask_again(self) -> None:
        self.again["question"] += 1
        self._ask()

    def _answer(self) -> Json | None:
        thread = self.roots["question"]["ts"]
        return self._find(None, words=(ANSWER,), thread=thread, by_bot=True)

    def release(self) -> None:
        """End the lease, or forget to, and see that it has ended."""
        if self.forgets:
            self._waits_for_its_time()
            return
        self._does(
            lambda: self.trainer.slash("/tune", f"release {self.model}", CHANNEL),
            lambda: self._ended() or self._took_it_as_ended(),
        )

    def _waits_for_its_time(self) -> None:
        """Let a quarter of an hour after the other pass; the lease has an hour, and what its start may take."""
        for _ in range(10):
            at_least = self._left_of_it() - HOUR / 4
            self.playground.ages(HOUR / 4)
            left = self._left_of_it()  # more than that where somebody had it in hand, and wrote over it
            with contextlib.suppress(TimeoutError):
                self.playground.until(self._ended, AGAIN)
            is_there = bool(self.playground.bedrock.state()["throughputs"])
            if not is_there and at_least > ROUGHLY:
                self.wrong.append(f"deleted {at_least:.0f} s before its time, and nobody has released it")
            if is_there and left < -ROUGHLY:
                self._is_late(left)
            if not is_there or self._ended():
                break
        self._waits(self._ended)

    def _left_of_it(self) -> float:
        """Return how many seconds are left of the lease, as the store has it; 0 where it knows of none in service.

        Its own record and its release's say it, and what is over by one of them is over.
        """
        keys, raw = Keys(PREFIX), self.playground.raw
        left: list[float] = []
        with contextlib.suppress(RedisError):
            for each in raw.zrange(keys.due("lease"), 0, -1):
                plan = json.loads(raw.hget(f"{keys.root}:resource:lease:{each}", "spec") or "{}")
                for kind in ("lease", "release"):
                    status = json.loads(raw.hget(f"{keys.root}:resource:{kind}:{each}", "status") or "{}")
                    if plan and (begun := status.get(kind, {}).get("in_service")):
                        minutes = timedelta(minutes=plan["plan"]["minutes"] + plan["extra_minutes"])
                        over = datetime.fromisoformat(begun["local"]) + minutes
                        left.append((over - datetime.now(UTC)).total_seconds())
        return min(left, default=0.0)

    def _is_late(self, left: float) -> None:
        try:
            self.playground.until(lambda: not self.playground.bedrock.state()["throughputs"], LATE)
        except TimeoutError:
            self.wrong.append(f"its time is over since {-left:.0f} s, and it still runs")

    def _ended(self) -> Json | None:
        return self._find(None, words=("AWS confirms it",), thread=self.roots["lease"]["ts"])

    def _took_it_as_ended(self) -> Json | None:
        """Return whether people are told that nothing runs, which is so, while nobody knows of any lease."""
        told = self._hears("nothing runs and nothing is billed")
        if told is None or not self.playground.losses or not self._hopeless("lease"):
            return None
        if self.playground.bedrock.state()["throughputs"]:
            return None  # that was wrong, and will be found
        self.ended_untold = True
        return told

    def rest(self) -> None:
        """Wait until nothing is left to be done."""
        try:
            self.playground.until(self.playground.finished, self.patience, hurry=30)
        except TimeoutError:
            left = self.playground.unfinished()
            told = "\n".join(self.playground.status_of(each) for each in left)
            raise StuckError(f"never finished: {left}\n{told}") from None
        if self.playground.losses + self.playground.failovers == 1:
            try:
                self.playground.until(self.playground.swept_by_its_history, LOOKED)
            except TimeoutError:
                self.wrong.append("the store has another history, and nobody looked for what it forgot")


__all__ = ["CHANNEL", "Journey", "StuckError"]
