"""What may happen to the store: it dies and comes back as it was, empty, or as it was a moment ago."""

import random
import shutil
import threading
from collections.abc import Callable, Collection
from pathlib import Path

from bot.controller.schema import ROW
from storage.keys import Keys
from tests.chaos.harness.boundaries import Boundary, Fault, Happening, Side
from tests.chaos.harness.playground import Playground
from tests.chaos.harness.waiting import PREFIX

_AWAY = 0.3
"""Seconds for which a store that died is away."""
_KEPT = "append*"
"""Redis 7 and Valkey keep their append-only file in a folder, Redis 6 as a file."""


def dies(playground: Playground) -> None:
    """Kill -9 the server; it comes back with what its append-only file has."""
    with playground.store_lock:
        playground.redis.kill()
        threading.Event().wait(_AWAY)
        playground.redis.start()


def is_emptied(playground: Playground) -> None:
    """Kill -9 the server and take its append-only file away: it comes back and knows nothing."""
    with playground.store_lock:
        playground.redis.kill()
        _remove(playground.redis.data_dir)
        threading.Event().wait(_AWAY)
        playground.redis.start()
        playground.losses += 1


def is_emptied_and_everything_dies(playground: Playground) -> None:
    """The machine with the bot and the store on it dies, and the store's disk with it."""
    is_emptied(playground)
    for replica in playground.replicas:
        replica.kill_now()


FULL = "1mb"
"""Less than the store holds already: with it nothing more is taken."""
NEWER = "99"
"""A version of a row that no release has written yet."""


def is_away(seconds: float) -> Callable[[Playground], None]:
    """Return what keeps every replica from the store for so long."""

    def away(playground: Playground) -> None:
        for replica in playground.replicas:
            replica.exits.away.add("redis")
            replica.redis.cut()
        threading.Event().wait(seconds)
        for replica in playground.replicas:
            replica.exits.away.discard("redis")

    return away


def is_full(seconds: float) -> Callable[[Playground], None]:
    """Return what has the store take nothing more for so long; what it has, it tells."""

    def full(playground: Playground) -> None:
        before = playground.raw.config_get("maxmemory")["maxmemory"]
        playground.raw.config_set("maxmemory-policy", "noeviction")
        playground.full = FULL
        playground.raw.config_set("maxmemory", FULL)
        threading.Event().wait(seconds)
        playground.full = ""
        playground.raw.config_set("maxmemory", before)

    return full


def is_of_another_version(kinds: Collection[str], seconds: float) -> Callable[[Playground], None]:
    """Return what has a newer release have written all rows of these kinds, for so long: nobody here can read them."""

    def written(playground: Playground, version: str) -> None:
        keys = Keys(PREFIX)
        for kind in kinds:
            for each in playground.raw.zrange(keys.due(kind), 0, -1):
                playground.raw.hset(f"{keys.root}:resource:{kind}:{each}", "v", version)

    def another(playground: Playground) -> None:
        written(playground, NEWER)
        threading.Event().wait(seconds)
        written(playground, str(ROW))

    return another


class FailOver:
    """A store whose replica lags: ``lags`` is from when on it hears nothing more, ``happens`` when it takes over."""

    def __init__(self) -> None:
        self._image: Path | None = None

    def lags(self, playground: Playground) -> None:
        """Keep what the replica has."""
        with playground.store_lock:
            image = playground.data / "replica"
            shutil.rmtree(image, ignore_errors=True)
            image.mkdir()
            for each in playground.redis.data_dir.glob(_KEPT):
                (shutil.copytree if each.is_dir() else shutil.copy2)(each, image / each.name)
            self._image = image

    def happens(self, playground: Playground) -> None:
        """Kill -9 the server; the replica takes its place, with what it had."""
        with playground.store_lock:
            if self._image is None:
                return
            playground.redis.kill()
            _remove(playground.redis.data_dir)
            for each in self._image.iterdir():
                (shutil.copytree if each.is_dir() else shutil.copy2)(
                    each, playground.redis.data_dir / each.name
                )
            self._image = None
            playground.redis.start()
            playground.failovers += 1


def _remove(data_dir: Path) -> None:
    for each in data_dir.glob(_KEPT):
        if each.is_dir():
            shutil.rmtree(each)
        else:
            each.unlink()


class At:
    """A scheme by which something happens once, at a call of that name in that chapter."""

    def __init__(
        self, chapter: str, name: str, side: Side, happening: Happening, *, ordinal: int = 1
    ) -> None:
        self._at = Boundary(chapter, name, ordinal)
        self._fault: Fault | None = Fault("happen", side, happening=happening)

    @property
    def done(self) -> bool:
        """Whether it has happened."""
        return self._fault is None

    def __call__(self, boundary: Boundary, _replica: int) -> Fault | None:
        """Say what to do at this call."""
        if boundary != self._at:
            return None
        fault, self._fault = self._fault, None
        return fault


class FailedOver:
    """A scheme of one fail-over in a chapter: ``lags`` is the call before which the replica hears nothing more.

    It takes over after ``at``, at the side that is given there; the call of that name after ``lags``.
    """

    def __init__(self, chapter: str, lags: str, at: str, side: Side) -> None:
        self._chapter, self._lags, self._at, self._side = chapter, lags, at, side
        self._store = FailOver()
        self._next = "lags"

    def __call__(self, boundary: Boundary, _replica: int) -> Fault | None:
        """Say what to do at this call."""
        if boundary.chapter != self._chapter:
            return None
        if self._next == "lags" and boundary.name == self._lags:
            self._next = "takes over"
            return Fault("happen", "before", happening=self._store.lags)
        if self._next == "takes over" and boundary.name == self._at:
            self._next = "done"
            return Fault("happen", self._side, happening=self._store.happens)
        return None


class Somewhere:
    """A scheme by which something happens once, at one of the calls of a journey, by a seed."""

    def __init__(self, seed: int, happening: Happening, calls: int = 300) -> None:
        chosen = random.Random(seed)
        self._left = chosen.randrange(calls)
        sides: list[Side] = ["before", "after"]
        self._fault = Fault("happen", chosen.choice(sides), happening=happening)

    def __call__(self, _boundary: Boundary, _replica: int) -> Fault | None:
        """Say what to do at this call."""
        self._left -= 1
        return self._fault if self._left == 0 else None


class FailOvers:
    """A scheme of fail-overs at random calls to the outside, each of which forgets what the last few calls left."""

    def __init__(self, seed: int, *, most: int = 8, share: float = 0.08) -> None:
        self._random = random.Random(seed)
        self._left, self._share = most, share
        self._store = FailOver()
        self._until = 0  # calls until the replica takes over

    def __call__(self, boundary: Boundary, _replica: int) -> Fault | None:
        """Say what to do at this call."""
        if self._until:
            self._until -= 1
            return None if self._until else Fault("happen", "after", happening=self._store.happens)
        if not self._left or boundary.name.startswith("redis") or self._random.random() >= self._share:
            return None
        self._left -= 1
        self._until = self._random.randint(1, 12)
        return Fault("happen", "before", happening=self._store.lags)
