"""The twin of names that stand for models."""

from collections.abc import Callable

from bot.models.model import Alias


class InMemoryAliases:
    """``Aliases`` in a dictionary."""

    def __init__(self) -> None:
        self._aliases: dict[tuple[str, str], Alias] = {}

    def change(self, channel: str, name: str, make: Callable[[Alias | None], Alias]) -> Alias:
        place = channel, name.casefold()
        made = self._aliases[place] = make(self._aliases.get(place))
        return made

    def all(self) -> list[Alias]:
        return sorted(self._aliases.values(), key=lambda each: each.now.at, reverse=True)
