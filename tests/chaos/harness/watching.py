"""How people see, wait and try again: patient, and again when it failed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from redis import RedisError

from bot.playground.narration import buttons, text_of
from bot.playground.slack import SeenByPerson
from tests.chaos.harness.playground import Playground

Json = dict[str, Any]
CHANNEL = "claims-ai"
AGAIN = 1.2
"""Seconds of real time after which a person who sees nothing tries again, when trying again is harmless."""
SILENCE = 1.5
"""Seconds of real time without anybody being at it, after which people do something else."""
LEFT_ALONE = "I was interrupted"
"""What the bot says of a file at which so many processes died that it leaves it."""


class StuckError(Exception):
    """Something that should have been seen was not: what, and what was there instead."""


@dataclass
class Watching:
    """A person at the channel. ``patience`` is in seconds of real time."""

    playground: Playground
    patience: float = 60.0
    failed_tries: list[str] = field(default_factory=list)
    """What people were told that did not work."""
    roots: dict[str, Json] = field(default_factory=dict)
    """The messages that began something: the file, the plan, the lease, the question."""

    def __post_init__(self) -> None:
        self.trainer = self.playground.slack.person("trainer")

    def _sees(self, button: str, *, words: tuple[str, ...] = (), thread: str | None = None) -> Json:
        return self._waits(lambda: self._find(button, words=words, thread=thread))

    def _find(
        self,
        button: str | None,
        *,
        words: tuple[str, ...] = (),
        thread: str | None = None,
        by_bot: bool = False,
        after: str = "0",
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
                after=after,
            )
        except TimeoutError:
            return None

    def _hears(self, words: str) -> Json | None:
        """Return the last answer that only the trainer was given, if it has these words."""
        told = [each for each in self.trainer.sees(CHANNEL) if each["ephemeral"]]
        threads = (self.roots[each] for each in ("file", "plan", "lease") if each in self.roots)
        told += [each for root in threads for each in self.trainer.thread(root) if each["ephemeral"]]
        last = max(told, key=lambda each: float(each["ts"]), default=None)
        return last if last and words in text_of(last) else None

    def _hopeless(self, kind: str) -> bool:
        """Return whether nothing of that kind can come any more: the store, or Slack, has lost it."""
        playground = self.playground
        lost = playground.losses or playground.failovers or playground.gave_up()
        if not (lost or (kind == "upload" and self._is_left_alone())):
            return False
        try:
            known = [each for each in self.playground.unfinished() if each.startswith(f"{kind}:")]
            return not known and self.playground.slack.settled and self.playground.swept()
        except RedisError:
            return False

    def _is_left_alone(self) -> bool:
        """Return whether the bot leaves the file, since so many processes died at it: people name it again."""
        thread = self.trainer.thread(self.roots["file"])
        return LEFT_ALONE in text_of(thread[-1]) if thread else False

    def _waits(
        self,
        look: Callable[[], Json | None],
        kind: str = "",
        otherwise: Callable[[], None] | None = None,
    ) -> Json:
        """Wait for what is to come; do otherwise when for ``SILENCE`` nothing of its kind could come any more."""
        deadline = time.monotonic() + self.patience
        silent_since = time.monotonic()

        def found_or_hopeless() -> tuple[Json | None] | None:
            nonlocal silent_since
            found = look()
            if found or otherwise is None or not self._hopeless(kind):
                silent_since = time.monotonic()
            is_hopeless = time.monotonic() - silent_since > SILENCE
            return (found,) if found or is_hopeless else None

        while True:
            try:
                [found] = self.playground.until(found_or_hopeless, deadline - time.monotonic())
            except TimeoutError:
                raise StuckError(self._told()) from None
            if found is not None:
                return dict(found)
            if otherwise is not None:
                otherwise()
            silent_since = time.monotonic()

    def _act(self, act: Callable[[], None]) -> bool:
        """Do something; return whether Slack took it."""
        try:
            act()
        except (SeenByPerson, TimeoutError) as trouble:
            self.failed_tries.append(f"{self.playground.register.chapter}: {trouble}")
            return False
        return True

    def _does(
        self,
        act: Callable[[], None],
        look: Callable[[], Json | None],
        told: Mapping[str, Callable[[], None]] | None = None,
        lost: tuple[str, Callable[[], None]] | None = None,
    ) -> Json:
        """Act until it shows.

        ``told``: what is done first after an answer with those words; ``lost``: what is done instead when nothing of
        a kind can come any more, and nothing is left to be pressed.
        """
        deadline = time.monotonic() + self.patience
        while True:
            acted = self._act(act)
            try:
                found: Json = self.playground.until(look, AGAIN)
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise StuckError(self._told()) from None
                if acted:
                    self.failed_tries.append(f"{self.playground.register.chapter}: nothing came of it yet")
            else:
                return found
            answers = [answer for words, answer in (told or {}).items() if self._hears(words)]
            if lost and not answers and not acted and self._hopeless(lost[0]):
                answers = [lost[1]]
            for answer in answers:
                answer()

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
