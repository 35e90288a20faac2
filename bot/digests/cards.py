"""What is shown of a week, as a value."""

from dataclasses import dataclass
from datetime import datetime

from bot.digests.model import Week


@dataclass(frozen=True, slots=True)
class DigestCard:
    """A week of a channel, or of all channels when ``channel`` is empty."""

    channel: str
    after: datetime
    until: datetime
    week: Week
