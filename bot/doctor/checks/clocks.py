"""Whether this machine's clock, Slack's and AWS's agree: AWS takes no request that is five minutes off."""

from collections.abc import Iterator
from datetime import datetime

from bot.adapters.aws_time import asked_now
from bot.adapters.slack_app import SlackApp
from bot.checkup import Line, Look, good, warning
from bot.clock import duration
from bot.doctor.around import Around

ABOUT = "Clocks"
MOST = 30.0
"""Seconds that two clocks may differ: what takes a minute to travel is told apart from what is wrong."""


def at(around: Around) -> Iterator[Line]:
    """Compare the dates of answers with our own."""
    yield _line(around, "Slack", SlackApp(around.slack).now())
    yield _line(around, "AWS", asked_now(around.aws, around.region))


def _line(around: Around, whose: str, told: datetime | None) -> Line:
    about = f"{whose}'s clock"
    if told is None:
        return warning(about, "Its answer had no date.", "Look whether a proxy takes it away.")
    apart = told - around.clock.now()
    if abs(apart.total_seconds()) < MOST:
        return good(about, "It agrees with this machine's.")
    said = f"It is {duration(abs(apart))} {'ahead of' if apart.total_seconds() > 0 else 'behind'} this machine's."
    return warning(about, said, "Let this machine take its time from NTP: timedatectl set-ntp true")


LOOK = Look(ABOUT, at)
