"""The messages of an answer: opened once, grown, closed; and found again after a crash."""

import logging
from contextlib import suppress
from datetime import UTC, datetime

from bot.controller.context import NotReady
from bot.controller.effects import passing
from bot.controller.model import Message, Resource
from bot.controller.outbox.entries import entry_of, marker
from bot.controller.rate_limits import LIVE
from bot.errors import (
    Misconfigured,
    NotFound,
    Refused,
    Throttled,
    TunesmithError,
    Unavailable,
    UnknownOutcome,
)
from bot.questions.answerer import StreamClosed
from bot.questions.context import QuestionContext
from bot.questions.effects import APPEND, CALL, CLOSE, OPEN, REPLACE
from bot.questions.endings import IN_ONE_PIECE, INTERRUPTED
from bot.questions.model import KIND, SCHEMA, Part, place_of
from bot.questions.reconciler.dependencies import QuestionDependencies
from bot.questions.shown import message_of

log = logging.getLogger(__name__)

WINDOW = 60.0
"""Seconds after the intent within which a stream that was opened for it can have begun, clocks' skew included."""
LONGEST = 2 * 3600.0
"""Seconds that a question may take from being asked to its end, waits and clocks' skew included: an hour is what a
throttle is waited out for."""


def name_of(index: int) -> str:
    """Return the name by which a message of the answer is known, and its marker made."""
    return f"answer:{index}"


