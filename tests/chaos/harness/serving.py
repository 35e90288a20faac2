"""What people do with models by the hour: wake one by a question, make it longer, replace it, end it, have it on alone.

Both models are trained before anybody is disturbed. A question to a sleeping model is kept, and wakes it; its lease is
made longer, a newer model takes its place, an alias is promoted and rolled back; then office hours have a lease of
their own, and what somebody else made in the account is adopted, or deleted. Beside what is compared with an
undisturbed journey, people look for themselves that what a press did was done once, and to nothing else.
"""

import contextlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import ClassVar

from redis import RedisError

from bot.playground.bedrock.records import Throughput
from bot.playground.narration import text_of
from bot.playground.slack import SeenByPerson
from storage.keys import Keys
from tests.chaos.harness.deploying import Deploying
from tests.chaos.harness.journey import HOUR, LOOKED, QUESTION, Journey
from tests.chaos.harness.waiting import PREFIX
from tests.chaos.harness.watching import CHANNEL, Json

IS_LONGER = re.compile(r"\*(?:2 h|1 h \d+ min) left\*")
"""What is left of an hour that was made longer by another; of the hour alone it is *1 h left* at most."""
FOUND, LEFT = "made-by-hand", "left-over"
"""What somebody else made in the account: one is adopted, the other deleted."""


def by_day(now: datetime) -> tuple[str, str]:
    """Return a time zone east of Greenwich in which it is day at that time, and hours that are on there for 2 h 30 min.

    What is left of a day's hours shortly before midnight would not be worth waking a model for. ``now`` is in UTC.
    """
    ahead = next(n for n in range(1, 15) if 8 <= (now.hour + n) % 24 <= 20)
    there = now + timedelta(hours=ahead)
    return f"Etc/GMT-{ahead}", f"{there.hour - 1}-{there + timedelta(hours=2, minutes=30):%H:%M}"


