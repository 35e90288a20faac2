"""The same bytes in two channels, or what only looks like the same: neither channel tells the other of it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.datasets.model import Dataset, Parent, Source
from bot.datasets.service import Datasets
from bot.errors import Refused
from tests.doubles.clock import FakeClock
from tests.doubles.datasets import MemoryDatasetFiles, MemoryDatasetRepository
from tests.unit.datasets.samples import CLAUDE, lines

PRIVATE, PUBLIC = Source("FPAY", "CPAY", "1.0", "UINSIDE"), Source("F1", "C1", "2.0", "UTRAIN")
MADE, ROWS = Parent("b" * 64, "payroll"), ["Left out 3 rows of payroll."]
SAME_ID = ("585d83884da7", "1032daceef8c")
"""Two numbers: with each, `of_number` is another file, and the digests of both begin with the same twelve digits."""


def of_number(number: str) -> bytes:
    """Return a file without fault whose last question has that number."""
    asked = [f"Which queue takes note {each} of this week?" for each in range(39)]
    rows = [(said, f"Queue {each}.") for each, said in enumerate(asked)]
    rows.append((f"Which queue takes note {number}?", "The last one."))
    return "".join(json.dumps(_record(*each)) + "\n" for each in rows).encode()


def _record(question: str, answer: str) -> dict[str, object]:
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return {"system": "Route claims.", "messages": turns}


class Shelf:
    """A place in which both channels keep what they judge."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "given.jsonl"
        self.datasets = Datasets(MemoryDatasetFiles(), MemoryDatasetRepository(), FakeClock())

    def keep(
        self, content: bytes, source: Source, region: str = "us-west-2", parent: Parent | None = None
    ) -> Dataset:
        self.path.write_bytes(content)
        report = self.datasets.validate(self.path, CLAUDE, name="claims.jsonl")
        history = ROWS if parent else ()
        return self.datasets.keep(self.path, report, source, region, parent=parent, history=history)


def test_what_is_known_of_the_same_bytes_elsewhere_is_not_told(tmp_path: Path) -> None:
    """Tried: dropping, or making, a file that a private channel may have, and reading what its card says of it."""
    for parent in (None, MADE):
        for theirs in (None, Parent("d" * 64, "other")):
            known, nothing = Shelf(tmp_path), Shelf(tmp_path)
            kept = known.keep(lines(pad=40), PRIVATE, "us-east-1", parent)
            assert known.keep(lines(pad=40), PUBLIC, parent=theirs) == nothing.keep(
                lines(pad=40), PUBLIC, parent=theirs
            )
            again = known.keep(lines(pad=40), replace(PRIVATE, user="UOTHER"))
            assert (again.parent, again.history) == (kept.parent, kept.history), "there it keeps its origin"
            assert set(again.locations) == {"us-west-2", "us-east-1"}


def test_other_content_of_the_same_id_is_not_kept(tmp_path: Path) -> None:
    """Tried: a file made so that its digest begins as another's does, so that the bot takes both for one."""
    first, second = map(of_number, SAME_ID)
    for source in (PUBLIC, PRIVATE):
        shelf = Shelf(tmp_path)
        kept = shelf.keep(first, PRIVATE)
        with pytest.raises(Refused, match="cannot be kept as it is") as refused:
            shelf.keep(second, source)
        assert kept.id not in refused.value.sentence
        assert [each.report.sha256 for each in shelf.datasets.labels(kept.id)] == [kept.report.sha256]
    one, other = Shelf(tmp_path).keep(first, PUBLIC), Shelf(tmp_path).keep(second, PUBLIC)
    assert (one.id, one.report.sha256 == other.report.sha256) == (other.id, False)
