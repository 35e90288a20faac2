"""What people think of answers, on Redis."""

from redis import Redis

from bot.controller.damage import Damage
from bot.questions.answerer import AnswerVote
from storage.keys import Keys
from storage.redis_documents import RedisDocuments


class RedisFeedback:
    """``bot.questions.ports.Feedback`` on Redis."""

    def __init__(self, client: Redis, keys: Keys | None = None, damage: Damage | None = None) -> None:
        self._documents = RedisDocuments(client, keys or Keys(), "answer-votes", AnswerVote, damage)

    def save(self, vote: AnswerVote) -> None:
        """Add it, or replace that of the same person on the same answer."""
        place = f"{vote.answer} {vote.user}"
        self._documents.save(place, vote, at=vote.at.timestamp(), tags=[f"version {vote.version}"])

    def of_version(self, version: str) -> list[AnswerVote]:
        """Return what was thought of that model's answers, newest first."""
        return self._documents.newest(f"version {version}")
