"""Telling those who run the bot, in Slack and at once: what the log says once, they hear once."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress

from bot.clock import Clock
from bot.controller.ports import Inbox
from bot.errors import TunesmithError
from bot.faults import News

Say = Callable[[str, str], None]
"""Writes a text to a person or channel, by ID; raises one of our errors when Slack does not take it."""


class Operators:
    """The operator, or where none is set those who approve spending.

    Args:
        places: people or channels by ID.
        say: writes to one of them.
        told: remembers for all processes what was told.
        clock: the same text may be told again in another hour.
    """

    def __init__(self, places: Sequence[str], say: Say, told: Inbox, clock: Clock) -> None:
        self._places = tuple(places)
        self._say = say
        self._told = told
        self._clock = clock

    def tell(self, text: str) -> None:
        """Tell each of them, unless a process has told this within the hour, in these words or, of a fault, in others.

        Raises:
            TunesmithError: Slack took it for none of them.
        """
        fault = self._name_of(text)
        if not self._is_news(fault):
            return
        refusals: list[TunesmithError] = []
        for place in self._places:
            try:
                self._say(place, text)
            except TunesmithError as error:
                refusals.append(error)
        if self._places and len(refusals) == len(self._places):
            with suppress(TunesmithError):
                self._told.forget(fault)  # nobody knows it yet: the next try is the first
            raise refusals[0]

    def _name_of(self, text: str) -> str:
        about = text.about if isinstance(text, News) else text
        digest = hashlib.sha256(about.encode()).hexdigest()[:16]
        return f"fault:{self._clock.now():%Y%m%d%H}:{digest}"

    def _is_news(self, fault: str) -> bool:
        try:
            return self._told.first_time(fault)
        except TunesmithError:
            return True  # better twice than not at all
