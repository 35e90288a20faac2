"""Charts as pictures, with Pillow: ``draw`` is called in a worker process, so that nobody who asks waits for it.

Decision 10 says why no charting library. Pillow brings its own typeface, so that a chart is the same, to the byte, in a
container without fonts. It is imported with the first picture.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.charts.model import Axis, Bar, BarChart, Chart, LineChart
from bot.datasets.workers import Workers

if TYPE_CHECKING:
    from PIL import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

WIDTH, HEIGHT = 1080, 720
"""Pixels. A phone shows it at a third of this, so text of 36 pixels is there as large as a chat's."""
_FINE = 2
"""Drawn so many times larger and then reduced: Pillow's lines have hard edges otherwise."""

_PAPER, _INK, _FAINT, _GRID = "#ffffff", "#1d1c1d", "#616061", "#e4e4e6"
_COLOURS = ("#6b8bb5", "#c2410c", "#0f766e", "#a16207", "#6d28d9")
"""Told apart by lightness as well as by hue. What comes after them has the ink's."""
_TITLE, _TEXT = 42, 36
_LEFT, _RIGHT, _BOTTOM, _LEGEND, _ROW = 166, 40, 110, 112, 52
_GAP = 24
"""Between two numbers at an axis."""
_BAR = 84
"""From one bar to the next."""
_MOST_BARS = 10

_XY = tuple[float, float]


class WorkerCharts:
    """``bot.charts.ports.Charts`` in a worker process."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    def draw(self, chart: Chart) -> bytes:
        """Return a PNG that can be read on a phone."""
        return self._workers.run(draw, chart)


def draw(chart: Chart) -> bytes:
    """Return a PNG that can be read on a phone. The same chart gives the same bytes.

    Raises:
        ValueError: there is nothing to draw.
    """
    from PIL import Image, ImageDraw  # noqa: PLC0415 - a bot that starts must not wait for it

    height = HEIGHT if isinstance(chart, LineChart) else _height_of(chart)
    image = Image.new("RGB", (WIDTH * _FINE, height * _FINE), _PAPER)
    sheet = _Sheet(ImageDraw.Draw(image))
    if isinstance(chart, LineChart):
        _draw_lines(sheet, chart)
    else:
        _draw_bars(sheet, chart)
    out = BytesIO()
    image.resize((WIDTH, height), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


class _Sheet:
    """Drawing in the pixels of the finished picture."""

    def __init__(self, canvas: "ImageDraw.ImageDraw") -> None:
        self._draw = canvas

    def text(self, at: _XY, text: str, *, anchor: str, size: int = _TEXT, colour: str = _INK) -> float:
        """Write one line and return its width. ``anchor`` as in Pillow: ``ls`` is left, on the baseline."""
        self._draw.text(_fine(at), text, fill=colour, font=_font(size), anchor=anchor)
        return self.width(text, size)

    def width(self, text: str, size: int = _TEXT) -> float:
        """Return how wide a line is."""
        return self._draw.textlength(text, font=_font(size)) / _FINE

    def line(self, points: Sequence[_XY], *, colour: str, width: int) -> None:
        self._draw.line([_fine(each) for each in points], fill=colour, width=width * _FINE, joint="curve")

    def dot(self, at: _XY, *, radius: int, colour: str) -> None:
        self._draw.circle(_fine(at), radius * _FINE, fill=colour)

    def box(self, at: _XY, to: _XY, *, colour: str, outline: str = "") -> None:
        # Pillow refuses a box that ends before it begins.
        if to[0] > at[0]:
            self._draw.rectangle(
                [_fine(at), _fine(to)], fill=colour or None, outline=outline or None, width=2 * _FINE
            )


def _colour(number: int) -> str:
    return _COLOURS[number] if number < len(_COLOURS) else _INK


def _heading(sheet: _Sheet, title: str, names: Sequence[tuple[str, bool]]) -> float:
    """Write the title and what the colours stand for, in as many rows as that takes; return where it ends."""
    sheet.text((40, 62), title if len(title) <= 44 else f"{title[:43]}…", anchor="ls", size=_TITLE)
    x, y = 40.0, float(_LEGEND)
    for number, (name, dots) in enumerate(names):
        wide = 72 + sheet.width(name) + 48
        if x > 40 and x + wide > WIDTH:
            x, y = 40.0, y + _ROW
        sheet.line([(x, y), (x + 56, y)], colour=_colour(number), width=6)
        if dots:
            sheet.dot((x + 28, y), radius=10, colour=_colour(number))
        sheet.text((x + 72, y + 12), name, anchor="ls")
        x += wide
    return y


# Lines


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a number is between two ends of the paper."""

    low: float
    high: float
    begin: float
    end: float
    log: bool

    def at(self, number: float) -> float:
        low, high, here = (math.log10(each) if self.log else each for each in (self.low, self.high, number))
        return self.begin + (self.end - self.begin) * (here - low) / (high - low)


