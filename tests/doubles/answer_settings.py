"""The twin of how models answer."""

from bot.models.model import AnswerSettings


class InMemoryAnswerSettings:
    """An ``AnswerSettingsRepository`` in a dictionary."""

    def __init__(self) -> None:
        self._settings: dict[str, AnswerSettings] = {}

    def save(self, settings: AnswerSettings) -> None:
        self._settings[settings.arn] = settings

    def of(self, arn: str) -> AnswerSettings | None:
        return self._settings.get(arn)
