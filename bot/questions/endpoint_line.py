"""The line for what answers: as many questions a minute as the account may ask it, whoever asks and wherever.

How many that are is a quota of AWS, read from Service Quotas; where nobody says, there is no line, and AWS's own
refusal is waited out.
"""

import math
from typing import Final

from bot.controller.ports import RateLimiter
from bot.controller.rate_limits import a_minute
from bot.controller.slots import ordinal
from bot.errors import Throttled
from bot.questions.answerer import Answerer

ANSWER: Final = "answer"
"""What an answer counts as for the limiter: no method of Slack's."""
ENDPOINT: Final = "endpoint"


class InEndpointLine(Throttled):
    """Others are asking the same model: it is this question's turn in a while."""

    def __init__(self, place: int, seconds: float) -> None:
        super().__init__("Others are asking this model.", retry_after=seconds)
        self.place = place

    @property
    def status(self) -> str:
        """What is shown of the question meanwhile, after the bot's name."""
        return f"is waiting: {ordinal(self.place)} in line for this model, about {math.ceil(self.retry_after)} s…"


def take_turn(rate_limiter: RateLimiter | None, question_id: str, answerer: Answerer) -> None:
    """Return when the model may be asked now, which counts.

    Raises:
        InEndpointLine: not yet, and which it is in line.
    """
    calls = answerer.a_minute
    if rate_limiter is None or calls is None:
        return
    place = a_minute(ENDPOINT, calls, f"{answerer.region}/{answerer.profile}")
    turn = rate_limiter.turn(ANSWER, question_id, (place,))
    if turn.wait > 0:
        raise InEndpointLine(turn.ahead + 1, turn.wait)
