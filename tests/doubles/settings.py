"""The twins of how models answer, and of how channels want to be answered."""

from collections.abc import Callable
from typing import Generic, TypeVar

from bot.models.model import AnswerSettings
from bot.questions.answerer import ChannelSettings

S = TypeVar("S")


class _InMemorySettings(Generic[S]):
    """Settings in a dictionary; ``about`` says whose they are."""

    def __init__(self, about: Callable[[S], str]) -> None:
        self._settings: dict[str, S] = {}
        self._about = about

    def save(self, settings: S) -> None:
        self._settings[self._about(settings)] = settings

    def of(self, about: str) -> S | None:
        return self._settings.get(about)


class InMemoryAnswerSettings(_InMemorySettings[AnswerSettings]):
    """An ``AnswerSettingsRepository``."""

    def __init__(self) -> None:
        super().__init__(lambda settings: settings.arn)


class InMemoryChannelSettings(_InMemorySettings[ChannelSettings]):
    """A ``ChannelSettingsRepository``."""

    def __init__(self) -> None:
        super().__init__(lambda settings: settings.channel)
