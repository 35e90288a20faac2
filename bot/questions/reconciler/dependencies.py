"""What a question's reconciler works with."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.controller.outbox.files import ThreadFiles
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Messages, RateLimiter, Renderer, ResourceStore, Thinking
from bot.questions.answering import Asking
from bot.questions.ports import Sessions, Streams
from bot.questions.reconciler.budget import Purse


@dataclass(frozen=True, slots=True)
class QuestionDependencies:
    """All that a question's reconciler works with.

    ``rate_limiter`` has the lines of those that wait (None: nobody does), ``purse`` is what pays for what is billed
    by the token (None: nothing is), ``files`` shares very long answers as files, too (None: not at all).
    """

    asking: Asking
    streams: Streams
    messages: Messages
    outbox: Outbox
    renderer: Renderer
    store: ResourceStore
    thinking: Thinking
    sessions: Sessions
    clock: Clock
    rate_limiter: RateLimiter | None = None
    purse: Purse | None = None
    files: ThreadFiles | None = None
