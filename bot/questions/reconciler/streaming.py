"""An answer while it comes: shown as it grows, or only collected."""

from contextlib import suppress

from bot.clock import Clock
from bot.controller.context import NotReady
from bot.errors import NotFound, Refused, Throttled, TunesmithError, Unavailable, UnknownOutcome
from bot.questions.answerer import StreamClosed
from bot.questions.context import QuestionContext
from bot.questions.pacing import EDIT_INTERVAL, INTERVAL, Pacer
from bot.questions.reconciler.messages import AnswerMessages
from bot.questions.reconciler.stopping import Stopped
from bot.questions.splitting import (
    CARRY,
    MESSAGE_BLOCKS,
    MESSAGE_BYTES,
    beginning,
    blocks,
    code_end,
    going_on,
    size,
    split,
)

MESSAGE_SECONDS = 240.0
"""Seconds for which one message is streamed: Slack ends a stream about five minutes after its start, and reports
differ as to what resets that (github.com/slackapi/python-slack-sdk/issues/1859)."""
FULL = 200
"""Bytes of room under which a message counts as full."""
PATIENCE = 2.0
"""Seconds until an append is tried again that certainly did not arrive."""


class QuietAnswer:
    """Collects an answer that is being given again: what is in Slack is replaced when all of it is there."""

    def __init__(self) -> None:
        self.text = ""

    def add(self, piece: str) -> None:
        """Take a piece."""
        self.text += piece

    def end(self) -> None:
        """Nothing more will come."""

    def say_it_goes_on(self, note: str) -> None:
        """What stands there already is left as it is."""

    def texts(self, closing: str = "") -> list[str]:
        """Return what each message says in the end."""
        return split((self.text.rstrip() + closing).strip())

    def exact(self, index: int) -> bool:  # noqa: ARG002 -- as LiveAnswer's
        """Return whether that message says so already."""
        return False

    def rest(self, index: int) -> str:  # noqa: ARG002 -- as LiveAnswer's
        """Return what an exact message is still to be given, with its end."""
        return ""

    def closed(self, index: int) -> bool:  # noqa: ARG002 -- as LiveAnswer's
        """Return whether that message is closed already."""
        return False


