"""A question in the hands of its reconciler: the context of its turn, with spec and status as values."""

from collections.abc import Sequence
from dataclasses import replace

from bot.controller.context import Context
from bot.controller.model import Registration
from bot.questions.answerer import Question
from bot.questions.decoration import Decoration
from bot.questions.endpoint_line import Taken
from bot.questions.model import QuestionSpec, QuestionStatus
from bot.questions.prompting import Prompt


class QuestionContext:
    """One turn at one question. ``channel`` and ``thread`` are where the answer goes, once that is known."""

    def __init__(self, context: Context[QuestionSpec, QuestionStatus]) -> None:
        self.context = context
        self.spec = context.spec
        context.born = self.spec.era
        self.asked = self.spec.question
        self.channel = self.asked.channel
        self.thread = self.asked.thread_ts or ""
        self.prompt = Prompt(())
        """What the model was asked in this turn of the loop."""
        self.taken = Taken()
        """The tokens that this asking has taken of what its model may have a minute."""
        self.billed = False
        """Whether this asking is on the bill."""
        self.decoration = Decoration()
        """What stands around its answer that is none of the model's words."""

    @property
    def status(self) -> QuestionStatus:
        """How far the answer is."""
        return self.context.status

    @property
    def heard(self) -> Question:
        """The question as it belongs to the conversation that the answer is part of."""
        return replace(self.asked, channel=self.channel)

    @property
    def stopped(self) -> bool:
        """Whether somebody pressed stop or took it back, as far as is known here."""
        return bool(self.spec.stopped_by) or self.spec.taken_back or self.status.cut is not None

    def may_be_forgotten(self) -> bool:
        """Return whether the store may have forgotten something of it: it says so itself, or does not say."""
        return not self.context.remembers_all()

    def age(self) -> float:
        """Return how many seconds ago it was asked, by the store's clock."""
        return self.context.now() - self.spec.asked_at.timestamp()

    @property
    def of_base(self) -> bool:
        """Whether the base is asked, as was wanted or in the place of a model that is asleep."""
        there = self.status.asleep
        return self.asked.of_base or (there is not None and there.based)

    def save(self, also: Sequence[Registration] = ()) -> None:
        """Write the status down, register other resources with it, and renew the lease."""
        self.context.save(also)
