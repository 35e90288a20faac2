"""What people are, as a test says it."""

from bot.errors import Unavailable
from bot.memberships import Membership


class FakeMemberships:
    """A ``Memberships`` in which everybody is a member unless ``others`` says otherwise."""

    def __init__(self, **others: Membership) -> None:
        self.others = others
        self.asked: list[str] = []
        self.down = False

    def membership(self, user: str) -> Membership:
        self.asked.append(user)
        if self.down:
            raise Unavailable("Slack could not be reached.")
        return self.others.get(user, Membership.MEMBER)
