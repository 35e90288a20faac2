"""Two clocks, held against each other: AWS takes no request that is five minutes off."""

from datetime import datetime

from bot.checkup import Line, good, warning
from bot.clock import duration
from bot.doctor.surroundings import Surroundings

MOST = 30.0
"""Seconds that two clocks may differ: what takes a moment to travel is told apart from what is wrong."""


def compared(surroundings: Surroundings, about: str, told: datetime | None) -> Line:
    """Return how a clock that was told stands to this machine's; None: its answer had no date."""
    if told is None:
        return warning(about, "Its answer had no date.", "Look whether a proxy takes it away.")
    apart = told - surroundings.clock.now()
    if abs(apart.total_seconds()) < MOST:
        return good(about, "It agrees with this machine's.")
    said = f"It is {duration(abs(apart))} {'ahead of' if apart.total_seconds() > 0 else 'behind'} this machine's."
    return warning(about, said, "Let this machine take its time from NTP: timedatectl set-ntp true")
