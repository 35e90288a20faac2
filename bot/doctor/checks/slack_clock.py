"""Whether this machine's clock and Slack's agree."""

from collections.abc import Iterator

from bot.adapters.slack_app import SlackApp
from bot.checkup import Line, Look
from bot.doctor.around import Around
from bot.doctor.clocks import compared

ABOUT = "Slack's clock"


def at(around: Around) -> Iterator[Line]:
    """Compare the date of an answer with our own."""
    yield compared(around, ABOUT, SlackApp(around.slack).now())


LOOK = Look(ABOUT, at)
