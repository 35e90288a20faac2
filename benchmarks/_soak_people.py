"""What people do while the bot is soaked: look, talk, press, ask, drop files, run jobs, lease models, all at once."""

import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, cast

from benchmarks._ask_house import MODEL, QUESTION, TRAINERS, House, Sizes, _Work
from bot.playground.bedrock import Durations
from bot.playground.narration import buttons, text_of
from bot.playground.slack import Person, SeenByPerson
from handlers.ui.cards.questions import VOTE
from handlers.ui.folding import DETAILS
from handlers.ui.menu import JOBS, MODELS, OPEN
from tests.chaos.harness.journey import CLAIMS, StuckError
from tests.chaos.harness.playground import Playground
from tests.chaos.harness.watching import CHANNEL

KEPT = 120.0
"""Seconds after which Slack's stand-in forgets what was said, so that it is not what grows."""
HANDS = 24
"""How many people do something at the same moment, at most: one that waits for an acknowledgement is one of them."""
LOOKS = (
    "status",
    "help",
    "jobs",
    "models",
    "help serve",
    "cost",
    "datasets",
    "budget",
    "nonsense",
    "advise",
    "",
)
FILES = 25
"""How many different sound files are dropped: what is kept for good would grow with each."""
SAFE = (DETAILS, OPEN, JOBS, MODELS, f"{VOTE}.good", f"{VOTE}.bad", VOTE)
"""What is pressed: each is answered and spends nothing."""


_NUMBERS = itertools.count(1)


class SoakHouse(House):
    """A house in which time passes as it does, and AWS is quick: training takes seconds."""

    settings: ClassVar = {
        "TUNESMITH_APPROVAL_LIMIT_USD": "100000",
        "MALLOC_ARENA_MAX": "2",  # as the launcher and the image have it
    }
    durations = Durations(factor=0.004)
    is_soaking = False

    def __init__(self, processes: int = 1, *, serves: bool = True) -> None:
        """``serves``: whether models are in service, which takes half a minute to bring about."""
        super().__init__(Sizes(processes, people=24, pieces=12, delay=0.05))
        self._serves = serves

    def _serve(self) -> None:
        if self._serves:
            super()._serve()
        self.is_soaking = True

    def passes(self, seconds: float) -> None:
        """Hurry nothing once it is about what time does."""
        if not self.is_soaking:
            super().passes(seconds)

    def until(self, holds: Callable[[], Any], patience: float, *, hurry: float = 10.0) -> Any:
        """Look twice a second, and not after each change: much changes here that nobody waits for."""
        if not self.is_soaking:
            return super().until(holds, patience, hurry=hurry)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if found := holds():
                return found
            time.sleep(0.5)
        raise TimeoutError


class Round(_Work):
    """A file, a job, a lease, a question and its end, in AWS's own time."""

    def file(self) -> None:
        """Drop a file; what was said last in the channel is somebody else's by then."""
        dropped = self.trainer.uploads(CHANNEL, f"{self.model}.jsonl", self.content())
        said = reversed(self.trainer.sees(CHANNEL))
        self.roots["file"] = next(
            each for each in said if dropped["id"] in {file["id"] for file in each.get("files") or []}
        )
        self._await_verdict()

    def train(self) -> None:
        """Wait for the end."""
        self.roots["end"] = self._sees("model.serve", words=(self.model,))

    def lease(self) -> None:
        """Start the lease, and see the model in service."""
        self._does(
            lambda: self.trainer.clicks(self.roots["lease"], "plan.start"),
            lambda: self._find("lease.release", words=(self.model,)),
        )
        self._sees("lease.extend", words=("in service", self.model))


