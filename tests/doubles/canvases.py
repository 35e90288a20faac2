"""Slack's canvases in memory: what is in them, and who may read them."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from typing import TypeVar

from bot.errors import NotFound, Refused
from tests.doubles.messages import Failure

T = TypeVar("T")


class FakeCanvases:
    """A ``Canvases`` in memory, of a workspace that has none until a test says ``has_them``.

    Attributes:
        made: The Markdown of each canvas, by its ID.
        readers: The channels and people that each is open to, by its ID.
        calls: How often each method was called.
    """

    def __init__(self) -> None:
        self.has_them = False
        self.made: dict[str, str] = {}
        self.readers: dict[str, set[str]] = defaultdict(set)
        self.calls: Counter[str] = Counter()
        self._orders: dict[str, deque[Failure]] = defaultdict(deque)

    def order(self, method: str, *failures: Failure) -> None:
        """Make the next calls of that method fail, in this order."""
        assert method in {"create", "open_to", "link"}
        self._orders[method].extend(failures)

    def create(self, title: str, markdown: str) -> str:
        assert title

        def act() -> str:
            if not self.has_them:
                raise Refused("Slack does not let me use a canvas here.")
            canvas = f"FCANVAS{len(self.made) + 1}"
            self.made[canvas] = markdown
            return canvas

        return self._call("create", act)

    def open_to(self, canvas: str, *, channel: str, reader: str) -> None:
        def act() -> None:
            self._check(canvas)
            self.readers[canvas].add(reader if channel.startswith("D") else channel)

        self._call("open_to", act)

    def link(self, canvas: str) -> str:
        def act() -> str:
            self._check(canvas)
            return f"https://slack.test/docs/T1/{canvas}"

        return self._call("link", act)

    def _check(self, canvas: str) -> None:
        if canvas not in self.made:
            raise NotFound("Slack has no such canvas.")

    def _call(self, method: str, act: Callable[[], T]) -> T:
        self.calls[method] += 1
        failure = self._orders[method].popleft() if self._orders[method] else None
        if failure is None:
            return act()
        if failure.took_effect:
            act()
        raise failure.error