class AnswerMessages:
    """The messages of one answer, in their order."""

    def __init__(self, question: QuestionContext, dependencies: QuestionDependencies) -> None:
        self._question = question
        self._dependencies = dependencies
        self._channel = question.channel
        self.session_moved = False
        """Whether the end of a stream said that nothing is at work in the thread any more."""

    # Opening

    def open(self, text: str) -> int:
        """Open the next message with its first text and return its index. The intent is saved first.

        Raises:
            UnknownOutcome: it may be open; the next claim looks for it.
            NotReady, Unavailable, Refused: it is not open, and no intent is left.
        """
        question = self._question
        index = len(question.status.parts)
        part = Part("stream", at=question.context.now())
        question.status.parts.append(part)
        question.save()
        try:
            question.context.ensure_time(OPEN.longest)
            asked = question.asked
            with passing(OPEN):
                part.ts = self._dependencies.streams.start(
                    self._channel, question.thread, user=asked.user, team=asked.team, text=text
                )
        except UnknownOutcome:
            raise
        except (Throttled, Refused, Misconfigured):
            # Twenty streams a minute is all that a workspace gets, and not every conversation takes them.
            part.way = "post"
            self._open_post(index, text)
        except Unavailable:
            question.status.parts.pop()
            question.save()
            raise
        question.save()
        return index

    def _open_post(self, index: int, text: str) -> None:
        try:
            self._take_turn_to_be_edited()
            self._post(index, message_of(text))
        except (NotReady, Unavailable):
            # The note remembers it, and the text comes when all of it is there.
            self._question.status.parts[index:] = []
            raise

    def _take_turn_to_be_edited(self) -> None:
        """Go on when one more answer may be posted now and edited while it grows.

        Raises:
            NotReady: so many are that its end would wait for its turn among their edits: it is posted whole.
        """
        limiter, question = self._dependencies.rate_limiter, self._question
        wait = limiter.ask(LIVE, question.context.key.id) if limiter else 0.0
        if wait > 0:
            self._dependencies.thinking.show(self._channel, question.thread, IN_ONE_PIECE)
            raise NotReady(wait)

    def _post(self, index: int, message: Message) -> None:
        """Post the message as a whole in the thread, or to whoever asked where the thread does not take it."""
        question = self._question
        ts = self._dependencies.outbox.post_once(
            question.context,
            name_of(index),
            message,
            channel=self._channel,
            thread_ts=question.thread,
            since=question.spec.asked_at,
            owner=question.asked.user,
            stays_gone=True,
        )
        if ts is None:
            entry = entry_of(question.context, name_of(index))
            raise (NotFound if entry.gone else Refused)(entry.reason or "The answer cannot be posted.")

    # Growing

    def grow(self, index: int, shown: str, more: str) -> None:
        """Add text to an open message.

        Raises:
            StreamClosed, UnknownOutcome, Unavailable, NotFound, Refused, NotReady: as the ports say.
        """
        self._question.context.ensure_time(APPEND.longest)
        part = self._question.status.parts[index]
        if part.way == "post":
            said = message_of(shown + more)
            if self._dependencies.outbox.show(self._question.context, name_of(index), said) is None:
                raise NotFound("The answer was deleted.")
            return
        assert part.ts is not None, "it was opened"
        with passing(APPEND):
            self._dependencies.streams.append(self._channel, part.ts, more)

    # Closing

    def close(
        self,
        index: int,
        text: str,
        *,
        exact: bool,
        rest: str = "",
        goes_on: bool = False,
        under: Message | None = None,
    ) -> None:
        """Close the message so that it says the text. Repeating it is harmless, without ``exact``.

        ``exact``: it says so already, but for the ``rest``, which a stream is given with its end. ``goes_on``: another
        message of the answer comes, so that people can still stop it. ``under``: what stands under the text then.

        One that a person deleted stays deleted. Where the text cannot be put into the message any more, since the
        channel is closed to us, it is posted as a whole: to whoever asked, directly.

        Raises:
            Unavailable: it is not sure to be closed; do it again.
        """
        try:
            if index >= len(self._question.status.parts) or self._question.status.parts[index].way == "post":
                self._close_post(index, text, under)
            else:
                self._close_stream(index, text, exact=exact, rest=rest, goes_on=goes_on, under=under)
        except NotFound:
            log.info("%s: its answer was deleted", self._question.context.key)
        except Refused as refusal:
            log.warning(
                "%s: its answer could not be finished: %s", self._question.context.key, refusal.detail
            )

    def _close_post(self, index: int, text: str, under: Message | None) -> None:
        message = message_of(text, under)
        self._post(index, message)
        self._dependencies.outbox.show(self._question.context, name_of(index), message)

    def _close_stream(
        self, index: int, text: str, *, exact: bool, rest: str, goes_on: bool, under: Message | None
    ) -> None:
        part = self._question.status.parts[index]
        try:
            self._put_right(index, text, exact=exact, rest=rest, goes_on=goes_on, under=under)
        except NotFound:
            raise
        except Refused as refusal:
            if exact and not rest:
                raise  # it says so already, and whoever sees the channel can read it
            log.warning("%s: its answer goes on elsewhere: %s", self._question.context.key, refusal.detail)
            part.way = "post"
            self._question.save()
            self._close_post(index, text, under)

    def _put_right(
        self, index: int, text: str, *, exact: bool, rest: str, goes_on: bool, under: Message | None
    ) -> None:
        """Stop the stream, and replace its text unless it is the right one."""
        part = self._question.status.parts[index]
        assert part.ts is not None, "openings were settled"
        mark = marker(self._question.context, name_of(index))
        self._question.context.ensure_time(CLOSE.longest + REPLACE.longest)
        if not part.closed:
            try:
                with passing(CLOSE):
                    self._dependencies.streams.stop(
                        self._channel, part.ts, marker=mark, text=rest, goes_on=goes_on, under=under
                    )
                    self.session_moved = not goes_on
            except StreamClosed:
                exact = False  # it has no marker yet, and Slack may show it as broken
            if exact:
                return
            part.closed = True
            self._question.save()
        with passing(REPLACE):
            self._dependencies.streams.replace(self._channel, part.ts, text, marker=mark, under=under)
        part.closed = False

    def leave_as_they_are(self) -> None:
        """Close whatever is still open, whatever it says.

        Raises:
            Unavailable: it is not sure to be closed; do it again.
        """
        for index, part in enumerate(self._question.status.parts):
            if part.way == "stream" and part.ts is not None:
                self._question.context.ensure_time(CLOSE.longest)
                with suppress(StreamClosed, NotFound, Refused):
                    mark = marker(self._question.context, name_of(index))
                    self._dependencies.streams.stop(self._channel, part.ts, marker=mark)

    def drop_after(self, count: int) -> None:
        """Delete the messages after the first ``count``: the answer became shorter when it was given again."""
        for part in self._question.status.parts[count:]:
            if part.ts is not None:
                self._question.context.ensure_time(CALL)
                try:
                    self._dependencies.messages.delete(self._channel, part.ts)
                except Refused as refusal:
                    log.warning(
                        "%s: a message too many stays: %s", self._question.context.key, refusal.sentence
                    )

    def take_away(self) -> None:
        """Delete every message of the answer, wherever it went.

        Raises:
            Throttled, Unavailable: one may still be there; do it again.
        """
        for index, part in enumerate(self._question.status.parts):
            entry = entry_of(self._question.context, name_of(index))
            known = [each for each in (part.ts, entry.ts) if each]
            with suppress(Refused):  # the thread cannot be read, or is gone with all that was in it
                known += self._marked(index)
            for ts in dict.fromkeys(known):
                self._question.context.ensure_time(CALL)
                with suppress(Refused):
                    self._dependencies.messages.delete(entry.channel or self._channel, ts)

    # After a crash

    def say_it_was_cut_off(self) -> None:
        """Put a note under what a process left that ended in the middle of it. All of it is given again."""
        part = self._question.status.parts[-1] if self._question.status.parts else None
        if part and part.way == "stream" and part.ts is not None and self._question.status.asks:
            self._question.context.ensure_time(APPEND.longest)
            with passing(APPEND), suppress(StreamClosed, TunesmithError):
                self._dependencies.streams.append(self._channel, part.ts, f"\n\n{INTERRUPTED}")

    def settle_opening(self) -> None:
        """Find out whether the last message was opened, where only the intent is known.

        Raises:
            NotReady: it may still show up, or it cannot yet be told from another question's.
        """
        parts = self._question.status.parts
        if not parts or parts[-1].way == "post" or parts[-1].ts is not None:
            return
        ts = self._find(len(parts) - 1)
        if ts is None:
            parts.pop()
        else:
            parts[-1].ts = ts
        self._question.save()

    def take_up_a_forgotten_one(self) -> None:
        """Find the message that was opened, or even closed, for this question, though no intent is known.

        A store that failed over may have forgotten the intent. Such a message becomes the answer's first one.

        Raises:
            NotReady: there is one, and it cannot yet be told from another question's.
        """
        question, since = self._question, self._question.spec.asked_at
        try:
            found = self._dependencies.streams.unmarked(
                self._channel, question.thread, since=since, or_with=marker(question.context, name_of(0))
            )
        except Refused as refusal:
            log.info("%s: the thread cannot be read: %s", question.context.key, refusal.sentence)
            return
        if not found:
            return  # nearly always
        known, contested = self._others(question.context.now(), since.timestamp())
        mine = [ts for ts in found if ts not in known]
        if mine and contested:
            raise NotReady(1.0)
        if mine:
            question.status.parts.append(Part("stream", at=question.context.now(), ts=mine[0]))
            question.save()

    def is_said(self) -> bool:
        """Return whether every message was closed before: they say an answer, whatever the store knows of it."""
        parts = self._question.status.parts
        try:
            return bool(parts) and all(part.ts in self._marked(index) for index, part in enumerate(parts))
        except Refused:
            return False

    def _marked(self, index: int) -> list[str]:
        mark = marker(self._question.context, name_of(index))
        since = self._question.spec.asked_at
        return self._dependencies.messages.find(
            self._channel, mark, since=since, thread_ts=self._question.thread
        )

    def _find(self, index: int) -> str | None:
        try:
            return self._read_back(index, self._question.status.parts[index].at)
        except Refused as refusal:
            log.warning("%s: the thread cannot be read: %s", self._question.context.key, refusal.sentence)
            return None

    def _read_back(self, index: int, at: float) -> str | None:
        question, since = self._question, datetime.fromtimestamp(at, UTC)
        marked = self._dependencies.messages.find(
            self._channel, marker(question.context, name_of(index)), since=since, thread_ts=question.thread
        )
        if marked:
            return marked[0]
        known, contested = self._others(at, at)
        found = [
            ts
            for ts in self._dependencies.streams.unmarked(self._channel, question.thread, since=since)
            if ts not in known and float(ts) <= at + WINDOW
        ]
        age = question.context.now() - at
        if contested and found and age < WINDOW:
            raise NotReady(5.0)
        if found:
            return None if contested else found[0]
        if 0 <= age < OPEN.grace:
            raise NotReady(OPEN.grace - age)
        return None

    def _others(self, at: float, since: float) -> tuple[set[str], bool]:
        """Return which messages in the thread are known to be of answers, and whether another intent is open.

        Of those that may have been opened ``since``: of questions in hand, and of those that were asked so late that
        they can have ended after it. All others, of a week, are not read.
        """
        known: set[str] = set()
        contested = False
        store = self._dependencies.store
        for resource in (*store.unfinished(KIND), *store.of_kind(KIND, since=since - LONGEST)):
            if not self._same_thread(resource):
                continue
            for part in SCHEMA.status_of(resource).parts:
                if part.ts is not None:
                    known.add(part.ts)
                elif (
                    resource.key != self._question.context.key
                    and part.way == "stream"
                    and abs(part.at - at) < WINDOW
                ):
                    contested = True
        return known, contested

    def _same_thread(self, resource: Resource) -> bool:
        return place_of(resource) == (self._channel, self._question.thread)
