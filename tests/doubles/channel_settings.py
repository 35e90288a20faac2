"""The twin of how channels want to be answered."""

from bot.questions.answerer import ChannelSettings


class InMemoryChannelSettings:
    """A ``ChannelSettingsRepository`` in a dictionary."""

    def __init__(self) -> None:
        self._settings: dict[str, ChannelSettings] = {}

    def save(self, settings: ChannelSettings) -> None:
        self._settings[settings.channel] = settings

    def of(self, channel: str) -> ChannelSettings | None:
        return self._settings.get(channel)
