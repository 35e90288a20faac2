"""The twin of what people think of answers."""

from bot.questions.answerer import AnswerVote


class InMemoryFeedback:
    """``Feedback`` in a dictionary."""

    def __init__(self) -> None:
        self._votes: dict[tuple[str, str], AnswerVote] = {}

    def save(self, vote: AnswerVote) -> None:
        self._votes[vote.answer, vote.user] = vote

    def of_version(self, version: str) -> list[AnswerVote]:
        found = [each for each in self._votes.values() if each.version == version]
        return sorted(found, key=lambda each: each.at, reverse=True)
