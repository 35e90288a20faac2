"""Telling operators of what cannot be read, once for all processes, and once when it can be read again.

Whom the store says to have been told is told of the end too, by whichever process sees it: often it is a newer release
that can read it, which knows nothing of what an older one has said.
"""

import logging
from collections.abc import Sequence

from bot.clock import Clock
from bot.controller.damage import Called, Damage
from bot.controller.model import Key
from bot.controller.outbox.entries import numbered
from bot.controller.outbox.fallbacks import is_elsewhere
from bot.controller.ports import Renderer, ResourceStore
from bot.errors import TunesmithError, Unreadable
from bot.notifications.cards import Readable, Unread
from bot.notifications.reconciler import KIND as TELLING
from bot.notifications.reconciler import notification

log = logging.getLogger(__name__)

_BEGAN, _OVER = "unreadable", "readable"
_ABOUT = "damage:"


class DamageTelling:
    """Tells of damage through the store: a message of its own each, which no process tells twice."""

    def __init__(
        self,
        store: ResourceStore,
        damage: Damage,
        renderer: Renderer,
        operators: Sequence[str],
        clock: Clock,
    ) -> None:
        """``operators`` are people or channels by ID."""
        self._renderer = renderer
        self._store = store
        self._damage = damage
        self._operators = tuple(operators)
        self._clock = clock
        self._recalled = False

    def go_on(self) -> None:
        """Tell what is news. Never raises for a store that is away: it is told later."""
        try:
            self._recall()
        except TunesmithError as trouble:
            log.debug("What was told of damage is not known yet: %s", trouble.sentence)
        self._tell_what_began()
        self._tell_what_is_over()

    def _recall(self) -> None:
        """Know once what others have told of, and look whether it can be read now."""
        if self._recalled:
            return
        told = [each.key.id for each in self._store.of_kind(TELLING) if each.key.id.startswith(_ABOUT)]
        for where, name in {_place(each) for each in told}:
            if any(self._is_told(where, name, each) for each in self._operators):
                self._damage.remember(where, name)
                self._read(where, name)
        self._recalled = True

    def _read(self, where: str, name: str) -> None:
        """Read it, which tells ``Damage`` that it can be read. What is no thing is read by whoever lists it."""
        try:
            self._store.get(Key(where, name))
        except Unreadable:
            return

    def _tell_what_began(self) -> None:
        untold = self._damage.take_untold()
        try:
            for where, name, why in untold:
                called = self._damage.called(where)
                for each in self._operators:
                    card = Unread(called, _name_for(each, called, name), why)
                    self._tell(where, name, _BEGAN, each, card)
        except TunesmithError as trouble:
            log.debug("What cannot be read cannot be told yet: %s", trouble.sentence)
            self._damage.give_back(untold)

    def _tell_what_is_over(self) -> None:
        mended = self._damage.take_mended()
        try:
            for where, name in mended:
                called = self._damage.called(where)
                for each in self._operators:
                    if self._is_told(where, name, each):
                        self._tell(where, name, _OVER, each, Readable(called, _name_for(each, called, name)))
        except TunesmithError as trouble:
            log.debug("What can be read again cannot be told yet: %s", trouble.sentence)
            self._damage.give_back_mended(mended)

    # What was told

    def _tell(self, where: str, name: str, event: str, who: str, card: Unread | Readable) -> None:
        event, message = numbered(event, self._times_over(where, name, who)), self._renderer.render(card)
        self._store.register(notification(_about(where, name), event, who, message, self._clock.now()))

    def _is_told(self, where: str, name: str, who: str) -> bool:
        """Return whether they were told that it cannot be read, and not yet that it can."""
        event = numbered(_BEGAN, self._times_over(where, name, who))
        return self._knows(where, name, event, who)

    def _times_over(self, where: str, name: str, who: str) -> int:
        times = 0
        while self._knows(where, name, numbered(_OVER, times), who):
            times += 1
        return times

    def _knows(self, where: str, name: str, event: str, who: str) -> bool:
        try:
            return self._store.get(Key(TELLING, f"{_about(where, name)}:{event}:{who}")) is not None
        except Unreadable:
            return True


def _name_for(who: str, called: Called, name: str) -> str:
    """Return what a message to them calls it: in a channel others read along, to whom no name of it is told."""
    return "" if called.named and is_elsewhere(who, "") else name


def _about(where: str, name: str) -> str:
    return f"{_ABOUT}{where}:{name}"


def _place(telling_id: str) -> tuple[str, str]:
    """Return where and what a notification is about: names may hold colons, collections and events hold none."""
    where, _, rest = telling_id.removeprefix(_ABOUT).partition(":")
    for event in (_BEGAN, _OVER):
        name, found, _ = rest.rpartition(f":{event}:")
        if found:
            return where, name
    return where, rest
