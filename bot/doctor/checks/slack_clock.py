"""Whether this machine's clock and Slack's agree."""

from collections.abc import Iterator

from bot.adapters.slack_app import SlackApp
from bot.checkup import Line, Look
from bot.doctor.clocks import compared
from bot.doctor.surroundings import Surroundings

ABOUT = "Slack's clock"


def at(surroundings: Surroundings) -> Iterator[Line]:
    """Compare the date of an answer with our own."""
    yield compared(surroundings, ABOUT, SlackApp(surroundings.slack).now())


LOOK = Look(ABOUT, at)
