"""By which channel a person is reached, and whether what did not get into its own place is theirs to read."""

from collections.abc import Callable

from bot.controller.context import NotReady
from bot.controller.effects import passing
from bot.controller.outbox.effects import DIRECT
from bot.controller.outbox.fallbacks import NoPlace, is_person
from bot.controller.outbox_entries import OutboxEntry
from bot.controller.ports import Messages
from bot.errors import Refused, Throttled

KeptOut = Callable[[str, str], bool]
"""Whether a person (first) cannot see a conversation: Slack has it, and they are not in it.

Raises ``Unavailable`` when Slack does not say."""


def check_reader(is_kept_out: KeptOut, person: str, home: str) -> None:
    """Check that a person may read what ``home``, where it belongs, does not take.

    Raises:
        Refused: they cannot see that channel any more.
        Unavailable: Slack does not say.
    """
    if home[:1] in ("C", "G") and is_kept_out(person, home):
        raise Refused("Its owner cannot see that channel any more.")


class People:
    """Opens direct messages; ``is_kept_out`` says who left a private channel that something came from."""

    def __init__(self, messages: Messages, is_kept_out: KeptOut) -> None:
        self._messages = messages
        self._is_kept_out = is_kept_out

    def direct(self, user: str) -> str:
        """Return the channel by which a person is reached. Repeating it is harmless.

        Raises:
            Refused: there is no such person, or they are gone from the workspace.
            Throttled, Unavailable: it is not known yet.
        """
        with passing(DIRECT):
            return self._messages.direct(user)

    def owner(self, user: str, home: str) -> str:
        """Return the channel by which an owner is reached with what ``home``, where it belongs, does not take.

        Raises:
            Refused: as above, or they cannot see that channel any more.
            Throttled, Unavailable: it is not known yet.
        """
        check_reader(self._is_kept_out, user, home)
        return self.direct(user)

    def check_reader(self, entry: OutboxEntry) -> None:
        """Check that an owner who was told directly may read on.

        Raises:
            Refused: they cannot see where it belongs any more.
            Unavailable: Slack does not say.
        """
        if entry.owner and entry.to == entry.owner and entry.tried:
            check_reader(self._is_kept_out, entry.owner, entry.tried[0])

    def place(self, entry: OutboxEntry) -> str:
        """Return the channel of the place whose turn it is: a person's, or the channel that it is.

        Raises:
            NoPlace: it is nobody's, or they cannot be reached there.
            NotReady, Unavailable: it is not known yet.
        """
        to = entry.to or ""
        if not to:
            raise NoPlace("Nobody said where it belongs.")
        if not is_person(to):
            return to
        try:
            return self.owner(to, entry.tried[0]) if entry.tried and to == entry.owner else self.direct(to)
        except Throttled as slow:
            raise NotReady(slow.retry_after) from slow
        except Refused as refusal:
            raise NoPlace(refusal.sentence) from refusal
