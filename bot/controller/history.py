"""Whether the store has another history than before: emptied, replaced, restarted, rolled back, or failed over.

It is one rule, since the store can forget in all these ways, and what is to be done about it is the same: what stands
is looked at at once, so that the look at the account finds in AWS what was forgotten. Told is only what the server
says of itself (``SpecWriter.era``); where it says nothing, nothing is asserted, and all looks come when they are due.
"""

import logging
from collections.abc import Sequence

from bot.controller.model import Registration
from bot.controller.ports import ResourceStore

log = logging.getLogger(__name__)


def is_another(before: str | None, era: str) -> bool:
    """Return whether a store in this era may have forgotten what was done in the one ``before``.

    ``before`` None: none was ever noted, as in a store that was emptied or is new.
    """
    return before is None or era not in {"", before}


class Standing:
    """What is always there, whatever becomes of the store.

    Args:
        store: where it is registered.
        registrations: of what stands.
    """

    def __init__(self, store: ResourceStore, registrations: Sequence[Registration]) -> None:
        self._store = store
        self._registrations = tuple(registrations)
        self._era: str | None = None

    def see_to_it(self) -> None:
        """Register what is missing, and make all of it due where the store has another history than at the last call.

        At the first call nobody knows what it was before, so that all of it is due then, too. Each resource knows when
        it last looked, and in which era: most such turns end without a look.

        Raises:
            Unavailable: the store does not answer. It is made good at the next call.
        """
        if not self._registrations:
            return
        for each in self._registrations:
            self._store.register(each)
        # Asked anew each time: what the store said a moment ago may be what another server said.
        era = self._store.era(at_once=True)
        if is_another(self._era, era):
            if self._era is not None:
                log.warning("The store has another history than before: what it forgot is looked for")
            self._store.enqueue_now(*(each.key for each in self._registrations))
        self._era = era
