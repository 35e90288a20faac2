"""Texts that are scanned in batches on a thread: the same is found, in the same order, as row by row."""

import json
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.datasets.content import batch_scanner
from bot.datasets.content.batch_scanner import BatchScanner
from bot.datasets.content.scan import SCANNER
from tests.examples import examples
from tests.unit.datasets.samples import good, judge, lines

CLEAN, MAIL = b"Nothing is here.", b"Write to ann.lee@clinic.org, please."


@pytest.fixture(autouse=True, scope="module")
def small_batches() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch_scanner, "BATCH", 120)
        patch.setattr(batch_scanner, "QUIET", 3)
        yield


class Pass:
    """A pass over rows, each a text; notes which rows are looked at, and by how many threads."""

    def __init__(self) -> None:
        self.looked: list[int] = []
        self.read_again = 0
        self.threads = {threading.get_ident()}
        self.scanner = BatchScanner(SCANNER, self.again)

    def again(self, line: int, data: bytes) -> None:
        self.read_again += 1
        self.threads.add(threading.get_ident())
        if SCANNER.candidates(data):
            self.looked.append(line)

    def run(self, rows: list[bytes]) -> list[int]:
        for line, row in enumerate(rows, start=1):
            if self.scanner.candidates(line, row, row):
                self.looked.append(line)
        self.scanner.settle()
        self.scanner.close()
        return self.looked


@settings(max_examples=examples(40), deadline=None)
@given(holds=st.lists(st.booleans() | st.just(False), max_size=60))
def test_every_row_that_holds_something_is_looked_at_once_and_in_order(holds: list[bool]) -> None:
    one = Pass()
    expected = [line for line, holds_mail in enumerate(holds, start=1) if holds_mail]
    assert one.run([MAIL if each else CLEAN for each in holds]) == expected
    assert len(one.threads) == 1


def test_a_clean_file_is_scanned_by_the_thread_and_a_short_one_is_not() -> None:
    before = threading.active_count()
    one = Pass()
    assert [one.scanner.candidates(line, CLEAN, CLEAN) for line in range(20)] == [[]] * 20
    assert threading.active_count() == before + 1
    one.run([])
    assert threading.active_count() == before
    other = Pass()
    other.run([CLEAN] * 6)
    assert (threading.active_count(), other.looked) == (before, [])


def test_of_a_batch_only_the_rows_that_hold_something_are_read_again() -> None:
    for places in ({9}, {7, 8}, {4, 21, 22}, set(range(30, 36))):
        one = Pass()
        assert one.run([MAIL if place in places else CLEAN for place in range(40)]) == sorted(
            place + 1 for place in places
        )
        assert one.read_again <= len(places), places


def test_what_ends_one_text_and_begins_the_next_is_no_find() -> None:
    assert Pass().run([CLEAN] * 3 + [b"write to ann.lee@clinic", b".org, please"] * 9) == []


def test_a_report_is_the_same_whatever_the_batches_are(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [good(index) for index in range(60)]
    for index in (20, 21, 44):
        rows[index]["messages"][0]["content"] += f" Ask ann{index}@clinic.org, 4111 1111 1111 1111."
    rows[30]["system"] = "Write to bob@clinic.org."
    data = lines(*rows[:40], json.dumps(rows[40]) + " ", '{"messages": []}', *rows[41:], pad=0)
    batched = judge(data)
    monkeypatch.setattr(batch_scanner, "QUIET", 10**9)
    assert batched == judge(data)
    found = {(each.code, each.lines, each.path) for each in batched.causes}
    assert ("mail-address", (21, 22, 46), "messages[0].content") in found
    assert ("mail-address", (31,), "system") in found
