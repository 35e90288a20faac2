"""The losses of a job as a picture: ``bot.jobs.ports.CurvePainter`` with Pillow.

Pillow and not a plotting library: one picture of two lines does not weigh 170 MB of packages, half a second of
importing and 60 MB of memory in a bot that otherwise has little. It brings its own typeface, so that it draws the same
in a container without fonts. It is imported with the first picture, not when the bot starts.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from bot.jobs.curves import Curves

if TYPE_CHECKING:
    from PIL import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

WIDTH, HEIGHT = 1080, 720
"""Pixels. A phone shows it at a third of this, so text of 36 pixels is there as large as a chat's."""
_FINE = 2
"""Drawn so many times larger and then reduced: Pillow's lines have hard edges otherwise."""

_PAPER, _INK, _FAINT, _GRID = "#ffffff", "#1d1c1d", "#616061", "#e4e4e6"
_TRAINING, _VALIDATION = "#6b8bb5", "#c2410c"
"""Told apart by lightness as well as by hue, and by the dots of the second."""
_TITLE, _TEXT = 42, 36
_LEFT, _RIGHT, _TOP, _BOTTOM = 120, 40, 190, 110

_XY = tuple[float, float]


class PillowPainter:
    """Draws one picture at a time, from nothing but its arguments: the same losses give the same bytes."""

    def paint(self, curves: Curves, title: str, best_epoch: int | None) -> bytes:
        """Return a PNG that can be read on a phone.

        Raises:
            ValueError: there is no point to draw.
        """
        from PIL import Image, ImageDraw  # noqa: PLC0415 - a bot that starts must not wait for it

        scale = _Scale.of(curves)
        image = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), _PAPER)
        sheet = _Sheet(ImageDraw.Draw(image))
        _heading(sheet, curves, title)
        _axes(sheet, scale)
        if best_epoch is not None:
            _mark_best(sheet, scale, best_epoch)
        _lines(sheet, scale, curves)
        out = BytesIO()
        image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where an epoch and a loss are on the paper."""

    epochs: int
    steps: int
    low: float
    high: float

    @classmethod
    def of(cls, curves: Curves) -> "_Scale":
        losses = [each.loss for each in curves.training + curves.validation]
        if not losses:
            raise ValueError("there is no point to draw")
        low, high = min(losses), max(losses)
        room = (high - low) * 0.06 or max(abs(high), 1.0) * 0.1
        steps = max((each.step for each in curves.training), default=0) + 1
        return cls(max(1, curves.epochs), steps, max(0.0, low - room), high + room)

    def at(self, epoch: float, loss: float) -> _XY:
        x = _LEFT + (WIDTH - _LEFT - _RIGHT) * epoch / self.epochs
        y = HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * (loss - self.low) / (self.high - self.low)
        return x, y

    def at_step(self, step: int, loss: float) -> _XY:
        """A training step stands where it ends; steps count from 0."""
        return self.at(self.epochs * (step + 1) / self.steps, loss)


class _Sheet:
    """Drawing in the pixels of the finished picture."""

    def __init__(self, draw: "ImageDraw.ImageDraw") -> None:
        self._draw = draw

    def text(self, at: _XY, text: str, *, anchor: str, size: int = _TEXT, colour: str = _INK) -> float:
        """Write one line and return its width. ``anchor`` as in Pillow: ``ls`` is left, on the baseline."""
        self._draw.text(_fine(at), text, fill=colour, font=_font(size), anchor=anchor)
        return self._draw.textlength(text, font=_font(size)) / _FINE

    def line(self, points: Sequence[_XY], *, colour: str, width: int) -> None:
        self._draw.line([_fine(each) for each in points], fill=colour, width=width * _FINE, joint="curve")

    def dot(self, at: _XY, *, radius: int, colour: str) -> None:
        self._draw.circle(_fine(at), radius * _FINE, fill=colour)


def _heading(sheet: _Sheet, curves: Curves, title: str) -> None:
    sheet.text((40, 62), title if len(title) <= 44 else f"{title[:43]}…", anchor="ls", size=_TITLE)
    x = 40.0
    legend = [("training loss", _TRAINING, False)] if curves.training else []
    legend += [("validation loss", _VALIDATION, True)] if curves.validation else []
    for name, colour, dotted in legend:
        sheet.line([(x, 112), (x + 56, 112)], colour=colour, width=6)
        if dotted:
            sheet.dot((x + 28, 112), radius=10, colour=colour)
        x += 72 + sheet.text((x + 72, 124), name, anchor="ls") + 48


def _axes(sheet: _Sheet, scale: _Scale) -> None:
    for loss in _ticks(scale.low, scale.high, 5):
        left, right = scale.at(0, loss), scale.at(scale.epochs, loss)
        sheet.line([left, right], colour=_GRID, width=2)
        sheet.text((left[0] - 16, left[1]), f"{loss:.3g}", anchor="rm", colour=_FAINT)
    for epoch in _ticks(0, scale.epochs, 10):
        if epoch == int(epoch):
            x, y = scale.at(epoch, scale.low)
            sheet.text((x, y + 14), f"{epoch:.0f}", anchor="mt", colour=_FAINT)
    sheet.line([scale.at(0, scale.low), scale.at(scale.epochs, scale.low)], colour=_FAINT, width=3)
    sheet.text(((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 18), "epochs trained", anchor="ms", colour=_FAINT)


def _mark_best(sheet: _Sheet, scale: _Scale, epoch: int) -> None:
    x, bottom = scale.at(epoch, scale.low)
    for y in range(_TOP, int(bottom), 24):
        sheet.line([(x, y), (x, min(y + 12, bottom))], colour=_FAINT, width=3)
    side = "rs" if epoch > scale.epochs / 2 else "ls"
    sheet.text((x, _TOP - 14), f"best: epoch {epoch}", anchor=side)


def _lines(sheet: _Sheet, scale: _Scale, curves: Curves) -> None:
    training = [scale.at_step(each.step, each.loss) for each in curves.training]
    validation = [scale.at(each.epoch, each.loss) for each in curves.validation]
    if len(training) > 1:
        sheet.line(training, colour=_TRAINING, width=5)
    else:
        for point in training:
            sheet.dot(point, radius=8, colour=_TRAINING)
    if len(validation) > 1:
        sheet.line(validation, colour=_VALIDATION, width=6)
    for point in validation:
        sheet.dot(point, radius=10, colour=_VALIDATION)


def _ticks(low: float, high: float, most: int) -> Iterator[float]:
    """Yield at most ``most`` + 1 round numbers from ``low`` to ``high``: steps of 1, 2 or 5 times a power of ten."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    for number in range(first, first + most + 2):
        if number * step > high * (1 + 1e-9):
            return
        yield number * step


def _fine(at: _XY) -> _XY:
    return at[0] * _FINE, at[1] * _FINE


def _font(size: int) -> "FreeTypeFont | ImageFont":
    from PIL import ImageFont  # noqa: PLC0415 - see above

    found = _FONTS.get(size)
    if found is None:
        found = _FONTS[size] = ImageFont.load_default(size * _FINE)
    return found


_FONTS: "dict[int, FreeTypeFont | ImageFont]" = {}