def _scales(chart: LineChart, top: float) -> tuple[_Scale, _Scale]:
    points = [point for line in chart.lines for point in line.points]
    if not points:
        raise ValueError("there is no point to draw")
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left = min(xs) if chart.begin is None else chart.begin
    x_low, x_high = _apart(left, max(xs), log=chart.x.log)
    y_low, y_high = _with_room(min(ys), max(ys), log=chart.y.log)
    return (
        _Scale(x_low, x_high, _LEFT, WIDTH - _RIGHT, chart.x.log),
        _Scale(y_low, y_high, HEIGHT - _BOTTOM, top, chart.y.log),
    )


def _apart(low: float, high: float, *, log: bool) -> tuple[float, float]:
    if high > low:
        return low, high
    return (low / 10, low * 10) if log else (low, low + 1)


def _with_room(low: float, high: float, *, log: bool) -> tuple[float, float]:
    """Return the ends of the axis: a little beyond the numbers, and not below nothing where none of them is."""
    if log:
        return (low / 1.3, high * 1.3) if high > low else (low / 10, high * 10)
    room = (high - low) * 0.06 or max(abs(high), 1.0) * 0.1
    return (low - room if low < 0 else max(0.0, low - room)), high + room


def _draw_lines(sheet: _Sheet, chart: LineChart) -> None:
    legend = _heading(sheet, chart.title, [(each.name, each.dots) for each in chart.lines])
    across, up = _scales(chart, legend + 30 + _ROW * len(chart.marks))
    _axes(sheet, chart, across, up)
    _mark(sheet, chart, across, up)
    for number, line in enumerate(chart.lines):
        points = [(across.at(x), up.at(y)) for x, y in line.points]
        if len(points) > 1:
            sheet.line(points, colour=_colour(number), width=6 if line.dots else 5)
        if line.dots or len(points) == 1:
            for point in points:
                sheet.dot(point, radius=10, colour=_colour(number))


def _mark(sheet: _Sheet, chart: LineChart, across: _Scale, up: _Scale) -> None:
    """Draw the marks, and then their words, each in a row of its own: they might meet each other, and the lines do."""
    tops = [(across.at(each.x), up.end - 14 - _ROW * row) for row, each in enumerate(chart.marks)]
    for x, top in tops:
        for y in range(int(top + 14), int(up.begin), 24):
            sheet.line([(x, y), (x, min(y + 12, up.begin))], colour=_FAINT, width=3)
    for (x, top), each in zip(tops, chart.marks, strict=True):
        wide, before = sheet.width(each.words), x > (across.begin + across.end) / 2
        left = x - wide if before else x
        sheet.box((left - 4, top - 34), (left + wide + 4, top + 12), colour=_PAPER)
        sheet.text((left, top), each.words, anchor="ls")


def _axes(sheet: _Sheet, chart: LineChart, across: _Scale, up: _Scale) -> None:
    for number in _ticks(up, 5):
        y = up.at(number)
        sheet.line([(across.begin, y), (across.end, y)], colour=_GRID, width=2)
        sheet.text((across.begin - 16, y), _written(number, chart.y), anchor="rm", colour=_FAINT)
    for number in _apart_from_each_other(sheet, chart.x, across):
        sheet.text((across.at(number), up.begin + 14), _written(number, chart.x), anchor="mt", colour=_FAINT)
    sheet.line([(across.begin, up.begin), (across.end, up.begin)], colour=_FAINT, width=3)
    middle = (across.begin + across.end) / 2
    sheet.text((middle, HEIGHT - 18), chart.x.title, anchor="ms", colour=_FAINT)


