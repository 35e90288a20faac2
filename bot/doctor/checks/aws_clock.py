"""Whether this machine's clock and AWS's agree."""

from collections.abc import Iterator

from bot.adapters.aws_time import asked_now
from bot.checkup import Line, Look
from bot.doctor.around import AWS, Around
from bot.doctor.clocks import compared

ABOUT = "AWS's clock"


def at(around: Around) -> Iterator[Line]:
    """Compare the date of an answer with our own."""
    yield compared(around, ABOUT, asked_now(around.aws, around.region))


LOOK = Look(ABOUT, at, of=AWS)
