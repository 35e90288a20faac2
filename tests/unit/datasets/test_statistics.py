import random
import statistics
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.file_statistics.statistics import BUCKETS, Measures, SystemPrompts, Tally
from bot.datasets.model import Spread, SystemPrompt
from tests.examples import examples
from tests.unit.datasets.samples import good, judge, lines


@settings(max_examples=examples(100), deadline=None)
@given(values=st.lists(st.integers(0, 10**6), max_size=60), cut=st.integers(0, 60))
def test_a_tally_is_exact_for_any_base_models_records(values: list[int], cut: int) -> None:
    tally = Tally()
    tally.extend(values[:cut])
    tally.extend(values[cut:])
    if not values:
        assert tally.spread() == Spread(0, 0, 0, 0, 0)
        return
    ordered = sorted(values)
    spread = tally.spread()
    assert (spread.total, spread.minimum, spread.maximum) == (sum(values), ordered[0], ordered[-1])
    assert spread.median == statistics.median_low(ordered)
    assert spread.p95 == ordered[-(-len(ordered) * 95 // 100) - 1]


@pytest.mark.slow
def test_beyond_that_the_quantiles_stay_close_and_memory_stays() -> None:
    dice = random.Random(5)
    values = [dice.randint(0, 1000) for _ in range(300_000)]
    tally = Tally()
    for start in range(0, len(values), 4096):
        tally.extend(values[start : start + 4096])
    spread = tally.spread()
    assert (spread.total, spread.minimum, spread.maximum) == (sum(values), 0, 1000)
    assert abs(spread.median - 500) <= 10
    assert abs(spread.p95 - 950) <= 10
    assert len(tally._values) < 1 << 17


@settings(max_examples=examples(100), deadline=None)
@given(values=st.lists(st.integers(0, 10**6), max_size=60))
def test_a_histogram_counts_every_number_once(values: list[int]) -> None:
    tally = Tally()
    tally.extend(values)
    buckets = tally.histogram()
    assert len(buckets) <= BUCKETS
    for each in buckets:
        assert each.count == sum(each.low <= value <= each.high for value in values)
    for each, after in pairwise(buckets):
        assert after.low == each.high + 1
    if values:
        assert (buckets[0].low, buckets[-1].high) == (min(values), max(values))


def test_a_histogram_of_many_numbers_is_close_and_adds_up() -> None:
    tally = Tally()
    values = [100] * 150_000 + [900] * 150_000
    tally.extend(values)
    buckets = tally.histogram()
    assert len(buckets) == BUCKETS
    assert sum(each.count for each in buckets) == len(values)
    assert abs(buckets[0].count - 150_000) < 100
    assert abs(buckets[-1].count - 150_000) < 100


def test_records_are_measured_whole() -> None:
    row = {"system": "abc", "messages": good(0)["messages"] * 2}
    figures = judge(lines(row, good(1), pad=0)).statistics
    assert figures.records == 2
    assert (figures.turns.minimum, figures.turns.maximum, figures.turns.total) == (2, 4, 6)
    assert figures.characters.maximum == 3 + 2 * len("How much is 0 and one?1")
    assert figures.system_prompts == 1
    assert figures.common_system_prompt == "abc"
    assert figures.common_system_share == 0.5


def test_nothing_to_measure() -> None:
    figures = Measures().statistics()
    assert figures.records == 0
    assert figures.common_system_prompt is None
    assert (figures.lengths, figures.labels, figures.prompts) == ((), (), ())
    assert figures.turns == Spread(0, 0, 0, 0, 0)


def test_strays_need_a_dominant_prompt() -> None:
    prompts = SystemPrompts()
    for line in range(1, 9):
        prompts.add(line, "common")
    assert prompts.strays(0.8) == (0, [])
    prompts.add(9, "other")
    prompts.add(10, None)
    assert prompts.strays(0.8) == (2, [9, 10])
    prompts.add(11, "third")
    assert prompts.strays(0.8) == (0, [])
    assert prompts.different == 3


def test_a_prompt_for_every_record_takes_little_memory() -> None:
    prompts = SystemPrompts()
    for line in range(6000):
        prompts.add(line, f"{line}" + "x" * 2000)
    assert prompts.different == 4096
    assert sum(len(each.text or "") for each in prompts._prompts.values()) <= 4 << 20


def test_the_most_common_prompts_are_told_masked_and_clipped() -> None:
    prompts = SystemPrompts()
    for line, prompt in enumerate(["a", "a", "b", None, None, None, "mail jane.doe@acme.com", "c" * 600], 1):
        prompts.add(line, prompt)
    first, second, *rest = prompts.most_common()
    assert (first, second) == (SystemPrompt("", 3), SystemPrompt("a", 2))
    told = [each.text for each in rest]
    assert told[0] == "b"
    assert "jane" not in told[1]
    assert len(told[2]) == 500
    assert told[2].endswith("\u2026")


def test_no_prompts_no_table() -> None:
    prompts = SystemPrompts()
    prompts.add(1, None)
    assert prompts.most_common() == ()
