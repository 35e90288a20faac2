"""Which channels got another ID, in memory."""

from collections.abc import Iterable, Mapping, Sequence

from bot.clock import Clock
from bot.errors import TunesmithError
from bot.moved_channels import ChannelMoves
from tests.doubles.visibility import FakeChannelMemberships


class InMemoryMoves:
    """A ``KeptMoves`` in memory; ``away`` is raised instead of an answer."""

    def __init__(self) -> None:
        self._former: dict[str, str] = {}
        self.away: TunesmithError | None = None

    def all(self) -> Mapping[str, str]:
        self._answer()
        return dict(self._former)

    def keep(self, later: str, former: str) -> None:
        self._answer()
        self._former.setdefault(later, former)

    def drop(self, later: Iterable[str]) -> None:
        self._answer()
        for each in later:
            self._former.pop(each, None)

    def _answer(self) -> None:
        if self.away:
            raise self.away


def moves_in(places: FakeChannelMemberships, clock: Clock) -> ChannelMoves:
    """Return what knows of no move yet; what it hears of counts once it is so in these places."""

    def confirm(former: Sequence[str], later: str) -> bool:
        now = places.place(later)
        return now is not None and now.joined and all(places.place(each) is None for each in former)

    return ChannelMoves(InMemoryMoves(), confirm, clock)
