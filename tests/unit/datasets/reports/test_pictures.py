import pytest

from bot.datasets.model import Bucket, Label, LabelTable
from bot.datasets.reports.pictures import bar, labels_in_words, percent, sparkline


def test_a_sparkline_shows_the_shape_and_every_record() -> None:
    counts = (1, 0, 400, 800, 799, 100)
    buckets = [Bucket(index, index, count) for index, count in enumerate(counts)]
    assert sparkline(buckets) == "▁·▄██▁"
    assert sparkline([]) == ""


def test_bars_are_measured_in_eighths() -> None:
    assert bar(8, 8, 3) == "███"
    assert bar(1, 2, 3) == "█▌"
    assert bar(1, 10_000, 20) == "▏"
    assert bar(0, 10, 20) == bar(0, 0, 20) == ""


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 0, "0%"), (0, 5, "0%"), (1, 1000, "<1%"), (1, 3, "33%"), (999, 1000, "99%"), (7, 7, "100%")],
)
def test_shares_round_neither_to_nothing_nor_to_all(part: int, whole: int, words: str) -> None:
    assert percent(part, whole) == words


def test_labels_in_words() -> None:
    table = LabelTable("queue", 10, 3, (Label("a", 6), Label("b", 3), Label("c", 1)))
    assert labels_in_words(table) == "a 60%, b 30%, c 10%"
    assert labels_in_words(table, shown=1) == "a 60% and 2 more"
