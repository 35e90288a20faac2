"""What people want to be told, and when: their quiet hours."""

from bot.clock import Clock
from bot.errors import Refused
from bot.notifications.model import Quiet, Reader
from bot.notifications.ports import Readers


class QuietHoursService:
    """Writes wishes down. Every method may raise ``Unavailable`` when the store does not answer."""

    def __init__(self, readers: Readers, clock: Clock) -> None:
        self._readers = readers
        self._clock = clock

    def quiet(self, user: str) -> Quiet | None:
        """Return the person's quiet hours, or None when they have none."""
        reader = self._readers.get(user)
        return reader.quiet if reader else None

    def set_quiet(self, user: str, quiet: Quiet | None) -> None:
        """Keep the person's quiet hours, in their own time zone; None takes them away.

        Raises:
            Refused: these are no hours of a day.
        """
        if quiet and (quiet.begins == quiet.ends or not {quiet.begins, quiet.ends} <= set(range(24))):
            raise Refused(
                "Quiet hours begin and end at two different hours of the day.",
                hint="Write them as `22-7`, in whole hours from 0 to 23.",
            )
        self._readers.save(Reader(user, quiet, self._clock.now()))
