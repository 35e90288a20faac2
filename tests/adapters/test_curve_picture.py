"""The picture of the losses: what can be said of it without looking at it."""

import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image

from bot.adapters.charts import HEIGHT, WIDTH, WorkerCharts
from bot.adapters.curve_picture import CurvePictures
from bot.datasets.workers import InThisProcess
from bot.jobs.curves import Curves, Point

CURVES = Curves(
    tuple(Point(step, step // 3 + 1, 2 * 0.9**step) for step in range(30)),
    tuple(Point(3 * n, n, 1.0 + 0.1 * (n - 4) ** 2) for n in range(1, 11)),
)


PAINTER = CurvePictures(WorkerCharts(InThisProcess()))


def painted(curves: Curves, best: int | None = None, title: str = "claims-router") -> Image.Image:
    return Image.open(BytesIO(PAINTER.paint(curves, title, best)))


def colours(picture: Image.Image) -> set[tuple[int, ...]]:
    return {colour for _, colour in picture.getcolors(WIDTH * HEIGHT) or [] if isinstance(colour, tuple)}


@pytest.mark.slow
def test_both_lines_are_there_and_the_same_losses_give_the_same_picture() -> None:
    picture = painted(CURVES, 4)

    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert {(0x6B, 0x8B, 0xB5), (0xC2, 0x41, 0x0C)} <= colours(picture)
    assert painted(CURVES, 4).tobytes() == picture.tobytes()


@pytest.mark.slow
def test_what_is_not_there_is_not_drawn() -> None:
    assert (0xC2, 0x41, 0x0C) not in colours(painted(Curves(CURVES.training)))


@pytest.mark.slow
@pytest.mark.parametrize(
    "curves",
    [
        Curves((Point(0, 1, 1.0),)),
        Curves((), (Point(3, 1, 1.0),)),
        Curves((Point(0, 1, 0.0), Point(1, 1, 0.0))),
        Curves((Point(0, 1, 1e-9), Point(1, 1, 1e9))),
    ],
    ids=["one step", "one epoch", "flat", "exploded"],
)
def test_odd_curves_are_drawn_too(curves: Curves) -> None:
    assert painted(curves, 1, "x" * 80).size == (WIDTH, HEIGHT)


def test_nothing_is_no_picture() -> None:
    with pytest.raises(ValueError, match="no point"):
        PAINTER.paint(Curves(()), "x", None)


@pytest.mark.slow
def test_the_bot_starts_without_the_library() -> None:
    code = "import sys, bot.wiring; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=".").returncode == 0
