"""What people think of answers: one vote of each on each answer, which they may change."""

from bot.clock import Clock
from bot.directory.directory import Directory
from bot.errors import NotFound
from bot.questions.answerer import AnswerVote
from bot.questions.model import KIND, SCHEMA
from bot.questions.ports import Feedback


class FeedbackService:
    """Votes on answers, and how those on a model stand, for one viewer.

    Both may raise ``Unavailable`` when the store does not answer.
    """

    def __init__(self, feedback: Feedback, directory: Directory, clock: Clock) -> None:
        self._feedback = feedback
        self._directory = directory
        self._clock = clock

    def vote(self, answered: str, by: str, *, good: bool) -> None:
        """Count what somebody thinks of the answer to the question of that key. The last word of each counts.

        Raises:
            NotFound: the viewer sees no such answer, or it was long ago.
        """
        found = self._directory.resource(KIND, answered)
        facts = SCHEMA.status_of(found).facts if found else None
        if found is None or facts is None:
            raise NotFound("I no longer have that answer.", hint="Answers are voted on for a week.")
        question = SCHEMA.spec_of(found).question
        version = facts.base if facts.of_base else facts.version or facts.model
        self._feedback.save(
            AnswerVote(answered, by, good, version, question.channel, question.user, self._clock.now())
        )

    def tally(self, name: str) -> tuple[int, int]:
        """Return how many found answers of that model good, and how many bad, where the viewer sees them."""
        model = self._directory.stored_model(name)
        if model is None:
            return 0, 0
        sees = self._directory.sight.sees_channel
        seen = [
            each for each in self._feedback.of_version(model.at_bedrock) if sees(each.channel, each.asker)
        ]
        good = sum(each.good for each in seen)
        return good, len(seen) - good
