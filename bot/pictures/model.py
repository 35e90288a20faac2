"""What is written down of a picture: what it shows, in figures and in words, and who asked to see it."""

from dataclasses import dataclass
from datetime import datetime

from bot.charts.model import BarChart, Chart, LineChart
from bot.controller.schema import Schema

KIND = "picture"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its file's name, and what it shows in words, for whoever does not see it: ``alt_text``."""

    chart: Chart
    name: str
    alt_text: str


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """A picture that ``user`` wants to be sent: one of ``lines`` and ``bars`` is there."""

    user: str
    name: str
    alt_text: str
    asked_at: datetime
    lines: LineChart | None = None
    bars: BarChart | None = None
    v: int = 1

    @property
    def chart(self) -> Chart:
        """The one that is there."""
        chart = self.lines or self.bars
        if chart is None:
            raise ValueError("there is nothing to draw")
        return chart


def wanted(picture: Picture, user: str, asked_at: datetime) -> PictureSpec:
    """Return what is written down when a person wants to see it."""
    chart = picture.chart
    return PictureSpec(
        user=user,
        name=picture.name,
        alt_text=picture.alt_text,
        asked_at=asked_at,
        lines=chart if isinstance(chart, LineChart) else None,
        bars=chart if isinstance(chart, BarChart) else None,
    )


@dataclass(slots=True)
class PictureStatus:
    """Why it is not sent, once that is sure; empty while it may be."""

    why: str = ""


SCHEMA = Schema(KIND, PictureSpec, PictureStatus)
