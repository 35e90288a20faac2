"""What whoever shows a chart needs of the outside."""

from typing import Protocol

from bot.charts.model import Chart


class Charts(Protocol):
    """Draws charts where nobody who asks waits for it."""

    def draw(self, chart: Chart) -> bytes:
        """Return a PNG that can be read on a phone; the same chart gives the same bytes.

        Raises:
            ValueError: there is nothing to draw.
            Refused: what drew it has died, more than once.
            Unavailable: the bot is to end.
        """
