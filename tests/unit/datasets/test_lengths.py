"""Records that are far longer than the rest are told; a wide spread alone is not."""

from bot.datasets.file_statistics.lengths import Lengths
from tests.unit.datasets.samples import judge, lines


def record(index: int, length: int) -> dict[str, object]:
    text = (f"word{index} " * length)[:length]
    return {"messages": [{"role": "user", "content": text}, {"role": "assistant", "content": f"{index}"}]}


def told(*lengths: int) -> list[tuple[int, tuple[int, ...], str]]:
    report = judge(lines(*(record(index, length) for index, length in enumerate(lengths)), pad=0))
    return [(each.count, each.lines, each.message) for each in report.causes if each.code == "length-outlier"]


def test_one_that_is_far_longer_is_told() -> None:
    [(count, at, message)] = told(*[300] * 60, 9000)
    assert (count, at) == (1, (61,))
    assert "9,002 characters" in message
    assert "302" in message


def test_a_wide_spread_is_no_matter() -> None:
    assert told(*range(100, 9100, 100)) == []
    assert told(*[20] * 60, 1900) == []
    assert told(*[20] * 30, 9000) == []


def test_many_are_counted_and_ten_are_shown() -> None:
    lengths = Lengths()
    for line in range(1, 1001):
        lengths.add(line, 100_000 + line if line % 50 == 0 else 100)
    median, count, shown = lengths.outliers()
    assert (median, count, len(shown)) == (100, 20, 10)
    assert shown[0] == (550, 100_550)
    assert shown[-1] == (1000, 101_000)
