"""Whether this machine's clock and AWS's agree."""

from collections.abc import Iterator

from bot.adapters.aws_time import asked_now
from bot.checkup import Line, Look
from bot.doctor.clocks import compared
from bot.doctor.surroundings import AWS, Surroundings

ABOUT = "AWS's clock"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Compare the date of an answer with our own."""
    yield compared(surroundings, ABOUT, asked_now(surroundings.aws, surroundings.region))


LOOK = Look(ABOUT, at, of=AWS)
