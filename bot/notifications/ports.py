"""What is needed to know what a reader wants."""

from typing import Protocol

from bot.notifications.model import Reader


class Readers(Protocol):
    """What people have said about being told things. Raises ``Unavailable`` when the store does not answer."""

    def get(self, user: str) -> Reader | None:
        """Return what the person said, or None when they never said anything."""

    def save(self, reader: Reader) -> None:
        """Keep what they said, in the place of what they said before."""


class People(Protocol):
    """The people of the workspace, as Slack knows them."""

    def zone(self, user: str) -> str:
        """Return the name of the person's time zone, such as ``Europe/London``; ``UTC`` when they have none.

        Raises:
            Refused: there is no such person.
            Throttled, Unavailable: Slack did not say.
        """
