"""What is kept and cannot be read: damaged, without a member that it needs, or written by a newer release.

It is left out, and that is said: nothing else vanishes with it, and it does not vanish itself. It is logged once, the
operator is told once, and whoever is shown a list in which it is missing reads that something is missing. It is never
changed: a release that can read it, or a person, may put it right, and then it is there again, and that is told, too.
"""

import logging
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

log = logging.getLogger(__name__)

_local = threading.local()


@dataclass(frozen=True, slots=True)
class Called:
    """What people call such things: one, and many; and what becomes of what they cost while one cannot be read."""

    one: str
    many: str
    money: str = ""
    named: bool = False
    """Whether their IDs are names that people gave, which only those may read who see where they are used."""


_COLLECTIONS: Mapping[str, Called] = {
    "datasets": Called("dataset", "datasets"),
    "models": Called("model", "models", named=True),
    "model-labels": Called("label of a model", "labels of models", named=True),
    "aliases": Called("alias", "aliases", named=True),
    "runs": Called("earlier job", "earlier jobs"),
    "shares": Called("share of a model", "shares of models"),
    "readers": Called("person's settings", "people's settings"),
    "ledger": Called("spending", "spendings"),
    "details": Called("message's details", "messages' details"),
    "conversations": Called("part of a conversation", "parts of a conversation"),
}
"""What is kept beside resources. What people call those, their kinds declare."""


class Damage:
    """What this process has come upon and could not read. Thread-safe.

    Args:
        kinds: what people call resources, by kind.
    """

    def __init__(self, kinds: Mapping[str, Called] | None = None) -> None:
        self._called = {**_COLLECTIONS, **(kinds or {})}
        self._lock = threading.Lock()
        self._known: dict[str, set[str]] = {}
        self._untold: list[tuple[str, str, str]] = []
        self._mended: list[tuple[str, str]] = []

    def report(self, where: str, name: str, why: str) -> None:
        """Say that something was left out. It is logged, and to be told, when that is news to this process.

        Args:
            where: the kind of resource, or the collection: ``job``, ``datasets``.
            name: its ID there.
            why: what is wrong with it, in words.
        """
        left_out: list[Called] | None = getattr(_local, "left_out", None)
        if left_out is not None:
            left_out.append(self.called(where))
        with self._lock:
            known = self._known.setdefault(where, set())
            if name in known:
                return
            known.add(name)
            self._untold.append((where, name, why))
        log.error("%s:%s cannot be read and is left out: %s", where, name, why)

    def called(self, where: str) -> Called:
        """Return what people call what is kept there."""
        return self._called.get(where, Called(where, f"{where}s"))

    def mended(self, where: str, name: str) -> None:
        """Forget it: it was read."""
        # Without the lock, since this is asked at every read, and there is nearly always nothing.
        known = self._known.get(where)
        if known and name in known:
            with self._lock:
                known.discard(name)
                self._mended.append((where, name))
            log.info("%s:%s can be read again", where, name)

    def remember(self, where: str, name: str) -> None:
        """Know that it could not be read, of which people were told before this process began."""
        with self._lock:
            self._known.setdefault(where, set()).add(name)

    def take_mended(self) -> Sequence[tuple[str, str]]:
        """Return what can be read again: where, ID. Whoever takes it tells it, or gives it back."""
        with self._lock:
            taken, self._mended = self._mended, []
        return taken

    def give_back_mended(self, mended: Sequence[tuple[str, str]]) -> None:
        """Have it told later."""
        with self._lock:
            self._mended = [*mended, *self._mended]

    def ids(self, where: str) -> Collection[str]:
        """Return the IDs of what cannot be read there, as far as this process knows."""
        with self._lock:
            return frozenset(self._known.get(where, ()))

    def take_untold(self) -> Sequence[tuple[str, str, str]]:
        """Return what nobody was told of: where, ID, why. Whoever takes it sees to that, or gives it back."""
        with self._lock:
            taken, self._untold = self._untold, []
        return taken

    def give_back(self, untold: Sequence[tuple[str, str, str]]) -> None:
        """Have it told later."""
        with self._lock:
            self._untold = [*untold, *self._untold]


@contextmanager
def noticing() -> Iterator[list[Called]]:
    """Collect what was left out in this thread meanwhile: once for each time that it was missed."""
    before = getattr(_local, "left_out", None)
    found: list[Called] = []
    _local.left_out = found
    try:
        yield found
    finally:
        _local.left_out = before


def words_for(left_out: Sequence[Called]) -> str:
    """Return that something is missing, for whoever is shown the rest; empty when nothing is."""
    if not left_out:
        return ""
    counts = sorted(Counter(left_out).items(), key=lambda each: each[0].one)
    what = " and ".join(f"{count} {called.one if count == 1 else called.many}" for called, count in counts)
    are = "is" if len(left_out) == 1 else "are"
    return f"{what} cannot be read and {are} left out here. The operator is told."
