"""What a question's reconciler works with."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.controller.outbox.files import ThreadFiles
from bot.controller.outbox.messages import Outbox
from bot.controller.ports import Messages, RateLimiter, Renderer, ResourceStore, Thinking
from bot.questions.answering import Asking
from bot.questions.ports import ChannelSettingsRepository, DirectReaders, Sessions, Streams
from bot.questions.reconciler.budget import Billing


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Whether questions to models that are asleep are kept, and where their base answers meanwhile.

    ``base_answers`` is the operator's word, ``channels`` has what people set for theirs.
    """

    channels: ChannelSettingsRepository
    base_answers: bool

    def base_may_answer(self, channel: str) -> bool:
        """Return whether the base answers there without being asked for."""
        settings = self.channels.of(channel) if self.base_answers else None
        return self.base_answers and (settings is None or settings.base_meanwhile)


@dataclass(frozen=True, slots=True)
class QuestionDependencies:
    """All that a question's reconciler works with.

    ``rate_limiter`` has the lines of those that wait (None: nobody does), ``billing`` is what pays for what is billed
    by the token (None: nothing is), ``files`` shares very long answers as files, too (None: not at all), ``meanwhile``
    says what becomes of questions to models that are asleep (None: that is told, and they are not kept), ``readers`` is
    told whose direct message a question came from (None: nobody wants to know).
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
    billing: Billing | None = None
    files: ThreadFiles | None = None
    meanwhile: Meanwhile | None = None
    readers: DirectReaders | None = None
