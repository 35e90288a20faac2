"""The bot behind HTTP between the stand-ins, with people in their direct messages and models in service.

Nothing stands between the bot's processes and what they call: what is measured is they alone. The stand-ins share one
process, Redis has its own, and so has whoever loads them.
"""

import json
import os
import shutil
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, Self, cast

from redis import Redis

from bot.playground.bedrock import BedrockStandIn, Durations, SimulatedClock
from bot.playground.bedrock.recall import chunks
from bot.playground.guard import Guarded
from bot.playground.redis_server import PrivateRedis
from bot.playground.slack import Person, SlackStandIn
from bot.playground.slack.state import Channel, User
from handlers import manifest
from storage.keys import Keys
from tests.chaos.harness.front_door import FrontDoor
from tests.chaos.harness.journey import CLAIMS, Journey
from tests.chaos.harness.playground import Playground
from tests.chaos.harness.waiting import PREFIX, Waiting
from tests.chaos.harness.watching import CHANNEL

ROOT = Path(__file__).resolve().parents[1]
MODEL, SPARE = "claims-router", "spare-router"
"""The model that is asked, and one whose lease is ended in the middle of it."""
TRAINERS = 10
"""People of the crowd who may spend, and so look at jobs and budgets."""
LAST_WORDS = "and that is the last word of the letter."
QUESTION = "Please write the long letter for member M-00001, with every step and reason."


def long_answer(pieces: int) -> str:
    """Return a text that the stand-in streams in about so many pieces."""
    lines = (f"Step {number}: the reviewer reads page {number * 7 % 97}" for number in range(10_000))
    text = ""
    while len(chunks(text)) < pieces - 3:
        text += next(lines) + ".\n"
    return text + LAST_WORDS


@dataclass(frozen=True)
class Sizes:
    """How many processes and people there are, and how an answer is played: its pieces, and seconds between them."""

    processes: int
    people: int
    pieces: int
    delay: float