@dataclass
class Serving(Deploying):
    """One team's work with two models that are served by the hour."""

    CHAPTERS: ClassVar[tuple[str, ...]] = (
        "file", "plan", "start", "train",
        "asleep", "wake", "longer", "alias", "replace", "promote", "back", "release",
        "hours", "off", "stray", "adopt", "end", "rest",
    )  # fmt: skip
    DISTURBED: ClassVar[tuple[str, ...]] = CHAPTERS[CHAPTERS.index("asleep") :]
    SETTINGS: ClassVar[Mapping[str, str]] = {
        "TUNESMITH_PRICES": "claude-3-haiku.training_per_1k_tokens=0.003,claude-3-haiku.model_unit_hour=1"
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        self.approver = self.playground.slack.person("approver")

    def content(self) -> bytes:
        """Return what is dropped."""
        return Journey.content(self)

    # A question that wakes a model

    def asleep(self) -> None:
        """Ask the model while it sleeps: the question is kept."""
        self._asks_it()
        self._waits(self._kept, "question", self._asks_it_again)

    def _asks_it(self) -> None:
        self.roots["question"] = self.trainer.says(CHANNEL, f"@tunesmith {self.model}: {QUESTION}")

    def _asks_it_again(self) -> None:
        self.again["question"] += 1
        self._asks_it()

    def _kept(self) -> Json | None:
        return self._find("kept.wake", thread=self.roots["question"]["ts"])

    def wake(self) -> None:
        """Wake it by the button, and see it answer what was asked."""
        thread = self.roots["question"]["ts"]
        self._does(
            self._presses_wake,
            lambda: self._find("lease.release", words=(self.model,), thread=thread),
        )
        self.roots["lease"] = self.roots["question"]
        self._comes_into_service(self.model)
        self._is_told(self.model)
        self._waits(lambda: self._find(None, words=("You asked it this",), thread=thread, by_bot=True))

    def _presses_wake(self) -> None:
        if shown := self._kept():  # it is gone once somebody has
            self.trainer.clicks(shown, "kept.wake")

    def _is_told(self, model: str) -> None:
        """See it told in the lease's thread: of one that ends before, nobody is told that it is in service."""
        thread = self.roots["lease"]["ts"]
        self._waits(lambda: self._find(None, words=(f"`{model}` is in service for",), thread=thread))

    def _comes_into_service(
        self, model: str, after: str = "0", otherwise: Callable[[], None] | None = None
    ) -> Json:
        """Let AWS take its time, whenever it was asked, and see the model in service."""

        def look() -> Json | None:
            self.playground.bedrock.clock.advance(HOUR / 60)
            return self._find("lease.extend", words=(f"`{model}`* · in service",), after=after)

        return self._waits(look, "lease", otherwise)

    # Its lease

    def longer(self) -> None:
        """Have it made longer by an hour, once: people look before they press again."""
        self._does(self._presses_longer, self._is_longer)

    def _presses_longer(self) -> None:
        if self._is_longer():
            return
        self.trainer.slash("/tune", f"extend {self.model} 1h", CHANNEL)
        offered = self.trainer.wait_for(lambda: self._find("lease.extend", words=("With 1 h more",)), 3)
        self.trainer.clicks(offered, "lease.extend")

    def _is_longer(self) -> Json | None:
        card = self._find("lease.release", words=(f"`{self.model}`* · in service",))
        return card if card and IS_LONGER.search(text_of(card)) else None

    def replace(self) -> None:
        """Have the newer model answer on the same throughput."""
        self._does(
            lambda: self.trainer.slash("/tune", f"serve {self.newer} in place of {self.model}", CHANNEL),
            lambda: self._find(None, words=(self.newer,), thread=self.roots["lease"]["ts"], by_bot=True),
        )
        self._comes_into_service(self.newer)
        thread = self.roots["lease"]["ts"]
        self._waits(lambda: self._find(None, words=(f"`{self.newer}` answers now",), thread=thread))

    def promote(self) -> None:
        """Have the alias stand for the newer one, once that is known to answer."""
        with self.playground.store_lock:  # it may be in the midst of it
            failed_over = self.playground.failovers
        if failed_over:
            self.playground.until(self._is_known_to_answer, self.patience)
        super().promote()

    def _is_known_to_answer(self) -> bool:
        """Return whether the store knows that the newer one answers.

        One that failed over right after that was told believes for a moment what was so before, until its lease is
        looked at again; what people are told of an alias meanwhile goes by it.
        """
        keys, raw = Keys(PREFIX), self.playground.raw
        arns = [each.arn for each in self.playground.bedrock.world.models if each.name == self.newer]
        with contextlib.suppress(RedisError):
            for each in raw.zrange(keys.due("lease"), 0, -1):
                status = json.loads(raw.hget(f"{keys.root}:resource:lease:{each}", "status") or "{}")
                if status.get("lease", {}).get("serving") in arns:
                    return True
        return False

    def release(self) -> None:
        """End it, or let its time end it."""
        if self.forgets:
            self._waits_for_its_time()
            return
        self._releases(self.newer)

    def _releases(self, model: str) -> None:
        self._does(lambda: self.trainer.slash("/tune", f"release {model}", CHANNEL), self._ended)

    # Office hours

    def hours(self) -> None:
        """Plan office hours that are on now, start them, and see the lease of today in service."""
        before = self.roots["question"]["ts"]
        zone, written = by_day(datetime.now(UTC))
        self.playground.slack.everybody_is_in(zone)
        self.roots["lease"] = self._does(
            lambda: self.trainer.slash("/tune", f"serve {self.newer} hours=daily/{written} weeks=1", CHANNEL),
            lambda: self._find("plan.start schedule", words=(self.newer,), after=before),
        )
        self._starts_hours()
        self._comes_into_service(self.newer, after=self.roots["lease"]["ts"], otherwise=self._starts_hours)
        self._is_told(self.newer)

    def _starts_hours(self) -> None:
        """Press Start; once more where a store that failed over has forgotten that, and shows the plan again."""
        self._does(
            lambda: self.trainer.clicks(self.roots["lease"], "plan.start"),
            lambda: self._find("schedule.stop", words=(self.newer,)),
        )

    def off(self) -> None:
        """Stop them, and end the lease that is left."""
        self._stops_hours()
        self._releases(self.newer)

    def _stops_hours(self) -> None:
        thread = self.roots["lease"]["ts"]
        if not self._run():  # a store that failed over has forgotten that they were started
            self._starts_hours()
        self._does(
            lambda: self.trainer.clicks(self.roots["lease"], "schedule.stop"),
            lambda: self._find(None, words=("stopped the office hours",), thread=thread),
        )

    def _run(self) -> Json | None:
        """Return the card of office hours that can be stopped."""
        return self._find("schedule.stop", words=(self.newer,))

    def rest(self) -> None:
        """Wait until nothing is left; office hours whose stop a store forgot that failed over are stopped once more."""
        if self.playground.failovers:
            with contextlib.suppress(TimeoutError):
                self.playground.until(lambda: self.playground.finished() or self._run(), LOOKED)
            if not self.playground.finished() and (card := self._run()):
                self._does(
                    lambda: self.trainer.clicks(card, "schedule.stop"), lambda: None if self._run() else card
                )
        super().rest()

    # What others made

    def stray(self) -> None:
        """Find what somebody else made, and have one of the two deleted."""
        for name in (FOUND, LEFT):
            self._somebody_makes(name)
        self._does(
            lambda: self._presses_elsewhere(LEFT, "stray.delete"),
            lambda: self._told_directly(LEFT, "is deleted") or self._is_listed_no_more(),
        )
        self._are_there({FOUND})

    def _is_listed_no_more(self) -> Json | None:
        """Return the list without it: of what was deleted while a fail-over forgot that nothing is left to tell of."""
        lists = [each for each in self.approver.sees(CHANNEL) if each["ephemeral"]]
        last = lists[-1] if lists and FOUND in text_of(lists[-1]) else None
        return last if last and self.playground.failovers and LEFT not in text_of(last) else None

    def adopt(self) -> None:
        """Have the other one become a lease of an hour."""
        before = self._last()
        self._plans_adoption()
        self._does(
            lambda: self.approver.clicks(self.roots["lease"], "plan.start"),
            lambda: self._find("lease.release", words=(self.model, "in service"), after=before),
            {"I do not know this plan any more": self._plans_adoption},
        )
        self._is_told(self.model)

    def _plans_adoption(self) -> None:
        before = self._last()
        self.roots["lease"] = self._does(
            self._adopts, lambda: self._find("plan.start lease", words=("1 h",), after=before)
        )

    def _last(self) -> str:
        return max(str(each["ts"]) for each in self.trainer.sees(CHANNEL))

    def _hears(self, words: str) -> Json | None:
        """Return the last answer that only one of the two was given, if it has these words."""
        told = [each for each in self.approver.sees(CHANNEL) if each["ephemeral"]]
        told += [each for each in self.approver.thread(self.roots["lease"]) if each["ephemeral"]]
        last = max(told, key=lambda each: float(each["ts"]), default=None)
        return last if last and words in text_of(last) else super()._hears(words)

    def end(self) -> None:
        """End what was adopted: whoever has it does."""
        self._does(lambda: self.approver.slash("/tune", f"release {self.model}", CHANNEL), self._ended)
        self._are_there(set())

    def _somebody_makes(self, name: str) -> None:
        """Have throughput of the older model be there that no bot has made."""
        world = self.playground.bedrock.world
        with world.lock:
            made = next(each for each in world.models if each.name == self.model)
            now, region = world.now(), made.arn.split(":")[3]
            world.throughputs.put(
                Throughput(
                    arn=world.arn(region, "provisioned-model"),
                    name=name,
                    region=region,
                    created=now,
                    units=1,
                    model_arn=made.arn,
                    base_id=made.base_id,
                    ready_at=now,
                    modified=now,
                )
            )

    def _presses_elsewhere(self, name: str, action: str) -> None:
        self._was_looked_at_earlier()
        self.approver.slash("/tune", "models elsewhere", CHANNEL)
        message, block = self.approver.wait_for(lambda: self._listed(name, action), 1)
        self.approver.clicks(message, action, block_id=block)

    def _was_looked_at_earlier(self) -> None:
        """Have the last look be so old that it is repeated, which takes half a minute that nobody can hurry."""
        keys, raw = Keys(PREFIX), self.playground.raw
        for region in self.playground.bedrock.buckets:
            key = f"{keys.root}:resource:stray:{region}"
            with contextlib.suppress(RedisError):
                status = json.loads(raw.hget(key, "status") or "{}")
                if at := status.get("stray", {}).get("at"):
                    earlier = datetime.fromisoformat(at) - timedelta(minutes=1)
                    status["stray"]["at"] = earlier.isoformat()
                    raw.hset(key, "status", json.dumps(status))

    def _listed(self, name: str, action: str) -> tuple[Json, str] | None:
        """Return the last list that has that button for what is called so, and the block that it is in."""
        told = [each for each in self.approver.sees(CHANNEL) if each["ephemeral"]]
        for message in reversed(told):
            for line, row in pairwise(message["blocks"]):
                ids = [each.get("action_id") for each in row.get("elements", [])]
                if name in str(line.get("text")) and action in ids:
                    return message, str(row["block_id"])
        return None

    def _adopts(self) -> None:
        for left in filter(None, [self.approver.view()]):
            self.approver.closes(left)
        self._presses_elsewhere(FOUND, "stray.adopt")
        form = self.approver.wait_for(self.approver.view, 3)
        answer = self.approver.submits(form, {"length": "1h"})
        if answer["errors"]:
            raise SeenByPerson(str(answer["errors"]))

    def _told_directly(self, *words: str) -> Json | None:
        told = self.approver.sees(self.approver.dm)
        found = [each for each in told if all(word in text_of(each) for word in words)]
        if len(found) > 1:
            self.wrong.append(f"told {len(found)} times: {text_of(found[0])}")
        return found[0] if found else None

    def _are_there(self, wanted: set[str]) -> None:
        """Note what is there at AWS and nobody wanted, or is gone and nobody ended."""
        there = {str(each["name"]) for each in self.playground.bedrock.state()["throughputs"]}
        if there != wanted:
            self.wrong.append(f"there is {sorted(there)}, and not {sorted(wanted)}")


__all__ = ["FOUND", "LEFT", "Serving"]
