"""When somebody may be pinged."""

from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.errors import Misconfigured, Refused
from bot.lately import Lately
from bot.notifications.model import quiet_until, zone_of
from bot.notifications.ports import People, Readers

_FRESH = timedelta(hours=1)


class QuietHours:
    """Knows each reader's quiet hours in the reader's own time zone, which Slack is asked for once an hour."""

    def __init__(self, readers: Readers, people: People, clock: Clock) -> None:
        self._readers = readers
        self._people = people
        self._clock = clock
        self._zones: Lately[str, tuple[datetime, str]] = Lately()

    def quiet_until(self, user: str, store_now: float) -> datetime | None:
        """Return when the person's quiet hours end, or None when they may be pinged now.

        ``store_now`` is the store's time, which all processes share: one whose own clock is hours ahead or behind would
        ping people in the night.

        Raises:
            Throttled, Unavailable: the store or Slack did not answer, and it matters.
        """
        reader = self._readers.get(user)
        if reader is None or reader.quiet is None:
            return None
        now = datetime.fromtimestamp(store_now, UTC)
        return quiet_until(reader.quiet, zone_of(self.zone(user)), now)

    def zone(self, user: str) -> str:
        """Return the name of the person's time zone; UTC when Slack will not say.

        Raises:
            Throttled, Unavailable: Slack did not answer.
        """
        now, known = self._clock.now(), self._zones.get(user)
        if known and abs(now - known[0]) < _FRESH:
            return known[1]
        try:
            zone = self._people.zone(user)
        except (Refused, Misconfigured):
            zone = "UTC"
        self._zones.put(user, (now, zone))
        return zone