class People:
    """Have all of it done at an even rate, until they are told to stop."""

    def __init__(self, house: SoakHouse, rate: float, *, rounds: bool = True) -> None:
        self._house, self._rate, self._rounds = house, rate, rounds
        self._stop = threading.Event()
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="people")
        self._threads: list[threading.Thread] = []
        self._chance = random.Random(7)
        self._free = threading.Semaphore(HANDS)
        self._before = {each.ts for each in house.slack._ws.store.messages.values()}  # noqa: SLF001
        self.done: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        """What came of what failed, in words."""
        self.late = 0.0
        """The most seconds by which anything was begun after it was due."""
        crowd = house.people
        self._mix: Sequence[tuple[str, Callable[[Person], object], int]] = (
            ("look", self._look, 124),
            ("talk", self._talk, 40),
            ("press", self._press, 14),
            ("home", lambda person: person.opens_home(), 10),
            ("ask", lambda person: person.says(person.dm, f"{MODEL} {QUESTION}"), 2),
            ("again", self._reply, 2),
            ("drop", self._drop, 2),
            ("bad drop", self._drop_badly, 2),
            ("form", self._form, 2),
            (
                "mute",
                lambda person: person.slash("/tune", self._chance.choice(["mute", "quiet off"]), person.dm),
                2,
            ),
        )
        self._turns = itertools.cycle(self._shuffled())
        self._whose = itertools.cycle(crowd)

    def _shuffled(self) -> list[tuple[str, Callable[[Person], object]]]:
        turns = [(name, act) for name, act, times in self._mix for _ in range(times)]
        self._chance.shuffle(turns)
        return turns

    def begin(self) -> "People":
        """Begin, in threads."""
        beside = [self._soak, self._forget, *([self._work] if self._rounds else [])]
        self._threads = [threading.Thread(target=each, daemon=True) for each in beside]
        for each in self._threads:
            each.start()
        return self

    def begin_and_end(self, seconds: float) -> None:
        """Do it for so long."""
        self.begin()
        time.sleep(seconds)
        self.end()

    def end(self) -> None:
        """Begin nothing more, and wait for what is in hand."""
        self._stop.set()
        for each in self._threads:
            each.join(120)
        self._hands.shutdown()
        self._prune(0.0)

    def _soak(self) -> None:
        began = time.monotonic()
        for number in itertools.count():
            due = began + number / self._rate
            if self._stop.wait(max(0.0, due - time.monotonic())):
                return
            self.late = max(self.late, time.monotonic() - due)
            self._free.acquire()
            name, act = next(self._turns)
            self._hands.submit(self._one, name, act, next(self._whose))

    def _one(self, name: str, act: Callable[[Person], object], person: Person) -> None:
        try:
            act(person)
            self.done[name] += 1
        except (SeenByPerson, TimeoutError, LookupError) as trouble:
            self.failed[name] += 1
            self.told[f"{name}: {trouble}"[:120]] += 1
        finally:
            self._free.release()

    # One thing each

    def _look(self, person: Person) -> None:
        person.slash("/tune", self._chance.choice(LOOKS), person.dm)

    def _talk(self, person: Person) -> None:
        """Say something in a channel that is not meant for the bot; now and then in a thread."""
        said = person.says(CHANNEL, f"I am at claim {self._chance.randrange(10_000)}")
        if self._chance.random() < 0.3:
            person.says(CHANNEL, "me too", said["ts"])

    def _press(self, person: Person) -> None:
        for message in reversed(person.sees(person.dm)[-6:]):
            can = [each for each in SAFE if each in buttons(message)]
            if can:
                person.clicks(message, self._chance.choice(can))
                return

    def _reply(self, person: Person) -> None:
        """Ask once more, in the thread of a question."""
        mine = [
            each for each in person.sees(person.dm) if QUESTION in text_of(each) and each.get("reply_count")
        ]
        if mine:
            person.says(person.dm, "And why?", mine[-1]["ts"])

    def _drop(self, person: Person) -> None:
        rows = CLAIMS.read_text(encoding="utf-8").splitlines()
        mark = f"M-{self._chance.randrange(FILES)}"
        last = json.loads(rows[-1])
        last["messages"][0]["content"] += f" {mark}"
        content = "\n".join([*rows[:-1], json.dumps(last)]).encode()
        person.uploads(person.dm, f"claims-{mark}.jsonl", content)

    def _drop_badly(self, person: Person) -> None:
        person.uploads(
            person.dm, f"notes-{self._chance.randrange(10**9)}.jsonl", b'{"messages": [{"role": "us'
        )

    def _form(self, person: Person) -> None:
        if person not in self._house.people[:TRAINERS]:
            person = self._house.people[self._chance.randrange(TRAINERS)]
        person.slash("/tune", "start", person.dm)
        form = person.wait_for(person.view, 10)
        person.closes(form)

    # Beside

    def _work(self) -> None:
        """Run jobs and leases, one after the other."""
        while not self._stop.is_set():
            work = Round(cast("Playground", self._house), model=f"soak-{next(_NUMBERS)}", patience=180)
            try:
                for chapter in (
                    work.file,
                    work.plan,
                    work.start,
                    work.train,
                    work.serve,
                    work.lease,
                    work.ask,
                ):
                    chapter()
                work.release()
                self.done["job and lease"] += 1
            except StuckError as trouble:
                self.failed["job and lease"] += 1
                self.told[f"round: {work.failed_tries[-3:]} {trouble}"[:1500]] += 1

    def _forget(self) -> None:
        while not self._stop.wait(5.0):
            self._prune(KEPT)

    def _prune(self, older: float) -> None:
        workspace = self._house.slack._ws  # noqa: SLF001 -- nobody else has a workspace forget
        with workspace.store.lock:
            messages, ends = workspace.store.messages, workspace.now() - older
            for row in messages.values():
                if row.ts not in self._before and float(row.ts) < ends and not workspace.is_streaming(row):
                    messages.delete(f"{row.channel}:{row.ts}")
