"""What a question's reconciler works with."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.controller.outbox.messages import Notices
from bot.controller.ports import Limiter, Messages, ThingStore, Thinking
from bot.questions.answering import Asking
from bot.questions.ports import Sessions, Streams
from bot.questions.reconciler.budget import Purse


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
    purse: Purse | None = None
