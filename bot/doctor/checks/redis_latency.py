"""How long Redis takes to answer: a question is some ten calls, and a person waits for them."""

from collections.abc import Iterator
from statistics import median

from bot.checkup import Line, Look, good, warning
from bot.doctor.surroundings import Surroundings
from bot.errors import TunesmithError
from storage.redis_errors import translated

ABOUT = "Redis: latency"
PINGS = 15
SLOW = 0.020
"""Seconds for one call above which answers are felt to be late: within a region it is less than one millisecond."""


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Ask it a few times."""
    took: list[float] = []
    for _ in range(PINGS):
        begun = surroundings.clock.monotonic()
        try:
            with translated():
                surroundings.redis.ping()
        except TunesmithError:
            return  # why it does not answer is told by the look at the server
        took.append(surroundings.clock.monotonic() - begun)
    half = median(took)
    said = f"Half of {PINGS} calls took {half * 1000:.1f} ms or less, the slowest {max(took) * 1000:.0f} ms."
    if half < SLOW:
        yield good(ABOUT, said)
    else:
        yield warning(ABOUT, said, "Run the bot in the region and network of its Redis.")


LOOK = Look(ABOUT, at)
