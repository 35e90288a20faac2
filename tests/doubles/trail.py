"""A ``Trail`` in memory, and ``Segments`` in memory."""

from collections.abc import Mapping, Sequence

from bot.audit.chain import Chain, Entry, Head
from bot.audit.decisions import Decision

AT = "2026-11-22T09:00:00.000+00:00"


class InMemoryTrail:
    """Keeps entries in a list."""

    def __init__(self, chain: Chain | None = None) -> None:
        self.chain = chain or Chain(b"a key of the tests alone")
        self.entries = list[Entry]()
        self.last = Head()

    def append(self, decision: Decision) -> None:
        """Add an entry."""
        [entry] = self.chain.follow(self.last, AT, [decision.document()])
        self.entries.append(entry)
        self.last = Head(entry.number, entry.code)

    def head(self) -> Head:
        """Return where they end."""
        return self.last

    def read(self, after: int = 0, count: int = 1000) -> Sequence[Entry]:
        """Return so many of those after a number."""
        return [each for each in self.entries if int(each.place.split("-")[0]) > after][:count]

    def cut(self, up_to: int) -> None:
        """Forget those up to a number."""
        self.entries = list(self.read(up_to, len(self.entries)))


class InMemorySegments:
    """Keeps segments by their numbers and code."""

    def __init__(self, region: str = "us-east-1") -> None:
        self.region = region
        self.kept = dict[tuple[int, int, str], bytes]()

    def put(self, first: int, head: Head, content: bytes) -> None:
        """Keep a segment."""
        self.kept[first, head.number, head.code] = content

    def heads(self) -> Mapping[int, str]:
        """Return the codes of all last entries."""
        found = dict[int, str]()
        for _, last, code in sorted(self.kept):
            found.setdefault(last, code)
        return found
