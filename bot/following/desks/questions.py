"""Questions, as handlers hand them in."""

from bot.asking.model import Question
from bot.clock import Clock
from bot.following.directory import Directory
from bot.following.kinds.questions.record import QuestionSpec, dump, key_of
from bot.following.model import Registration
from bot.following.ports import Wishes


class QuestionDesk:
    """Takes questions. The answer comes in Slack; nothing is waited for here."""

    def __init__(self, store: Wishes, directory: Directory, clock: Clock) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock

    def ask(self, question: Question) -> None:
        """Have the question answered. The same question (by its ID) twice is answered once.

        Raises:
            Refused: the model that is named does not answer where it was asked: everybody there would read it.
            Unavailable: the store did not answer; nothing was written down.
        """
        named = self._directory.model(question.model) if question.model else None
        if named:
            self._directory.check_answers(named, question.channel)
        spec = QuestionSpec(question, asked_at=self._clock.now())
        self._store.register(Registration(key_of(question), dump(spec)))
