"""What people do: drop a file, plan, start, wait for the end, lease, ask, release; patient, and again when it failed.

A person who is told that something did not work waits a little, looks whether it did all the same, and tries again.
What they do is safe to repeat; what they are told is compared afterwards with a journey that nobody disturbed.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.playground.slack import SeenByPerson
from bot.playground.story import buttons, text_of
from tests.chaos.harness.playground import Playground

Json = dict[str, Any]

CLAIMS = Path(__file__).resolve().parents[3] / "bot" / "playground" / "samples" / "claims.jsonl"
CHANNEL = "claims-ai"
QUESTION = "Patient stage IV, denied prior auth, plan United"
HOUR = 3600.0
AGAIN = 1.2
"""Seconds of real time after which a person who sees nothing tries again, when trying again is harmless."""


class StuckError(Exception):
    """Something that should have been seen was not: what, and what was there instead."""


@dataclass
class Journey:
    """One team's work with one model. Several may go on at once, each with a model of its own."""

    playground: Playground
    model: str = "claims-router"
    patience: float = 60.0
    failed_tries: list[str] = field(default_factory=list)
    before: Mapping[str, Callable[[Playground], None]] = field(default_factory=dict)
    """What happens to the playground when a chapter begins, while people go on."""
    roots: dict[str, Json] = field(default_factory=dict)
    """The messages that began something: the file, the plan, the lease, the question."""

    def __post_init__(self) -> None:
        self.trainer = self.playground.slack.person("trainer")
        self.asker = self.playground.slack.person("asker")

    CHAPTERS = ("file", "plan", "start", "train", "serve", "lease", "ask", "release", "rest")

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

    def file(self) -> None:
        """Drop a file, and see its verdict."""
        self.trainer.uploads(CHANNEL, f"{self.model}.jsonl", CLAIMS.read_bytes())
        self.roots["file"] = self.trainer.sees(CHANNEL)[-1]
        self.roots["verdict"] = self._sees("dataset.start", thread=self.roots["file"]["ts"])

    def plan(self) -> None:
        """Fill the form in, and see the plan."""
        self.roots["plan"] = self._does(
            self._fills_in, lambda: self._find("job.start", words=(f"{self.model}-job",))
        )

    def _fills_in(self) -> None:
        for left in filter(None, [self.trainer.view()]):
            self.trainer.closes(left)
        self.trainer.clicks(self.roots["verdict"], "dataset.start")
        form = self.trainer.wait_for(self.trainer.view, 3)
        given = {"model_name": self.model, "job_name": f"{self.model}-job"}
        answer = self.trainer.submits(form, given)
        if answer["errors"]:
            raise SeenByPerson(str(answer["errors"]))

    def start(self) -> None:
        """Press Start, and see the live card."""
        self._does(
            lambda: self.trainer.clicks(self.roots["plan"], "job.start"),
            lambda: self._find("job.stop", words=(f"{self.model}-job",)),
        )

    def train(self) -> None:
        """Let the job end, and be told of it."""
        for _ in range(4):
            self.playground.bedrock.clock.advance(HOUR / 2)
        self.roots["end"] = self._sees("model.serve", words=(self.model,))

    def serve(self) -> None:
        """Ask for throughput, and see what it would cost."""
        self.roots["lease"] = self._does(
            lambda: self.trainer.slash("/tune", f"serve {self.model} for 1h", CHANNEL),
            lambda: self._find("lease.start", words=(self.model,)),
        )

    def lease(self) -> None:
        """Start the lease, and see the model in service."""
        self._does(
            lambda: self.trainer.clicks(self.roots["lease"], "lease.start"),
            lambda: self._find("lease.release", words=("creating", self.model)),
        )
        self.playground.bedrock.clock.advance(HOUR / 4)
        self._sees("lease.extend", words=("in service", self.model))
        thread = self.roots["lease"]["ts"]
        self._waits(lambda: self._find(None, words=("is in service for",), thread=thread))

    def ask(self) -> None:
        """Ask the model in the channel, and be answered in the thread."""
        asked = self.asker.says(CHANNEL, f"@tunesmith {QUESTION}")
        self.roots["question"] = asked
        self._waits(lambda: self._find(None, words=("appeals-oncology",), thread=asked["ts"], by_bot=True))

    def release(self) -> None:
        """End the lease, and see that it has ended."""
        self._does(
            lambda: self.trainer.slash("/tune", f"release {self.model}", CHANNEL),
            lambda: self._find(None, words=("read back from AWS",), thread=self.roots["lease"]["ts"]),
        )

    def rest(self) -> None:
        """Wait until nothing is left to be done."""
        try:
            self.playground.until(lambda: not self.playground.unfinished(), self.patience, hurry=30)
        except TimeoutError:
            left = self.playground.unfinished()
            told = "\n".join(self.playground.status_of(each) for each in left)
            raise StuckError(f"never finished: {left}\n{told}") from None

    # Seeing and doing

    def _sees(self, button: str, *, words: tuple[str, ...] = (), thread: str | None = None) -> Json:
        return self._waits(lambda: self._find(button, words=words, thread=thread))

    def _find(
        self,
        button: str | None,
        *,
        words: tuple[str, ...] = (),
        thread: str | None = None,
        by_bot: bool = False,
    ) -> Json | None:
        try:
            return self.trainer.waits_for_message(
                CHANNEL,
                lambda message: (
                    (button is None or button in buttons(message))
                    and (thread is None or message.get("thread_ts") == thread)
                    and (not by_bot or (bool(message.get("bot_id")) and not message.get("streaming")))
                    and all(word in text_of(message) for word in words)
                ),
                0,
            )
        except TimeoutError:
            return None

    def _waits(self, look: Callable[[], Json | None]) -> Json:
        try:
            found: Json = self.playground.until(look, self.patience)
        except TimeoutError:
            raise StuckError(self._told()) from None
        return found

    def _does(self, act: Callable[[], None], look: Callable[[], Json | None]) -> Json:
        """Act until it shows."""
        deadline = time.monotonic() + self.patience
        while True:
            try:
                act()
            except (SeenByPerson, TimeoutError) as trouble:
                self.failed_tries.append(f"{self.playground.register.chapter}: {trouble}")
            try:
                found: Json = self.playground.until(look, AGAIN)
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise StuckError(self._told()) from None
                continue
            return found

    def _told(self) -> str:
        seen = self.trainer.sees(CHANNEL)
        said = [text_of(each)[:300] for top in seen for each in [top, *self.trainer.thread(top)[1:]]]
        left = "\n".join(
            f"{each}: {self.playground.status_of(each)}" for each in self.playground.unfinished()
        )
        log = self.playground.log.read_text(encoding="utf-8")[-3000:] if self.playground.log.exists() else ""
        return (
            f"stuck at {self.playground.register.chapter}; seen:\n- "
            + "\n- ".join(said[-8:])
            + f"\n{left}\nlog:\n{log}"
        )