class LiveAnswer:
    """Shows an answer while it comes: the first piece at once, then at a pace that Slack takes.

    A message that is full or old is closed and the answer goes on in the next one. What Slack does not take is kept
    and shown with the next piece; where it is unclear whether it took a piece, the rest is only collected and the
    message is put right when it is closed.
    """

    def __init__(self, question: QuestionContext, messages: AnswerMessages, clock: Clock) -> None:
        self._question = question
        self._messages = messages
        self._clock = clock
        self._pacer = Pacer(clock)
        self._closed: dict[int, bool] = {}
        self._done: list[str] = []
        self._index: int | None = None
        self._opened_at = 0.0
        self._shown = ""
        self._unsure = False
        self._rest = ""
        self._wait = PATIENCE
        self.text = ""

    def add(self, piece: str) -> None:
        """Take a piece, and show what has come if it is time.

        Raises:
            Stopped: nobody wants to read on.
            Refused: the answer cannot be shown at all.
        """
        self.text += piece
        self._pacer.add(piece)
        if not self._unsure and self._pacer.is_due():
            self._show(self._pacer.take())

    def end(self) -> None:
        """Show what is left, unless an open stream takes it with its end: that is one call less, and never waits."""
        rest = self._pacer.take().rstrip()
        if rest and not self._unsure and not self._goes_with_the_end(rest):
            self._show(rest)
        elif rest:
            self._pacer.add(rest)

    def say_it_goes_on(self, note: str) -> None:
        """Put a note under what is there, for whoever watches: this process ends, and another gives all of it anew."""
        if self._index is not None and not self._unsure:
            with suppress(TunesmithError, StreamClosed):
                self._messages.grow(self._index, self._shown, f"{code_end(self._shown)}\n\n{note}")

    def texts(self, closing: str = "") -> list[str]:
        """Return what each message says in the end."""
        more = self._pacer.take() + closing
        if more and self._goes_with_the_end(more):
            self._rest = more
        elif more:
            self._unsure = True  # the open message does not say all of it yet
        rest = self._shown + more
        if self._shown and not self._unsure:
            return [*self._done, rest]  # as it stands there
        return [*self._done, *split(rest if self._shown else rest.lstrip())]

    def exact(self, index: int) -> bool:
        """Return whether that message is open and says what it should."""
        return index == self._index and not self._unsure

    def rest(self, index: int) -> str:
        """Return what an exact message is still to be given, with its end."""
        return self._rest if self.exact(index) else ""

    def _goes_with_the_end(self, more: str) -> bool:
        """Return whether the open message is a stream that has room for it."""
        if self._index is None or self._unsure or self._question.status.parts[self._index].way != "stream":
            return False
        text = self._shown + more
        return size(text) <= MESSAGE_BYTES and blocks(text) <= MESSAGE_BLOCKS

    def closed(self, index: int) -> bool:
        """Return whether that message is closed already."""
        return self._closed.get(index, False)

    # How

    def _show(self, text: str) -> None:
        while text:
            if self._index is None:
                head = beginning(text, MESSAGE_BYTES)
                if not self._open(head):
                    self._pacer.add(text)
                    return
            elif self._is_full():
                text = self._close(text)
                continue
            else:
                left = MESSAGE_BLOCKS - blocks(self._shown) + 1  # what is shown last goes on in its block
                head = beginning(text, MESSAGE_BYTES - CARRY - size(self._shown), left)
                taken = self._grow(head)
                if taken is None:
                    text = self._close(text)
                    continue
                if not taken:
                    self._pacer.put_back(text, self._wait)
                    return
            self._shown += head
            text = text[len(head) :]

    def _open(self, head: str) -> bool:
        try:
            self._index = self._messages.open(head)
        except UnknownOutcome:
            raise
        except (NotReady, Unavailable):
            self._unsure = True  # collect it all; it is posted whole
            return False
        self._opened_at = self._clock.monotonic()
        streams = self._question.status.parts[self._index].way == "stream"
        self._pacer.interval = INTERVAL if streams else EDIT_INTERVAL
        return True

    def _grow(self, head: str) -> bool | None:
        """Return True when Slack has it, False when it has not, None when the message takes no more: close it."""
        assert self._index is not None
        try:
            self._messages.grow(self._index, self._shown, head)
        except StreamClosed as closed:
            if closed.reason == "stopped":
                raise Stopped from closed
            return None
        except NotFound as gone:
            raise Stopped(deleted=True) from gone
        except (UnknownOutcome, Refused):
            # It is unclear what the message says, or it takes no more: all is collected, and put right at the end.
            self._unsure = True
            return False
        except Throttled as slow:
            self._wait = slow.retry_after
            return False
        except NotReady as later:
            self._wait = later.seconds
            return False
        except Unavailable:
            self._wait = PATIENCE
            return False
        return True

    def _is_full(self) -> bool:
        old = self._clock.monotonic() - self._opened_at >= MESSAGE_SECONDS
        long = size(self._shown) > MESSAGE_BYTES - FULL
        return old or long or blocks(self._shown) > MESSAGE_BLOCKS - 2

    def _close(self, text: str) -> str:
        """Close the message and go on in another: return the text for that. Where it fails it is done at the end."""
        assert self._index is not None
        ends, text = going_on(self._shown, text)
        try:
            self._messages.close(self._index, self._shown + ends, exact=True, rest=ends, goes_on=True)
            self._closed[self._index] = True
        except (NotReady, Unavailable):
            self._closed[self._index] = False
        self._done.append(self._shown + ends)
        self._index, self._shown = None, ""
        return text
