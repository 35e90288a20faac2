"""Charts as pictures: what can be said of them without looking."""

from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image, ImageDraw

from bot.adapters.charts import (
    HEIGHT,
    WIDTH,
    _apart_from_each_other,
    _Scale,
    _scales,
    _Sheet,
    _ticks,
    _written,
    draw,
)
from bot.charts.model import Axis, Bar, BarChart, Chart, Line, LineChart, Mark

FLAT = Line("throughput", ((0.1, 100.0), (100.0, 100.0)))
STEEP = Line("on demand", ((0.1, 1.0), (100.0, 1_000.0)))


def drawn(chart: Chart) -> Image.Image:
    return Image.open(BytesIO(draw(chart)))


def colours(picture: Image.Image) -> set[object]:
    return {colour for _, colour in picture.getcolors(WIDTH * 4_000) or []}


def test_no_two_numbers_below_an_axis_touch_each_other() -> None:
    for low, high in ((1e-7, 1e4), (1e-5, 1e2), (0.5, 2.0), (1e-3, 1e-2)):
        across = _Scale(low, high, 150, 1040, log=True)
        sheet, axis = _Sheet(ImageDraw.Draw(Image.new("RGB", (8, 8)))), Axis("a second", log=True)
        numbers = _apart_from_each_other(sheet, axis, across)
        for before, after in pairwise(numbers):
            wide = (sheet.width(_written(before, axis)) + sheet.width(_written(after, axis))) / 2
            assert across.at(after) - across.at(before) > wide, (low, high)


@pytest.mark.slow
def test_lines_over_powers_of_ten_with_marks() -> None:
    chart = LineChart(
        "x" * 80,
        tuple(
            Line("a name that is long " + each.name, each.points) for each in (FLAT, STEEP, FLAT, STEEP, FLAT)
        ),
        Axis("a second", log=True),
        Axis(unit="$", log=True),
        marks=(Mark(0.1, "now: " + "x" * 40), Mark(100.0, "pays: " + "x" * 40)),
    )
    picture = drawn(chart)
    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert {(0x6B, 0x8B, 0xB5), (0xC2, 0x41, 0x0C), (0x0F, 0x76, 0x6E)} <= colours(picture)
    assert draw(chart) == draw(chart)


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [Line("one point", ((2.0, 5.0),)), Line("a price of nothing", ((0.5, 1e-12), (2.0, 1e-12)))],
    ids=lambda each: each.name,
)
def test_odd_lines_are_drawn_too(line: Line) -> None:
    assert drawn(LineChart("t", (line,), Axis(log=True), Axis(log=True))).size == (WIDTH, HEIGHT)


@pytest.mark.slow
@pytest.mark.parametrize(
    "numbers", [(-1.0,), (-3.0, -1.0), (-1.0, 2.0), (0.0,), (0.0, 0.0), (1e30, -1e30), (1e-300,)]
)
def test_numbers_of_any_sign_and_size_have_their_place_on_the_paper(numbers: tuple[float, ...]) -> None:
    line = Line("losses", tuple((float(x), y) for x, y in enumerate(numbers, 1)))
    across, up = _scales(LineChart("t", (line,), begin=0.0), 100)
    for x, y in line.points:
        assert across.begin <= across.at(x) <= across.end
        assert up.end <= up.at(y) <= up.begin
    assert 0 < len(list(_ticks(up, 5))) <= 7


@pytest.mark.slow
def test_bars_with_what_they_are_a_part_of() -> None:
    bars = (
        Bar("The workspace", (30.0, 20.0), "$50 of $100", 100.0),
        Bar("over it", (150.0, 0.0), "$150 of $100", 100.0),
        Bar("nothing", (0.0, 0.0), "$0.00", 0.0),
        Bar("a name that is much too long for a picture " * 3, (10.0,), "$10.00"),
    )
    picture = drawn(BarChart("Spending", ("spent", "reserved"), bars))
    assert picture.width == WIDTH
    assert {(0x6B, 0x8B, 0xB5), (0xC2, 0x41, 0x0C), (0xE4, 0xE4, 0xE6)} <= colours(picture)
    many = drawn(BarChart("Spending", ("spent",), bars * 20))
    assert picture.height < many.height < 3_000, "those that do not fit are left out"


def test_nothing_is_no_picture() -> None:
    with pytest.raises(ValueError, match="no bar"):
        draw(BarChart("x", (), ()))
    with pytest.raises(ValueError, match="no point"):
        draw(LineChart("x", (Line("none", ()),)))
