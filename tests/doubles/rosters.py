"""Who is in which user group or channel, as a test says it."""

from bot.errors import Unavailable
from bot.rosters import Roster


class FakeRosters:
    """A ``Rosters`` of what ``there`` says; what is not in it cannot be read.

    Attributes:
        private: who is in a channel that not everybody sees.
        silent: what Slack says nothing of right now.
    """

    def __init__(self, **there: Roster) -> None:
        self.there = there
        self.private: dict[str, frozenset[str]] = {}
        self.silent: set[str] = set()

    def roster(self, principal: str) -> Roster | None:
        if principal in self.silent:
            raise Unavailable("Slack could not be reached.")
        return self.there.get(principal)

    def known(self, principal: str) -> Roster | None:
        return self.there.get(principal)

    def readers(self, channel: str) -> frozenset[str] | None:
        return self.private.get(channel)

    def forget(self, principal: str) -> None:
        self.there.pop(principal, None)


def people(*users: str, joinable: bool = False) -> Roster:
    """Return a roster of these."""
    return Roster(frozenset(users), open=joinable)
