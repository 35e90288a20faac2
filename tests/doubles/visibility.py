"""Who is where, and what is shared, in memory."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from bot.access import Access
from bot.controller.ports import ResourceStore
from bot.datasets.ports import DatasetRepository
from bot.directory.directory import Directory
from bot.errors import TunesmithError
from bot.kinds import SOURCES
from bot.models.model import Share
from bot.models.ports import ModelRepository, ModelStores
from bot.visibility import Place, Viewer, is_direct
from tests.doubles.aliases import InMemoryAliases
from tests.doubles.bedrock import InMemoryModels
from tests.doubles.datasets import MemoryDatasetRepository
from tests.doubles.memberships import FakeMemberships


class FakeChannelMemberships:
    """A ``ChannelMemberships`` in memory: channels are public, people full members, unless a test says otherwise.

    Attributes:
        away: What is raised instead of an answer.
        too_many: Conversations of which nobody is told who is in them.
        asked: How often each question was asked.
    """

    def __init__(self) -> None:
        self._places: dict[str, Place | None] = {}
        self._members: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, str] = {}
        self._guests: set[str] = set()
        self.away: TunesmithError | None = None
        self.too_many: set[str] = set()
        self.heard: list[tuple[str, str]] = []
        self.asked: Counter[str] = Counter()

    # What tests do to it

    def private(self, channel: str, *members: str, name: str = "") -> None:
        """Make it a private channel with these members."""
        self._places[channel], self._names[channel] = Place(public=False), name
        self._members[channel] = set(members)

    def public(
        self, channel: str, *members: str, name: str = "", foreign: bool = False, joined: bool = True
    ) -> None:
        """Make it a public channel; ``foreign``: people of another workspace are in it, too."""
        self._places[channel], self._names[channel] = Place(True, foreign, joined), name
        self._members[channel] = set(members)

    def direct(self, channel: str, user: str) -> None:
        """Make it the direct message with a person."""
        self._places[channel] = Place(public=False, person=user)

    def gone(self, channel: str) -> None:
        """Have the channel be one that we do not see."""
        self._places[channel] = None
        self._members.pop(channel, None)

    def guest(self, user: str) -> None:
        """Make the person a guest."""
        self._guests.add(user)

    def leave(self, channel: str, user: str) -> None:
        """Take a person out of a channel."""
        self._members[channel].discard(user)

    # What the port says

    def place(self, channel: str) -> Place | None:
        self._ask("place")
        return self._places.get(channel, None if is_direct(channel) else Place(public=True))

    def known_as(self, channel: str) -> str:
        return channel

    def is_full(self, user: str) -> bool:
        self._ask("is_full")
        return user not in self._guests

    def members(self, channel: str, *, ask: bool) -> AbstractSet[str] | None:
        if not ask:
            return None
        self._ask("members")
        return None if channel in self.too_many else frozenset(self._members.get(channel, ()))

    def conversations(self, user: str) -> Mapping[str, str]:
        self._ask("conversations")
        return {each: self._names.get(each, "") for each, members in self._members.items() if user in members}

    def silent(self) -> bool:
        return self.away is not None

    def changed(self, channel: str, user: str) -> None:
        self.heard.append((channel, user))

    def _ask(self, what: str) -> None:
        self.asked[what] += 1
        if self.away:
            raise self.away


class InMemoryShares:
    """``Shares`` in a dictionary."""

    def __init__(self) -> None:
        self._shares: dict[tuple[str, str], Share] = {}

    def save(self, share: Share) -> None:
        self._shares[share.arn, share.channel] = share

    def all(self) -> list[Share]:
        return sorted(self._shares.values(), key=lambda each: each.at, reverse=True)


def directory(
    resources: ResourceStore,
    datasets: DatasetRepository | None = None,
    models: ModelRepository | None = None,
    *,
    user: str = "UTRAIN",
    here: str = "C1",
    access: Access | None = None,
    memberships: FakeChannelMemberships | None = None,
) -> Directory:
    """Return the directory of somebody who sees everything, where Slack says nothing else."""
    known_people = access or Access(trainers=frozenset({user}), people=FakeMemberships())
    repository = datasets if datasets is not None else MemoryDatasetRepository()
    known = models if models is not None else InMemoryModels()
    return Directory(
        Viewer(user, here),
        memberships or FakeChannelMemberships(),
        resources,
        repository,
        ModelStores(known, InMemoryShares(), InMemoryAliases()),
        known_people,
        SOURCES,
    )
