"""Tables in one test: a row that fails is named, and hides no other."""

from collections.abc import Callable, Iterable

import pytest

from tests.examples import THOROUGH, kills, left_out, some
from tests.tables import MOST_SHOWN, table


def tried(names: Iterable[object], holds: Callable[[object], None]) -> None:
    with table() as row:
        for name in names:
            with row("number", name):
                holds(name)


def is_even(number: object) -> None:
    assert number in (0, 2, 4), f"{number} is odd"


def test_every_row_is_tried_and_each_that_fails_is_named_with_its_own_failure() -> None:
    with pytest.raises(ExceptionGroup) as failed:
        tried(range(5), is_even)

    assert failed.value.message.splitlines() == ["2 of 5 rows do not hold:", "'number', 1", "'number', 3"]
    one, three = failed.value.exceptions
    assert ["1 is odd" in str(one), "3 is odd" in str(three)] == [True, True]
    assert [one.__notes__, three.__notes__] == [["row: 'number', 1"], ["row: 'number', 3"]]


def test_an_error_is_a_failure_of_its_row() -> None:
    def fails(_: object) -> None:
        raise KeyError("x")

    with pytest.raises(ExceptionGroup, match="1 of 1 rows do not hold") as failed:
        tried([1], fails)
    assert isinstance(failed.value.exceptions[0], KeyError)


def test_an_error_that_does_not_come_is_a_failure_of_its_row() -> None:
    def fails(_: object) -> None:
        with pytest.raises(ValueError, match="x"):
            pass

    with pytest.raises(ExceptionGroup, match="2 of 2 rows do not hold") as failed:
        tried([1, 2], fails)
    assert "row: 'number', 2" in str(failed.value.exceptions[1])


def test_a_table_that_fails_altogether_names_all_and_shows_some() -> None:
    with pytest.raises(ExceptionGroup) as failed:
        tried(range(100, 200), is_even)

    assert len(failed.value.exceptions) == MOST_SHOWN
    assert failed.value.message.endswith("'number', 199\n")


def test_what_holds_altogether_holds() -> None:
    tried((0, 2), is_even)


def test_a_table_without_rows_shows_nothing() -> None:
    with pytest.raises(AssertionError, match="no row was tried"):
        tried([], is_even)


def test_a_test_that_takes_too_long_ends_at_once() -> None:
    seen = []

    def takes_long(number: object) -> None:
        seen.append(number)
        pytest.fail("Timeout (>150.0s) from pytest-timeout.")

    with pytest.raises(pytest.fail.Exception, match="Timeout"):
        tried([1, 2], takes_long)
    assert seen == [1]


def test_of_a_table_a_quarter_is_tried_and_of_journeys_half_by_all_workers_alike_and_others_in_another_run() -> (
    None
):
    rows = {f"tests/a.py::test_a[{row}]" for row in range(40)} | {"tests/a.py::test_b[only]"}
    journeys = {f"tests/c.py::test_{number}" for number in range(9)}

    runs = [(rows | journeys) - left_out(rows, journeys, f"run {number}") for number in range(40)]

    assert {len(each & rows) for each in runs} == {11}
    assert {len(each & journeys) for each in runs} == {5}
    assert runs[3] == (rows | journeys) - left_out(sorted(rows, reverse=True), journeys, "run 3")
    assert set.union(*runs) == rows | journeys


def test_all_rows_are_tried_where_all_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, tried in (("", 7), ("CI", 30), (THOROUGH, 30)):
        monkeypatch.delenv("CI", raising=False)
        monkeypatch.delenv(THOROUGH, raising=False)
        if name:
            monkeypatch.setenv(name, "true")
        rows = some(range(30))
        assert len(rows) == tried
        assert rows == sorted(rows)
        assert len(kills(["a"] * 30)) == (30 if name else 3)
        assert len(kills(["a"] * 15 + ["b"])) == (16 if name else 3)
