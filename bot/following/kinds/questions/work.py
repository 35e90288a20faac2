"""A question in the hands of its reconciler: the step, with spec and progress as values."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.asking.model import Question
from bot.asking.ports import Sessions, Streams, Thinking
from bot.asking.service import Asking
from bot.clock import Clock
from bot.following.kinds.questions.record import dump_progress, load, load_progress
from bot.following.notices import Notices
from bot.following.ports import Limiter, Messages, ThingStore
from bot.following.step import Step

if TYPE_CHECKING:
    from bot.following.kinds.questions.money import Purse


@dataclass(frozen=True, slots=True)
class QuestionParts:
    """All that a question's reconciler works with.

    ``limiter`` has the lines of those that wait (None: nobody does), ``purse`` is what pays for what is billed by the
    token (None: nothing is). ``call`` and ``grace`` are seconds, as in ``Notices``: what one call may take, and how
    long a message may need to show up when Slack is read.
    """

    asking: Asking
    streams: Streams
    messages: Messages
    notices: Notices
    store: ThingStore
    thinking: Thinking
    sessions: Sessions
    clock: Clock
    call: float = 6.0
    grace: float = 20.0
    limiter: Limiter | None = None
    purse: "Purse | None" = None


class QuestionWork:
    """One turn at one question. ``channel`` and ``thread`` are where the answer goes, once that is known."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.spec = load(step.spec)
        self.question = self.spec.question
        self.progress = load_progress(step.status)
        self.channel = self.question.channel
        self.thread = self.question.thread_ts or ""

    @property
    def heard(self) -> Question:
        """The question as it belongs to the conversation that the answer is part of."""
        return replace(self.question, channel=self.channel)

    @property
    def stopped(self) -> bool:
        """Whether somebody pressed stop, as far as is known here."""
        return bool(self.spec.stopped_by) or self.progress.cut is not None

    def age(self) -> float:
        """Return how many seconds ago it was asked, by the store's clock."""
        return self.step.now() - self.spec.asked_at.timestamp()

    def save(self) -> None:
        """Write the progress down and renew the lease."""
        self.step.status["answer"] = dump_progress(self.progress)
        self.step.save()
