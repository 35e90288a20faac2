"""What people do while processes die: they ask, drop files, press Start twice, and mostly talk among themselves."""

import contextlib
import json
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from slack_sdk import WebClient

from benchmarks._ask_house import MODEL, TRAINERS, _Work
from benchmarks._scale_fleet import Fleet
from benchmarks._scale_records import Place, Wanted
from bot.playground.slack import SeenByPerson
from bot.playground.slack.delivery.outcome import Parcel, Ticket
from bot.playground.slack.state import Channel
from tests.chaos.harness import crowd
from tests.chaos.harness.journey import CLAIMS
from tests.chaos.harness.playground import Playground
from tests.chaos.harness.watching import CHANNEL

ROOMS = 5
TWICE = 0.25
"""Of all events this share is brought again, as Slack does when it does not see that one was acknowledged."""
AFTER = (0.0, 8.0)
"""Seconds after which."""
AGAIN = 20.0
"""Seconds after which somebody who sees nothing come of a press presses again."""
KNOWN_BY = 50
"""Characters of a question by which it is told from others; the bot names it by a few more."""
TALK = (
    "Good morning.",
    "Has anyone seen the letter from Friday?",
    "I'll take the next three.",
    "Lunch?",
    "Thanks!",
)


@dataclass(frozen=True)
class Amounts:
    """How much people do: ``events`` are deliveries, those that come twice among them."""

    events: int
    questions: int
    files: int
    ends: int
    seconds: float