def _apart_from_each_other(sheet: _Sheet, axis: Axis, across: _Scale) -> list[float]:
    """Return the numbers below the axis: as many as have room for what is written there."""
    numbers: list[float] = []
    for most in range(10, 0, -1):
        numbers = [each for each in _ticks(across, most) if each == int(each) or not axis.whole]
        wide = [sheet.width(_written(each, axis)) for each in numbers]
        places = [across.at(each) for each in numbers]
        gaps = (after - before for before, after in pairwise(places))
        if all(gap >= sum(pair) / 2 + _GAP for gap, pair in zip(gaps, pairwise(wide), strict=True)):
            break
    return numbers


def _written(number: float, axis: Axis) -> str:
    """Return a number as it stands at an axis: ``$1.5k``, ``0.01``."""
    for least, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= least:
            return f"{axis.unit}{_plain(number / least)}{suffix}"
    return f"{axis.unit}{_plain(number)}"


def _plain(number: float) -> str:
    shown = f"{number:.3g}"
    return f"{float(shown):.10f}".rstrip("0").rstrip(".") if "e" in shown else shown


def _ticks(scale: _Scale, most: int) -> Iterator[float]:
    return _powers(scale.low, scale.high, most) if scale.log else _steps(scale.low, scale.high, most)


def _powers(low: float, high: float, most: int) -> Iterator[float]:
    """Yield powers of ten between the two, each or every so many."""
    # A logarithm of a power of ten may miss its whole number by a hair.
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    step = max(1, math.ceil((last - first + 1) / (most + 1)))
    for power in range(first, last + 1, step):
        yield 10.0**power


def _steps(low: float, high: float, most: int) -> Iterator[float]:
    """Yield at most ``most`` + 1 round numbers from ``low`` to ``high``: steps of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    for number in range(first, first + most + 2):
        if number * step > high * (1 + 1e-9):
            return
        yield number * step


# Bars


def _height_of(chart: BarChart) -> int:
    return (
        190
        + _ROW * max(0, math.ceil(len(chart.series) / 2) - 1)
        + 2 * _BAR * min(len(chart.bars), _MOST_BARS)
    )


def _draw_bars(sheet: _Sheet, chart: BarChart) -> None:
    bars = chart.bars[:_MOST_BARS]
    if not bars:
        raise ValueError("there is no bar to draw")
    top = _heading(sheet, chart.title, [(each, False) for each in chart.series]) + 70
    longest = max(max(sum(each.parts), each.of or 0.0) for each in bars) or 1.0
    for number, bar in enumerate(bars):
        _draw_bar(sheet, bar, top + 2 * _BAR * number, (WIDTH - 80) / longest)


def _draw_bar(sheet: _Sheet, bar: Bar, top: float, scale: float) -> None:
    """Draw its name and what it comes to over it: on a phone there is no room beside it."""
    words = sheet.width(bar.words)
    sheet.text((40, top), _clipped(sheet, bar.label, WIDTH - 120 - words), anchor="ls")
    sheet.text((WIDTH - 40, top), bar.words, anchor="rs", colour=_FAINT)
    x, low, high = 40.0, top + 18, top + 66
    if bar.of:
        sheet.box((x, low), (x + bar.of * scale, high), colour=_GRID)
    for number, part in enumerate(bar.parts):
        sheet.box((x, low), (x + part * scale, high), colour=_colour(number))
        x += part * scale
    if bar.of:
        sheet.box((40, low), (40 + bar.of * scale, high), colour="", outline=_FAINT)


def _clipped(sheet: _Sheet, text: str, room: float) -> str:
    if sheet.width(text) <= room:
        return text
    kept = next((end for end in range(len(text), 0, -1) if sheet.width(f"{text[:end]}…") <= room), 1)
    return f"{text[:kept]}…"


def _fine(at: _XY) -> _XY:
    return at[0] * _FINE, at[1] * _FINE


def _font(size: int) -> "FreeTypeFont | ImageFont":
    from PIL import ImageFont  # noqa: PLC0415 - see above

    found = _FONTS.get(size)
    if found is None:
        found = _FONTS[size] = ImageFont.load_default(size * _FINE)
    return found


_FONTS: "dict[int, FreeTypeFont | ImageFont]" = {}
