"""How many questions are taken from one person and in one channel, and the line of those that wait.

Each question is paid for, and each is two messages in its channel, of which Slack takes one a second
(docs.slack.dev/apis/web-api/rate-limits). So more than a minute's worth is not begun at once: as many again wait for
their turn, and are told how many are in front; who comes after them is asked to come again.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.controller.ports import Turn
from bot.controller.rate_limits import CHANNEL, RateLimit
from bot.controller.slots import ordinal
from bot.errors import Refused
from bot.questions.answerer import Question
from bot.wording import clip, one_line, quoted

ASK: Final = "question"
"""What a question counts as for the limiter: no method of Slack's."""
PERSON: Final = "person"
SHOWN: Final = 60
"""Characters of a question by which whoever asked several knows it."""
PORTIONS: Final = 4
"""A channel's minute is given out in so many portions, so that its messages come at the pace that Slack takes."""


@dataclass(frozen=True, slots=True)
class LineLimits:
    """Questions that are begun in a minute, at most."""

    person: int = 6
    channel: int = 40

    @property
    def limits(self) -> Mapping[str, RateLimit]:
        """What the limiter holds: as many as are begun in a minute may wait."""
        return {
            f"{ASK} {PERSON}": RateLimit(self.person, 60.0, line=self.person),
            f"{ASK} {CHANNEL}": RateLimit(
                math.ceil(self.channel / PORTIONS), 60.0 / PORTIONS, line=self.channel
            ),
        }


@dataclass(frozen=True, slots=True)
class InLine:
    """A question that waits: which it is in its line, counted from 1, and about how many seconds it will wait."""

    place: int
    seconds: float
    text: str = ""
    """What was asked, of which the first words say which question it is."""

    @property
    def sentence(self) -> str:
        """What whoever asked is told at once."""
        return (
            f"Many questions came at once: yours{_named(self.text)} is {ordinal(self.place)} in line, and I begin it "
            f"in about {math.ceil(self.seconds)} s. It is kept, you need not ask again."
        )


def within(question: Question) -> tuple[str, str]:
    """Return where a question counts: with its person, and in its channel."""
    return f"{PERSON}:{question.user}", f"{CHANNEL}:{question.home}"


def turned_away(turn: Turn, limits: LineLimits, text: str) -> Refused:
    """Return the words for a question with this text that finds its line full."""
    if turn.full.startswith(f"{ASK} {PERSON}:"):
        said = (
            f"I take {_questions(limits.person)} a minute from one person, and as many of yours are waiting."
        )
    else:
        said = f"I take {_questions(limits.channel)} a minute in one channel, and as many are waiting here."
    return Refused(said, hint=f"Ask this one{_named(text)} again in {max(1, math.ceil(turn.wait))} s.")


def _named(text: str) -> str:
    """Return the first words of a question, by which whoever asked several knows it, between commas."""
    asked = clip(one_line(text), SHOWN)
    return f", {quoted(asked)}," if asked else ""


def _questions(count: int) -> str:
    return f"{count} question{'s' if count != 1 else ''}"
