"""Weekly digests, as handlers ask for them: one for each channel that wants it."""

from dataclasses import replace

from bot.clock import Clock
from bot.controller.model import Key
from bot.controller.ports import ResourceStore
from bot.digests.model import DAYS, KIND, SCHEMA, DigestSpec
from bot.errors import Refused


class DigestService:
    """Writes down which channels want a digest, and when. Every method may raise ``Unavailable``.

    Args:
        store: where the digests are.
        clock: when one was switched on.
        operator: the operator's channel, whose digest is about all channels; empty: none is.
    """

    def __init__(self, store: ResourceStore, clock: Clock, operator: str = "") -> None:
        self._store = store
        self._clock = clock
        self._operator = operator

    def find(self, channel: str) -> DigestSpec | None:
        """Return the channel's digest, or None when it has none or it was switched off."""
        resource = self._store.get(Key(KIND, channel))
        spec = SCHEMA.spec_of(resource) if resource else None
        return spec if spec and spec.on else None

    def set(self, channel: str, by: str, weekday: int, hour: int) -> DigestSpec:
        """Have the channel told every week, in the time zone of ``by``. A later wish replaces an earlier one.

        Raises:
            Refused: there is no such day or hour.
        """
        if weekday not in range(len(DAYS)) or hour not in range(24):
            raise Refused(
                "A week has no such time.", hint="Write it as `monday 9`, in whole hours from 0 to 23."
            )
        wanted = DigestSpec(
            channel=channel,
            by=by,
            weekday=weekday,
            hour=hour,
            since=self._clock.now(),
            everything=bool(channel) and channel == self._operator,
        )
        if not self._store.register(SCHEMA.wanted(channel, wanted)):

            def change(before: DigestSpec) -> DigestSpec:
                return replace(wanted, since=before.since if before.on else wanted.since)

            self._store.amend(Key(KIND, channel), SCHEMA.on_documents(change))
        return wanted

    def switch_off(self, channel: str) -> bool:
        """Tell the channel no more. Return whether it was told before."""
        if self.find(channel) is None:
            return False
        self._store.amend(Key(KIND, channel), SCHEMA.on_documents(lambda spec: replace(spec, on=False)))
        return True
