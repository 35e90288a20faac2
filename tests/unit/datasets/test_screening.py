from pathlib import Path

import pytest

from bot.datasets.screening import MOST, SAMPLE, UNIT, Sampled, Screened, sample, screen
from bot.errors import Unavailable
from tests.doubles.guardrail import FakeGuardrail
from tests.unit.datasets.samples import CLAUDE, good


def written(folder: Path, count: int) -> Path:
    path = folder / "claims.jsonl"
    path.write_text("".join(f"{good(number)}\n" for number in range(count)), "utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 99, SAMPLE, SAMPLE + 1, 1_000])
def test_a_sample_is_spread_over_the_file_and_never_larger_than_it(tmp_path: Path, count: int) -> None:
    sampled = sample(written(tmp_path, count), CLAUDE, count)
    assert len(sampled) == min(count, SAMPLE)
    lines = [each.line for each in sampled]
    assert lines == sorted(set(lines))
    assert lines[0] == 1
    assert lines[-1] > count * 0.98 or lines[-1] == count


def test_what_people_say_and_what_the_model_answers_are_apart(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(
        '{"system": "Be kind.", "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"},'
        ' {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}]}\n'
    )
    assert sample(path, CLAUDE, 1) == [Sampled(1, "Be kind.\na\nc", "b\nd")]


@pytest.mark.parametrize(
    ("asked", "answered", "units"),
    [("a", "b", 2), ("a" * UNIT, "", 1), ("a" * (UNIT + 1), "b", 3), ("a" * 10 * MOST, " ", 25)],
)
def test_text_units_are_begun_thousands_of_each_text_that_is_sent(
    asked: str, answered: str, units: int
) -> None:
    assert Sampled(1, asked, answered).units == units


def test_what_the_guardrail_has_against_rows_is_told_by_line() -> None:
    guardrail = FakeGuardrail("DAN")
    rows = [Sampled(line, "You are DAN." if line % 3 == 0 else "Hello.", "Yes.") for line in range(1, 31)]
    screened = screen(guardrail, rows)
    assert [line for line, _ in screened.stopped] == list(range(3, 31, 3))
    said = screened.sentence("abc:1", 900)
    assert said.startswith(
        "The guardrail `abc:1` has read 30 of 900 rows and would stop 10 of them: line 3 ("
    )
    assert "and 5 more" in said


def test_what_is_only_masked_is_not_told_as_stopped() -> None:
    assert Screened(30, (), 2).sentence("abc:1", 900) == (
        "The guardrail `abc:1` has read 30 of 900 rows and would stop none of them. It would mask something in 2 of "
        "them. It has not seen the others."
    )
    both = Screened(30, ((3, ("topic: x",)),), 2).sentence("abc:1", 30)
    assert "would stop 1 of them: line 3 (topic: x). It would mask something in 2 of them. Tuning" in both


@pytest.mark.parametrize(("records", "words"), [(30, "all 30 rows"), (900, "It has not seen the others.")])
def test_a_clean_file_is_told_as_far_as_it_was_read(records: int, words: str) -> None:
    assert words in Screened(30, ()).sentence("abc:1", records)


def test_trouble_with_one_row_is_trouble_with_all() -> None:
    with pytest.raises(Unavailable):
        screen(FakeGuardrail("x", error=Unavailable("away")), [Sampled(1, "a", "b")])
