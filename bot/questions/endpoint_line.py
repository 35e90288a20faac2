"""The line for what answers: as many questions and tokens a minute as the account may have, whoever asks.

How many that are are quotas of AWS, read from Service Quotas; where nobody says, there is no line, and AWS's own
refusal is waited out. Of tokens those of the prompt are taken, as far as they can be told, and as many as the answer
may have at most, since that is what the service counts when it is asked; what it says in the end takes their place.
"""

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from bot.controller.ports import RateLimiter
from bot.controller.rate_limits import a_minute
from bot.controller.slots import ordinal
from bot.errors import Throttled, Unavailable
from bot.questions import costs
from bot.questions.answerer import Answerer, Turn

ANSWER: Final = "answer"
"""What an answer counts as for the limiter: no method of Slack's."""
ENDPOINT: Final = "endpoint"
TOKENS: Final = "endpoint-tokens"
"""What a place's tokens are kept by for the limiter."""

LOOK: Final = 5.0
"""Seconds after which one that waits for tokens asks again: answers in front may end with fewer than they had taken."""


class InEndpointLine(Throttled):
    """Others are asking the same model: it is this question's turn in a while."""

    def __init__(self, place: int, seconds: float, *, look: float | None = None) -> None:
        """``look`` is after how many seconds it asks again, where it may be its turn sooner than in ``seconds``."""
        again = seconds if look is None else min(seconds, look)
        super().__init__("Others are asking this model.", retry_after=again)
        self.place, self.seconds = place, seconds

    @property
    def status(self) -> str:
        """What is shown of the question meanwhile, after the bot's name."""
        return f"is waiting: {ordinal(self.place)} in line for this model, about {math.ceil(self.seconds)} s…"


@dataclass(frozen=True, slots=True)
class Taken:
    """The tokens that one asking has taken of a minute's; without a limiter, none."""

    rate_limiter: RateLimiter | None = None
    place: str = ""
    who: str = ""

    def were(self, tokens: int) -> None:
        """Say how many they were in the end. Best effort: a minute later nobody counts them any more."""
        if self.rate_limiter is not None:
            with suppress(Unavailable):
                self.rate_limiter.correct(self.place, self.who, tokens)


def take_turn(
    rate_limiter: RateLimiter | None, asking: str, answerer: Answerer, turns: Sequence[Turn] = ()
) -> Taken:
    """Return when the model may be asked now, which counts. ``asking`` is the same as long as it waits.

    Raises:
        InEndpointLine: not yet, and which it is in line.
    """
    if rate_limiter is None:
        return Taken()
    where = f"{answerer.region}/{answerer.profile}"
    taken = _take_tokens(rate_limiter, asking, answerer, turns, where)
    if answerer.a_minute is not None:
        turn = rate_limiter.turn(ANSWER, asking, (a_minute(ENDPOINT, answerer.a_minute, where),))
        if turn.wait > 0:
            taken.were(0)
            raise InEndpointLine(turn.ahead + 1, turn.wait)
    return taken


def _take_tokens(
    rate_limiter: RateLimiter, asking: str, answerer: Answerer, turns: Sequence[Turn], where: str
) -> Taken:
    if answerer.tokens_a_minute is None:
        return Taken()
    place, tokens = f"{TOKENS}:{where}", costs.prompt_about(answerer, turns) + answerer.max_tokens
    turn = rate_limiter.weigh(place, asking, tokens, answerer.tokens_a_minute)
    if turn.wait > 0:
        raise InEndpointLine(turn.ahead + 1, turn.wait, look=LOOK)
    return Taken(rate_limiter, place, asking)
