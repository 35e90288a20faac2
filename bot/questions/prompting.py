"""What of a conversation goes into the prompt."""

from collections.abc import Sequence

from bot.questions.answerer import Turn

MAX_TURNS = 20
"""Earlier turns that go in at most: ten questions with their answers. A choice: prompts cost money and time."""
MAX_CHARACTERS = 24_000
"""Characters of earlier turns that go in at most, some 6,000 tokens: every profile's context holds many times that."""


def turns_for(
    question: str,
    earlier: Sequence[Turn],
    *,
    max_turns: int = MAX_TURNS,
    max_characters: int = MAX_CHARACTERS,
) -> list[Turn]:
    """Return the turns for the model: the newest earlier ones within the bounds, and the question.

    They alternate, and begin and end with the user's, as every model's API wants it: two of the same role are
    joined, empty ones dropped, and an answer whose question no longer fits goes too.
    """
    kept: list[Turn] = []
    room = max_characters
    for turn in reversed(earlier[-max_turns:] if max_turns else ()):
        room -= len(turn.text)
        if room < 0:
            break
        if turn.text.strip():
            kept.insert(0, turn)
    while kept and kept[0].role != "user":
        del kept[0]
    return _alternating([*kept, Turn("user", question)])


def _alternating(turns: Sequence[Turn]) -> list[Turn]:
    joined: list[Turn] = []
    for turn in turns:
        if joined and joined[-1].role == turn.role:
            joined[-1] = Turn(turn.role, f"{joined[-1].text}\n\n{turn.text}")
        else:
            joined.append(turn)
    return joined
