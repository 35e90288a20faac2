"""What is posted into a direct message has no button that its one reader may not press.

Every message and every streamed answer of the loop passes here, whatever its kind. What a channel reads is left as it
is: somebody there may press, and whoever may not is told who can. What a handler answers goes by ``handlers.offering``.
"""

from collections.abc import Callable, Mapping, Sequence

from bot.access import Access
from bot.controller.model import Message
from bot.controller.ports import Messages
from bot.errors import NotAllowed, TunesmithError
from bot.lately import Lately
from bot.questions.detailed_streams import PassedStreams
from bot.questions.ports import Streams
from bot.visibility import is_direct
from handlers.core import Who, check_person
from handlers.offering import action_of, left_of, left_of_message
from handlers.ui.blocks import Block, Element

REMEMBERED = 10_000
"""Direct messages whose readers a process knows at once, the oldest forgotten first."""


class Readers:
    """Who reads a direct message: known from opening it, else asked for once."""

    def __init__(self, ask: Callable[[str], str]) -> None:
        """``ask`` returns the person of a direct message, empty where there is none; it may raise ours."""
        self._ask = ask
        self._known: Lately[str, str] = Lately(REMEMBERED)

    def learn(self, channel: str, user: str) -> None:
        """Remember whose direct message it is: that never changes."""
        self._known.put(channel, user)

    def of(self, channel: str) -> str:
        """Return who reads it; empty where Slack does not say."""
        if user := self._known.get(channel):
            return user
        try:
            user = self._ask(channel)
        except TunesmithError:
            return ""
        if user:
            self.learn(channel, user)
        return user


class Offering:
    """What is left of a message for whoever reads it in a direct message."""

    def __init__(self, access: Access, whose: Mapping[str, Who], readers: Readers) -> None:
        """``whose`` is by a button's action."""
        self._access = access
        self._whose = whose
        self.readers = readers

    def to(self, channel: str, message: Message) -> Message:
        """Return the message as its reader may press it; as it is where it is no direct message, or nobody knows whose.

        A button too many is answered with who may; one too few would leave somebody without it. So what Slack does not
        say now takes none away.
        """
        if not is_direct(channel) or not any(map(self._limited, (message.blocks, message.details))):
            return message
        user = self.readers.of(channel)
        return self.to_person(user, channel, message) if user else message

    def to_person(self, user: str, channel: str, message: Message) -> Message:
        """Return the message as somebody may press it, who alone sees it there."""
        known: dict[Who, bool] = {}

        def may(element: Element) -> bool:
            who = self._who(element)
            if who not in known:
                known[who] = self._may(who, user, channel)
            return known[who]

        return left_of_message(message, may)

    def _who(self, element: Element) -> Who:
        return self._whose.get(action_of(element), Who.ANYONE)

    def _limited(self, blocks: Sequence[Block]) -> bool:
        """Return whether any of it is not for everybody: of all else nobody has to be known."""
        found: list[Who] = []

        def note(element: Element) -> bool:
            found.append(self._who(element))
            return True

        left_of(blocks, note)
        return any(who is not Who.ANYONE for who in found)

    def _may(self, who: Who, user: str, channel: str) -> bool:
        try:
            check_person(who, self._access, user, channel)
        except NotAllowed:
            return False
        except TunesmithError:
            return True
        return True


class OfferedMessages:
    """``Messages`` of which a direct message has only what its reader may press."""

    def __init__(self, messages: Messages, offering: Offering) -> None:
        self._messages = messages
        self._offering = offering
        self.find = messages.find
        self.delete = messages.delete

    def post(self, channel: str, message: Message, *, marker: str, thread_ts: str | None = None) -> str:
        """Post what is left of it."""
        left = self._offering.to(channel, message)
        return self._messages.post(channel, left, marker=marker, thread_ts=thread_ts)

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Put there what is left of it."""
        self._messages.update(channel, ts, self._offering.to(channel, message))

    def whisper(self, channel: str, user: str, message: Message, *, thread_ts: str | None = None) -> None:
        """Show one person what is left of it for them, wherever that is."""
        left = self._offering.to_person(user, channel, message)
        self._messages.whisper(channel, user, left, thread_ts=thread_ts)

    def direct(self, user: str) -> str:
        """Open the direct message, and remember whose it is."""
        channel = self._messages.direct(user)
        self._offering.readers.learn(channel, user)
        return channel


class OfferedStreams(PassedStreams):
    """``Streams`` of which what stands under an answer is what its reader may press, in a direct message."""

    def __init__(self, streams: Streams, offering: Offering) -> None:
        super().__init__(streams, offering.to)
