"""How a channel wants to be answered, as its people set it."""

from bot.access import Access
from bot.clock import Clock
from bot.directory.directory import Directory
from bot.errors import Refused
from bot.questions.answerer import ChannelSettings
from bot.questions.ports import ChannelSettingsRepository
from bot.visibility import is_direct


class ChannelService:
    """Reads and sets how the channel that the viewer acts in is answered. Every method may raise ``Unavailable``."""

    def __init__(
        self,
        settings: ChannelSettingsRepository,
        directory: Directory,
        access: Access,
        clock: Clock,
        *,
        base_meanwhile: bool = True,
    ) -> None:
        """``base_meanwhile``: whether the operator lets a base answer for its model that is asleep."""
        self.base_meanwhile = base_meanwhile
        self._settings = settings
        self._directory = directory
        self._access = access
        self._clock = clock

    def settings(self) -> ChannelSettings | None:
        """Return what is set for the channel that the viewer acts in, or None while nobody has set anything."""
        return self._settings.of(self._directory.viewer.here)

    def settings_of(self, channel: str) -> ChannelSettings | None:
        """Return what is set for a channel that the viewer sees; None for others, and while nothing is."""
        return self._settings.of(channel) if self._directory.sight.sees_channel(channel) else None

    def is_private(self, channel: str) -> bool:
        """Return whether answers to commands in the channel are for whoever asks alone."""
        found = self._settings.of(channel)
        return found is not None and found.private

    def set(
        self, by: str, *, private: bool | None = None, base_meanwhile: bool | None = None
    ) -> ChannelSettings:
        """Have questions in the channel be answered so from now on. Repeating it changes nothing; None leaves it.

        Raises:
            NotAllowed: they may not.
            Refused: it is a direct message, which is private.
        """
        here = self._directory.viewer.here
        self._access.check_spending(by, here)
        if not here or is_direct(here):
            raise Refused("What you ask me directly is between us.", hint="Set it in a channel.")
        before = self._settings.of(here) or ChannelSettings(here, private=False, by=by, at=self._clock.now())
        made = ChannelSettings(
            here,
            before.private if private is None else private,
            by,
            self._clock.now(),
            before.base_meanwhile if base_meanwhile is None else base_meanwhile,
        )
        self._settings.save(made)
        return made
