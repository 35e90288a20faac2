"""Copies and contradictions are told as comparing each record with all before it would tell them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.file_statistics.duplicates import NEW, Memory, SeenKind
from tests.examples import examples

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30)


@settings(max_examples=examples(60), deadline=None)
@given(pairs=PAIRS)
def test_it_tells_what_comparing_with_all_tells(pairs: list[tuple[int, int]]) -> None:
    memory = Memory()
    for index, (prompt, answer) in enumerate(pairs):
        seen = memory.see(index + 1, prompt, answer)
        before = pairs[:index]
        if (prompt, answer) in before:
            assert seen.kind is SeenKind.COPY
        elif prompt in [each for each, _ in before]:
            first = next(place for place, each in enumerate(before) if each[0] == prompt) + 1
            assert (seen.kind, seen.first_line) == (SeenKind.CONTRADICTION, first)
        else:
            assert seen is NEW


def test_two_records_on_one_line_do_not_contradict_each_other_but_may_be_copies() -> None:
    memory = Memory()
    assert [memory.see(1, 7, answer).kind for answer in (1, 2, 1, 2)] == [
        SeenKind.NEW,
        SeenKind.NEW,
        SeenKind.COPY,
        SeenKind.COPY,
    ]


def test_what_is_remembered_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.datasets.file_statistics.duplicates.REMEMBERED", 2)
    memory = Memory()
    seen = [
        memory.see(line, *pair).kind for line, pair in enumerate([(1, 1), (1, 2), (2, 1), (2, 1), (1, 2)])
    ]
    assert seen == [SeenKind.NEW, SeenKind.CONTRADICTION, SeenKind.NEW, SeenKind.NEW, SeenKind.COPY]
