"""Stop: a person ends the work on a question, whether or not anything of its answer is there yet.

Slack tells it twice: an open stream takes no more, and the event ``agent_session_stopped`` says who pressed it. The
event is written down in the spec; without a stream, it is all that there is (docs.slack.dev/reference/events).
"""

from bot.clock import Clock
from bot.controller.context import NotReady
from bot.controller.ports import ResourceStore
from bot.errors import Unavailable
from bot.questions.context import QuestionContext
from bot.questions.model import SCHEMA

LOOK = 1.0
"""Seconds between two looks at the store while an answer comes."""
NAMED = 5.0
"""Seconds for which it is waited to hear who pressed it: the event may come after the stream's end."""


class Stopped(Exception):
    """The person pressed stop, or (``deleted``) took the message away: they have read enough."""

    def __init__(self, *, deleted: bool = False) -> None:
        super().__init__("stopped")
        self.deleted = deleted


class StopWatch:
    """Looks whether somebody pressed stop since the question was taken up."""

    def __init__(self, question: QuestionContext, store: ResourceStore, clock: Clock) -> None:
        self._question = question
        self._store = store
        self._clock = clock
        self._next = clock.monotonic()

    def check(self) -> None:
        """Return when nobody did.

        Raises:
            Stopped: somebody did, and the question's spec says who.
            NotReady: the question is taken back: begin anew, and end it.
        """
        if self._clock.monotonic() < self._next:
            return
        self._next = self._clock.monotonic() + LOOK
        try:
            reread(self._question, self._store)
        except Unavailable:
            return  # the next look, or the next save, shows it
        if self._question.spec.taken_back:
            raise NotReady(0.0)
        if self._question.spec.stopped_by:
            raise Stopped


def reread(question: QuestionContext, store: ResourceStore) -> None:
    """Look at the spec as it is by now."""
    resource = store.get(question.context.key)
    if resource is not None:
        question.spec = SCHEMA.spec_of(resource)


def whoever_stopped(question: QuestionContext, store: ResourceStore) -> str:
    """Return who pressed stop; empty when nobody tells.

    Raises:
        NotReady: it may yet be told.
    """
    if not question.spec.stopped_by:
        reread(question, store)
    waited = question.context.now() - question.status.cut_at
    if not question.spec.stopped_by and 0 <= waited < NAMED:
        raise NotReady(LOOK)
    return question.spec.stopped_by