@dataclass
class People:
    """Those who are in the workspace, what they have done so far, and what has to come of it."""

    fleet: Fleet
    amounts: Amounts
    chance: random.Random
    wanted: Wanted = field(default_factory=Wanted)
    again: int = 0
    """How many events were brought again for no reason but to have them twice."""

    def __post_init__(self) -> None:
        lines = CLAIMS.read_text(encoding="utf-8").splitlines()
        self._rows = [json.loads(each)["messages"] for each in lines]
        self._lines = lines
        self._rooms = [self._room(n) for n in range(ROOMS)]

    def _room(self, n: int) -> str:
        slack = self.fleet.slack
        workspace = slack._ws  # noqa: SLF001 -- nobody opens rooms by the dozen
        members = [each.id for each in self.fleet.people] + [slack.bot_user_id]
        with workspace.store.lock:
            workspace.store.channels.put(Channel(id=f"C0CROWD{n:03d}", name=f"crowd-{n}", members=members))
        return f"C0CROWD{n:03d}"

    def work(self) -> None:
        """Do everything, spread over the time, and return when it is done."""
        beside = [threading.Thread(target=self._bring_again), threading.Thread(target=self._press_all)]
        self._ended = threading.Event()
        for each in beside:
            each.start()
        began, acts = time.monotonic(), self._acts()
        for n, act in enumerate(acts):
            wait = began + n * self.amounts.seconds / len(acts) - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            act()
        self._ended.set()
        for each in beside:
            each.join()

    def _acts(self) -> list[Callable[[], None]]:
        some = self.amounts
        asked = [self._mentions if n % 5 == 0 else self._asks_directly for n in range(some.questions)]
        first = round(some.events / (1 + TWICE))
        # A mention is a message besides, and a file is two events as well.
        talk = first - len(asked) - sum(each == self._mentions for each in asked) - 2 * some.files
        acts = [*asked, *[self._drops] * some.files, *[self._talks] * talk]
        members = self.chance.sample(self.fleet.followed, some.ends)
        acts += [lambda member=member: self._ends(member) for member in members]  # type: ignore[misc]
        self.chance.shuffle(acts)
        return acts

    # What they do

    def _asks_directly(self) -> None:
        person, (question, answer) = (
            self.chance.choice(self.fleet.people),
            self.chance.choice(self._rows)[-2:],
        )
        said = person.says(person.dm, f"{MODEL} {question['content']}")
        self.wanted.asked[person.dm, said["ts"]] = question["content"][:KNOWN_BY]
        self.wanted.answers[person.dm, said["ts"]] = answer["content"]

    def _mentions(self) -> None:
        room, person = self.fleet.slack.channel_id(CHANNEL), self.chance.choice(self.fleet.people)
        question, answer = self.chance.choice(self._rows)[-2:]
        said = person.says(room, f"@tunesmith {MODEL} {question['content']}")
        self.wanted.asked[room, said["ts"]] = question["content"][:KNOWN_BY]
        self.wanted.answers[room, said["ts"]] = answer["content"]

    def _drops(self) -> None:
        person = self.chance.choice(self.fleet.people[:TRAINERS])
        name = f"rows-{len(self.wanted.verdicts):03d}"
        content = "\n".join(self.chance.sample(self._lines, 40)).encode()
        person.uploads(person.dm, f"{name}.jsonl", content)
        self.wanted.verdicts[person.dm, person.sees(person.dm)[-1]["ts"]] = name

    def _talks(self) -> None:
        person, room = self.chance.choice(self.fleet.people), self.chance.choice(self._rooms)
        self.wanted.silent.add((room, person.says(room, self.chance.choice(TALK))["ts"]))

    def _ends(self, member: crowd.Member) -> None:
        self.wanted.ends.add(member.name.replace("job", "model"))
        crowd.finish(cast("Playground", self.fleet), [member])

    def _press_all(self) -> None:
        pressing = [threading.Thread(target=self._press, args=(each,)) for each in self.fleet.planned]
        for each in pressing:
            time.sleep(self.amounts.seconds / 2 / len(pressing))
            each.start()
        for each in pressing:
            each.join()

    def _press(self, work: _Work) -> None:
        """Press Start until a job is seen, always two at once: two people, or one who is in a hurry."""
        name = f"{work.model}-job"
        self.wanted.jobs.add(work.model)
        began = time.monotonic()
        while not self._is_made(name) and time.monotonic() - began < self.amounts.seconds + 120:
            both = [threading.Thread(target=self._try, args=(work,)) for _ in range(2)]
            for each in both:
                each.start()
            for each in both:
                each.join()
            looked = time.monotonic()
            while not self._is_made(name) and time.monotonic() - looked < AGAIN:
                time.sleep(0.5)

    @staticmethod
    def _try(work: _Work) -> None:
        with contextlib.suppress(SeenByPerson, TimeoutError):  # nobody answered, or it was pressed
            work.trainer.clicks(work.roots["plan"], "plan.start")

    def _is_made(self, name: str) -> bool:
        with self.fleet.bedrock.world.lock:
            return any(each.name == name for each in self.fleet.bedrock.world.jobs)

    # What Slack does

    def _bring_again(self) -> None:
        """Bring a share of all events once more, each a while after it came first."""
        waiting: list[tuple[float, Any]] = []
        events = self._events()
        while not self._ended.wait(0.1) or waiting:
            for payload in events:
                if payload is None:
                    break
                if self.chance.random() < TWICE:
                    waiting.append((time.monotonic() + self.chance.uniform(*AFTER), payload))
            due = [each for each in waiting if each[0] <= time.monotonic()]
            waiting = [each for each in waiting if each not in due]
            for _, payload in due:
                self.again += 1
                transport = self.fleet.slack._transport  # noqa: SLF001 -- Slack itself does it when it must
                transport.begin(Parcel("events_api", payload, 1, "timeout"), Ticket(uuid.uuid4().hex))

    def _events(self) -> Iterator[Any]:
        """Yield the payload of each event when it goes out first; None when there is none now."""
        seen = self.fleet.slack.log.entries()[-1].seq
        while True:
            new = [each for each in self.fleet.slack.log.entries() if each.seq > seen]
            for each in new:
                seen = each.seq
                if each.kind == "delivery" and each.data["type"] == "events_api" and not each.data["attempt"]:
                    yield each.data["payload"]
            yield None

    # What is planted

    def plant(self) -> None:
        """Have an event never reach the bot, and one of its answers stand there twice."""
        workspace = self.fleet.slack._ws  # noqa: SLF001 -- as the network would
        with workspace.store.lock:
            emit, workspace.emit = workspace.emit, lambda _: None
            try:
                self._asks_directly()
            finally:
                workspace.emit = emit
        place: Place = next(iter(self.wanted.answers))
        client = WebClient(self.fleet.slack.bot_token, base_url=self.fleet.slack.api_url)
        client.chat_postMessage(channel=place[0], thread_ts=place[1], text="And once more.")
