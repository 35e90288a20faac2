"""What is told past the store: in Slack directly, once as far as Slack tells, and remembered by this process alone.

Notices need the store, for what they intend and for their turn. Where the store itself is what is wrong, people are
told this way. The marker may be that of a notice: it is found then, and not said a second time.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Clock
from bot.controller.model import Message
from bot.controller.outbox.fallbacks import explained, is_person
from bot.controller.outbox.people import KeptOut, check_reader
from bot.controller.ports import Messages
from bot.errors import NotFound, Refused, Throttled, TunesmithError, Unavailable, UnknownOutcome
from bot.lately import Lately

log = logging.getLogger(__name__)

_SOON, _UNCLEAR, _AWAY = 5.0, 20.0, 60.0
"""Seconds until the next try: in general, after a call of which nobody knows what came of it, and at most."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said, and the channels or people of whom the first that takes it is told."""

    marker: str
    message: Message
    places: tuple[str, ...]
    thread_ts: str | None
    since: datetime


@dataclass(slots=True)
class _Pending:
    words: Words
    place: int = 0
    in_thread: bool = True
    refused: list[str] = field(default_factory=list)
    at: float = 0.0
    wait: float = 0.0


class StorelessMessages:
    """Says things once, and goes on trying while Slack is away."""

    def __init__(
        self, messages: Messages, clock: Clock, is_kept_out: KeptOut = lambda _person, _channel: False
    ) -> None:
        """``messages`` is Slack itself, without whatever needs the store before a call.

        ``is_kept_out``: who cannot see a channel any more, and so is not told what that does not take.
        """
        self._messages = messages
        self._is_kept_out = is_kept_out
        self._clock = clock
        self._pending: dict[str, _Pending] = {}
        self._said: Lately[str, bool] = Lately()

    def say(self, words: Words) -> None:
        """Have it said with the next ``go_on``, unless it was said or waits already."""
        if words.marker not in self._said and words.places:
            self._pending.setdefault(words.marker, _Pending(words))

    def go_on(self) -> None:
        """Say what is to be said. What Slack does not take for now waits."""
        for each in list(self._pending.values()):
            if self._clock.monotonic() >= each.at:
                self._try(each)

    def _try(self, each: _Pending) -> None:
        # Set before the try: one that raises something unknown must not be tried again with every tick.
        each.wait = min(max(2 * each.wait, _SOON), _AWAY)
        each.at = self._clock.monotonic() + each.wait
        try:
            self._post(each)
        except Throttled as slow:
            each.at = self._clock.monotonic() + slow.retry_after
        except UnknownOutcome:
            each.at = self._clock.monotonic() + _UNCLEAR
        except Unavailable as away:
            log.debug("It cannot be told yet: %s", away.sentence)
        except NotFound:
            self._move_on(each, "What it belongs to is gone.", thread=each.in_thread)
        except TunesmithError as refusal:
            self._move_on(each, refusal.sentence, thread=False)
        else:
            self._over(each)

    def _post(self, each: _Pending) -> None:
        words, place = each.words, each.words.places[each.place]
        if each.place and is_person(place):
            check_reader(self._is_kept_out, place, words.places[0])
        channel = self._messages.direct(place) if is_person(place) else place
        # The thread is the first place's: no other has the message that opened it.
        thread = words.thread_ts if each.place == 0 and each.in_thread else None
        if self._is_there(channel, words, thread):
            return
        message = explained(words.message, words.places[:1], each.refused)
        self._messages.post(channel, message, marker=words.marker, thread_ts=thread)

    def _is_there(self, channel: str, words: Words, thread: str | None) -> bool:
        try:
            return bool(self._messages.find(channel, words.marker, since=words.since, thread_ts=thread))
        except Refused:
            return False  # the attempt itself tells better what is wrong

    def _move_on(self, each: _Pending, reason: str, *, thread: bool) -> None:
        """Go on with the channel itself where only the thread is gone, else with the next place."""
        each.at = 0.0
        if thread and each.words.thread_ts and each.place == 0:
            each.in_thread = False
            return
        each.refused.append(reason)
        each.place += 1
        if each.place >= len(each.words.places):
            log.error("Nobody could be told: %s (%s)", each.words.message.text, " ".join(each.refused))
            self._over(each)

    def _over(self, each: _Pending) -> None:
        del self._pending[each.words.marker]
        self._said.put(each.words.marker, True)


__all__ = ["StorelessMessages", "Words"]
