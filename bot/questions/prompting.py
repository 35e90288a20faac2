"""What of a conversation goes into the prompt."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.datasets.tokens import estimate
from bot.questions.answerer import Turn

MAX_TURNS = 40
"""Earlier turns that go in at most: twenty questions with their answers, which is as many as are kept of a thread."""
MAX_TOKENS = 8_000
"""Tokens of earlier turns that go in at most, estimated rather too high. A choice: each question of a thread pays for
all that is read with it, and every base reads many times that."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked. ``left_out`` is how many of the oldest turns of the thread are not in it."""

    turns: Sequence[Turn]
    left_out: int = 0


def prompt_for(
    question: str,
    earlier: Sequence[Turn],
    *,
    max_turns: int = MAX_TURNS,
    max_tokens: int = MAX_TOKENS,
) -> Prompt:
    """Return the prompt: the newest earlier turns within the bounds, and the question.

    They alternate, and begin and end with the user's, as every model's API wants it: two of the same role are
    joined, empty ones dropped, and an answer whose question no longer fits goes too.
    """
    said = [turn for turn in earlier if turn.text.strip()]
    kept: list[Turn] = []
    room = max_tokens
    for turn in reversed(said[-max_turns:] if max_turns else ()):
        room -= estimate(turn.text)
        if room < 0:
            break
        kept.insert(0, turn)
    while kept and kept[0].role != "user":
        del kept[0]
    return Prompt(_alternating([*kept, Turn("user", question)]), len(said) - len(kept))


def _alternating(turns: Sequence[Turn]) -> list[Turn]:
    joined: list[Turn] = []
    for turn in turns:
        if joined and joined[-1].role == turn.role:
            joined[-1] = Turn(turn.role, f"{joined[-1].text}\n\n{turn.text}")
        else:
            joined.append(turn)
    return joined
