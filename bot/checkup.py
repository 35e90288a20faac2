"""Looking at all that the bot needs, each thing by itself: what is well, what is not, and the line that mends it.

One look that fails or hangs hides no other: each has a thread and a time of its own.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from bot.clock import Clock
from bot.errors import TunesmithError

T = TypeVar("T")


class Level(StrEnum):
    """How a thing stands, from the best to the worst."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


_ORDER = tuple(Level)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    about: str
    """What it is, in two or three words."""
    level: Level
    said: str
    mend: str = ""
    """The very line that mends it: a setting, a command, a press."""


def good(about: str, said: str) -> Line:
    """Return that a thing is well."""
    return Line(about, Level.GOOD, said)


def warning(about: str, said: str, mend: str = "") -> Line:
    """Return that a thing works, and what is not as it should be."""
    return Line(about, Level.WARNING, said, mend)


def bad(about: str, said: str, mend: str = "") -> Line:
    """Return that a thing keeps the bot, or a part of it, from working."""
    return Line(about, Level.BAD, said, mend)


@dataclass(frozen=True, slots=True)
class Look(Generic[T]):
    """A look at one thing.

    ``seconds`` is how long it may take. ``unclear`` is how it counts when it cannot be looked at: what the bot cannot
    do without is bad then, and what is only nice to know a warning.
    """

    about: str
    at: Callable[[T], Iterable[Line]]
    seconds: float = 8.0
    unclear: Level = Level.WARNING
    of: str = ""
    """Whose it is that is looked at, where a process may have no business there."""


class Doctor(Protocol):
    """Who looks at everything."""

    def examine(self) -> Sequence[Line]:
        """Return a line for each thing, in an order that stays. Raises nothing."""


def examine(looks: Sequence[Look[T]], given: T, clock: Clock) -> list[Line]:
    """Look at everything at once, each for as long as it may take at most. Never raises."""
    begun = clock.monotonic()
    under_way = [(each, _begin(each, given)) for each in looks]
    found: list[Line] = []
    for look, future in under_way:
        left = max(0.0, begun + look.seconds - clock.monotonic())
        try:
            found += future.result(left)
        except TookTooLong:
            said = f"There was no answer within {look.seconds:.0f} s."
            found.append(
                Line(look.about, look.unclear, said, "Look whether a firewall or a proxy stands between.")
            )
        except TunesmithError as error:
            found.append(_unclear(look, error))
        except Exception as error:  # noqa: BLE001 -- a defect of one look is told as that, and hides no other
            found.append(
                bad(look.about, f"This look broke: {type(error).__name__}: {error}", "Please report it.")
            )
    return found


def worst(lines: Iterable[Line]) -> Level:
    """Return the worst of them; good when there is none."""
    return max((each.level for each in lines), key=_ORDER.index, default=Level.GOOD)


def folded(lines: Sequence[Line]) -> list[Line]:
    """Return the lines for a person: of those that have one cause the gravest, and the others by name in one after it.

    Without credentials twenty looks fail, each in the same words; that is one thing to mend.
    """
    groups: dict[object, list[Line]] = {}
    for number, each in enumerate(lines):
        groups.setdefault((_cause(each), each.mend) if each.mend else number, []).append(each)
    return [line for group in groups.values() for line in _together(group)]


def _cause(line: Line) -> str:
    # What stands before a colon or in brackets is where it was met.
    return line.said.partition(" (")[0].rpartition(": ")[2]


def _together(group: Sequence[Line]) -> list[Line]:
    gravest = max(group, key=lambda each: _ORDER.index(each.level))
    others = [each for each in group if each is not gravest]
    names = ", ".join(dict.fromkeys(each.about for each in others))
    return [gravest, *([Line("For the same reason", worst(others), f"{names}.")] if others else [])]


def _begin(look: Look[T], given: T) -> "Future[list[Line]]":
    future: Future[list[Line]] = Future()

    def run() -> None:
        try:
            future.set_result(list(look.at(given)))
        except Exception as error:  # noqa: BLE001 -- whoever waits for it raises it
            future.set_exception(error)

    # Of our own and a daemon: a pool's threads are waited for when the process ends, however long they hang.
    threading.Thread(target=run, name=f"look at {look.about}", daemon=True).start()
    return future


def _unclear(look: Look[T], error: TunesmithError) -> Line:
    said = (
        f"{error.message} ({error.detail})" if error.detail and look.unclear is Level.BAD else error.message
    )
    return Line(look.about, look.unclear, str(said), str(error.hint))


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found, for whoever runs the bot."""

    lines: tuple[Line, ...]

    def of(self, level: Level) -> tuple[Line, ...]:
        """Return those that stand so."""
        return tuple(each for each in self.lines if each.level is level)