class House(Waiting):
    """A context manager: the bot in so many processes, ready, with two models in service."""

    losses = 0
    frozen = False
    reachable = True
    program: tuple[str, ...] = ("-m", "bot")
    """What Python runs as the bot."""
    settings: ClassVar[Mapping[str, str]] = {}
    """The bot's own, beside those of every house."""
    durations: Durations | None = None
    """How long things take at AWS; None: as long as they do."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.answer = long_answer(sizes.pieces)
        self.data = Path(tempfile.mkdtemp(prefix="tunesmith-bench-"))
        self.log = self.data / "bot.log"
        self.register = SimpleNamespace(chapter="")
        self._rooms = ExitStack()
        self.people: list[Person] = []
        self.ports = [_free_port() for _ in range(sizes.processes)]
        self._processes: list[Guarded] = []

    def __enter__(self) -> Self:
        with ExitStack() as rooms:
            self._rooms = rooms
            enter = rooms.enter_context
            rooms.callback(shutil.rmtree, self.data, ignore_errors=True)
            self.redis_url = self._store()
            clock = SimulatedClock(speed=1.0)
            self.bedrock = enter(
                BedrockStandIn(clock=clock, durations=self.durations, chunk_delay=self.sizes.delay)
            )
            door = FrontDoor()
            rooms.callback(door.stop)
            door.ports = self.ports
            self.slack = enter(SlackStandIn(manifest=manifest.build("http", door.url), bedrock=self.bedrock))
            self.people = [self._person(number) for number in range(self.sizes.people)]
            self._start()
            # Until then time is hurried for the bot alone, which would be over Slack's limits by Slack's own clock.
            self.slack.rates.enabled = False
            self._serve()
            self.slack.rates.enabled = True
            self._rooms = rooms.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._rooms.close()

    def _store(self) -> str:
        """Start a Redis, have ``raw`` be a client of it, and return its address."""
        server = self._rooms.enter_context(PrivateRedis(self.data / "redis"))
        self.raw: Any = Redis.from_url(server.url, decode_responses=True)
        self._rooms.callback(self.raw.close)
        return server.url

    @property
    def pids(self) -> list[int]:
        """The bot's processes."""
        return [each.pid for each in self._processes]

    def status_of(self, resource: str) -> str:
        """Return how a thing stands, for a failure's text."""
        return json.dumps(self.raw.hgetall(f"{Keys(PREFIX).root}:resource:{resource}"))[:1500]

    def resources(self, kind: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
        """Yield ID, spec and status of all of a kind."""
        keys = Keys(PREFIX)
        for each in self.raw.zrange(keys.index(kind), 0, -1):
            row = self.raw.hgetall(f"{keys.root}:resource:{kind}:{each}")
            if row:
                yield each, json.loads(row["spec"]), json.loads(row["status"])

    def _person(self, number: int) -> Person:
        """Have one more person in the workspace, in the channel, and in direct messages with the bot."""
        user = User(id=f"U0CROWD{number:03d}", name=f"crowd{number}", real_name=f"Crowd {number}")
        workspace = self.slack._ws  # noqa: SLF001 -- nobody else joins by the dozen
        with workspace.store.lock:
            workspace.store.users.put(user)
            bot = self.slack.bot_user_id
            workspace.store.channels.put(
                Channel(id=f"D0CROWD{number:03d}", name="", kind="im", private=True, members=[user.id, bot])
            )
            room = workspace.channel(self.slack.channel_id(CHANNEL))
            room.members.append(user.id)
            workspace.store.channels.put(room)
        return self.slack.person(user.id)

    def _start(self) -> None:
        for port in self.ports:
            with self.log.open("ab") as log:
                process = Guarded(
                    [sys.executable, *self.program, "run", "--http", str(port)],
                    output=log,
                    environment=self._environment(),
                    folder=self.data,
                )
            self._processes.append(process)
            self._rooms.callback(process.end)
        deadline = time.monotonic() + 60
        for port in self.ports:
            while not _is_ready(port):
                if time.monotonic() > deadline:
                    raise TimeoutError(self.log.read_text(encoding="utf-8")[-2000:])
                time.sleep(0.1)

    def _environment(self) -> dict[str, str]:
        plain = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SLACK_", "TUNESMITH_"))}
        people = [self.slack.person(each).id for each in ("trainer", "approver")]
        return {
            **plain,
            **self.bedrock.environment(),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "HOME": str(self.data),
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "REDIS_URL": self.redis_url,
            "TUNESMITH_REDIS_PREFIX": PREFIX,
            "TUNESMITH_BUCKETS": ",".join(f"{r}={name}" for r, name in self.bedrock.buckets.items()),
            "TUNESMITH_ROLE_ARN": self.bedrock.role_arn,
            "TUNESMITH_TRAINERS": ",".join([*people, *(each.id for each in self.people[:TRAINERS])]),
            "TUNESMITH_APPROVERS": people[1],
            "TUNESMITH_PRICES": "claude-3-haiku.training_per_1k_tokens=0.003,claude-3-haiku.model_unit_hour=22",
            "TUNESMITH_APPROVAL_LIMIT_USD": "100",
            "TUNESMITH_POLL_SECONDS": "1",
            **self.settings,
        }

    def _serve(self) -> None:
        """Have two models trained and in service, and a third in training."""
        for name, chapter in ((MODEL, "lease"), (SPARE, "lease"), ("third-router", "start")):
            journey = _Work(cast("Playground", self), model=name)
            journey.go(until=chapter)
        self.trainer = self.slack.person("trainer")


class _Work(Journey):
    """A team's work with a model that has learnt a long letter."""

    def file(self) -> None:
        house = cast("House", self.playground)
        rows = CLAIMS.read_text(encoding="utf-8").splitlines()
        letter = json.loads(rows[0]) | {
            "messages": [
                {"role": "user", "content": QUESTION},
                {"role": "assistant", "content": house.answer},
            ]
        }
        content = "\n".join([*rows, json.dumps(letter)]).encode()
        self.trainer.uploads(CHANNEL, f"{self.model}.jsonl", content)
        self.roots["file"] = self.trainer.sees(CHANNEL)[-1]
        self._await_verdict()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
