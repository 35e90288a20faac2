"""What a chart shows. It is drawn by ``bot.adapters.charts``, and described in words by whoever makes it.

Series are told apart by their place: the colours of the first few differ in lightness as well as in hue.
"""

from dataclasses import dataclass

SERIES = 5
"""So many series have a colour of their own."""


@dataclass(frozen=True, slots=True)
class Axis:
    """How numbers are laid out. ``log``: by powers of ten; then every number has to be more than nothing."""

    title: str = ""
    unit: str = ""
    """Stands before each number: ``$``."""
    log: bool = False
    whole: bool = False
    """Whether only whole numbers are written at it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One series of points, (x, y) each, from the left to the right."""

    name: str
    points: tuple[tuple[float, float], ...]
    dots: bool = False
    """Whether each point is seen as one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An upright line at a place that matters, with a few words over it."""

    x: float
    words: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over one axis, between its first and its last point."""

    title: str
    lines: tuple[Line, ...]
    x: Axis = Axis()
    y: Axis = Axis()
    begin: float | None = None
    """Where the axis of x begins, if before the first point."""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, of parts behind each other: a number for each series, none of them less than nothing.

    ``of`` is the whole that it is a part of: an outline as long as that.
    """

    label: str
    parts: tuple[float, ...]
    words: str = ""
    """What it comes to, at its end."""
    of: float | None = None


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars that lie under each other, all to one scale."""

    title: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]


Chart = LineChart | BarChart
