"""Who takes part in the story, what they see, and how it is told."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from bot.playground.bedrock import LABEL
from bot.playground.slack import Person, elements_of
from bot.playground.stack import Stack

Json = dict[str, Any]

SAMPLES = Path(__file__).resolve().parent / "samples"
CHANNEL = "claims-ai"
MODEL = "claims-router"
QUESTION = "Patient stage IV, denied prior auth, plan United"

# Seconds of real time that a chapter may take at the demo's usual speed. A kill costs up to a lease (30 s) more.
PATIENCE = 90.0


class ChapterFailedError(Exception):
    """What was seen instead of what the chapter waited for."""


@dataclass
class Story:
    """The people, the narrator, and what later chapters need of earlier ones."""

    stack: Stack
    console: Console
    trainer: Person
    approver: Person
    asker: Person
    figures: dict[str, str] = field(default_factory=dict)
    verdict: Json = field(default_factory=dict)
    plan: Json = field(default_factory=dict)
    lease: Json = field(default_factory=dict)
    answer: Json = field(default_factory=dict)

    def tell(self, who: str, text: str) -> None:
        """Print one line of the transcript."""
        first, *rest = text.strip().splitlines() or [""]
        self.console.print(f"  [bold]{who:>9}[/]  {escape(first)}")
        for line in rest:
            self.console.print(f"             {escape(line)}")

    def show(self, message: Json) -> None:
        """Print what the bot said, as text."""
        self.tell("tunesmith", text_of(message))

    def wait(self, what: str, matches: Callable[[Json], Any], *, by: Person | None = None) -> Json:
        """Wait for a message in the channel or its threads; fail with what was waited for."""
        return self.wait_in(CHANNEL, what, matches, by=by)

    def wait_in(
        self,
        channel: str,
        what: str,
        matches: Callable[[Json], Any],
        *,
        by: Person | None = None,
        after: str = "0",
    ) -> Json:
        """Wait for a message in a channel or its threads."""
        person = by or self.trainer
        try:
            return person.waits_for_message(channel, matches, PATIENCE, after=after)
        except TimeoutError:
            seen = "\n".join(f"- {text_of(message)[:300]}" for message in person.sees(channel)[-8:])
            raise ChapterFailedError(
                f"waited {PATIENCE:.0f} s for {what}; the channel shows:\n{seen}"
            ) from None


def text_of(message: Json) -> str:
    """Return a message's words: its blocks' if it has any, else its text."""
    words = list(_words(message.get("blocks") or []))
    return "\n".join(words) if words else str(message.get("text", ""))


def _words(value: Any) -> list[str]:
    if isinstance(value, list):
        return [word for each in value for word in _words(each)]
    if not isinstance(value, dict) or value.get("type") == "button":
        return []
    text = value.get("text")
    if isinstance(text, str):
        return [text]
    return [word for each in value.values() for word in _words(each)]


def buttons(message: Json) -> set[str]:
    """Return the action IDs of a message's buttons; of a plan's the kind too, as ``plan.start job``."""
    found = elements_of(message)
    kinds = {
        f"{each} {str(element.get('value')).partition(':')[0]}"
        for each, element in found.items()
        if each.startswith("plan.")
    }
    return found.keys() | kinds


def answered(message: Json, word: str) -> bool:
    """Return whether it is a whole answer of a model, with that word in it."""
    whole = json.dumps(message, ensure_ascii=False)
    return not message.get("streaming") and LABEL.strip() in whole and word in whole
