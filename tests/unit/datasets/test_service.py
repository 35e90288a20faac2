"""Judge, keep, find, fetch."""

from pathlib import Path

import pytest

from bot.datasets.model import Dataset, Parent, Role, Source
from bot.datasets.service import Datasets, dataset_name
from bot.errors import Misconfigured, NotFound, Refused, Unavailable
from tests.doubles.clock import FakeClock
from tests.doubles.datasets import MemoryDatasetFiles, MemoryDatasetRepository
from tests.unit.datasets.samples import CLAUDE, lines

SOURCE = Source("F1", "C1", "1.2", "U1")


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.files = MemoryDatasetFiles()
        self.repository = MemoryDatasetRepository()
        self.datasets = Datasets(self.files, self.repository, self.clock)

    def file(self, data: bytes, name: str = "claims.jsonl") -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def keep(self, data: bytes, name: str = "claims.jsonl", region: str = "us-west-2") -> Dataset:
        path = self.file(data, name)
        return self.datasets.keep(path, self.datasets.validate(path, CLAUDE), SOURCE, region)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_good_file_is_kept_and_found(bench: Bench) -> None:
    kept = bench.keep(lines(pad=40))
    assert kept.id == kept.report.sha256[:12]
    assert kept.name == "claims"
    assert kept.stored_at == bench.clock.now()
    assert kept.locations == {"us-west-2": f"s3://west/datasets/{kept.report.sha256}.jsonl"}
    assert bench.datasets.find(kept.id) == kept
    assert bench.datasets.find("claims") is None, "by name nobody finds what they may not see"
    assert bench.datasets.find("") is None


def test_the_name_is_the_persons_not_the_path(bench: Bench) -> None:
    path = bench.file(lines(pad=40), "tmp8d3k.bin")
    report = bench.datasets.validate(path, CLAUDE, name="Q3 claims.v2.jsonl")
    assert bench.datasets.keep(path, report, SOURCE, "us-west-2").name == "Q3 claims.v2"


@pytest.mark.parametrize(
    ("data", "hint"), [(lines("x"), "Mend what the report names"), (lines(""), "Repair all")]
)
def test_content_with_errors_is_never_kept(bench: Bench, data: bytes, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        bench.keep(data)
    assert hint in refused.value.hint
    assert bench.files.objects == {}
    assert bench.repository.datasets == []


def test_keeping_twice_is_free(bench: Bench) -> None:
    first = bench.keep(lines(pad=40))
    again = bench.keep(lines(pad=40))
    assert again.id == first.id
    assert bench.files.uploads == 1
    assert bench.repository.datasets == [again]


def test_another_region_adds_a_copy(bench: Bench) -> None:
    bench.keep(lines(pad=40))
    kept = bench.keep(lines(pad=40), region="us-east-1")
    assert set(kept.locations) == {"us-west-2", "us-east-1"}


def test_versions_share_a_name_and_stay_apart(bench: Bench) -> None:
    old = bench.keep(lines(pad=40))
    bench.clock.advance(5)
    new = bench.keep(lines(pad=41))
    assert bench.datasets.find(new.id) == new
    assert bench.datasets.find(old.id) == old
    assert bench.repository.named("claims") == [new, old]


def test_the_same_bytes_under_another_name_are_another_label(bench: Bench) -> None:
    first = bench.keep(lines(pad=40))
    bench.clock.advance(5)
    path = bench.file(lines(pad=40), "claims-needs-repair.repaired.jsonl")
    report = bench.datasets.validate(path, CLAUDE, Role.VALIDATION)
    there = Source("F2", "C2", "2.0", "U2")
    other = bench.datasets.keep(path, report, there, "us-west-2")
    bench.datasets.place(other, "3.0")
    assert bench.repository.named("claims") == [first]
    [placed] = bench.repository.named("claims-needs-repair.repaired")
    assert (placed.source.ts, placed.source.user, placed.report.role) == ("3.0", "U2", Role.VALIDATION)
    assert bench.files.uploads == 1


def test_where_a_file_came_from_is_kept_and_stays(bench: Bench) -> None:
    first = bench.keep(lines(pad=40))
    assert (first.parent, first.history) == (None, ())
    path = bench.file(lines(pad=41))
    report = bench.datasets.validate(path, CLAUDE)
    made = bench.datasets.keep(
        path,
        report,
        SOURCE,
        "us-west-2",
        parent=Parent(first.report.sha256, "first"),
        history=["Dropped a row."],
    )
    assert (made.parent, made.history) == (first.report.sha256, ("Dropped a row.",))
    assert made.parent_name == "first"
    sent = bench.keep(lines(pad=41))  # the same bytes, sent by hand, perhaps where nobody sees the first
    assert (sent.parent, sent.parent_name) == (first.report.sha256, "")
    assert bench.datasets.labels(sent.id) == [sent]


def test_no_dataset_is_its_own_ancestor(bench: Bench) -> None:
    first = bench.keep(lines(pad=40))
    path = bench.file(lines(pad=40))
    again = bench.datasets.keep(
        path, first.report, SOURCE, "us-west-2", parent=Parent("b" * 64, "other"), history=["x"]
    )
    assert (again.parent, again.history) == (None, ())
    new = bench.file(lines(pad=42))
    report = bench.datasets.validate(new, CLAUDE)
    assert (
        bench.datasets.keep(new, report, SOURCE, "us-west-2", parent=Parent(report.sha256, "itself")).parent
        is None
    )


def test_a_bucket_that_is_missing_leaves_nothing_behind(bench: Bench) -> None:
    with pytest.raises(Misconfigured):
        bench.keep(lines(pad=40), region="eu-west-1")
    assert bench.repository.datasets == []


def test_bytes_are_fetched_from_any_copy(bench: Bench, tmp_path: Path) -> None:
    kept = bench.keep(lines(pad=40))
    bench.datasets.fetch(kept, "us-east-1", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == lines(pad=40)
    bench.files.objects.clear()
    with pytest.raises(NotFound):
        bench.datasets.fetch(kept, "us-west-2", tmp_path / "copy")


def test_a_store_that_is_away_shows(tmp_path: Path) -> None:
    class Away(MemoryDatasetRepository):
        def labels(self, dataset_id: str) -> list[Dataset]:
            raise Unavailable("The store did not answer.")

    datasets = Datasets(MemoryDatasetFiles(), Away(), FakeClock())
    with pytest.raises(Unavailable):
        datasets.find("0" * 12)


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("claims.jsonl", "claims"),
        ("/home/x/claims.v2.jsonl", "claims.v2"),
        ("C:\\data\\claims.txt", "claims"),
        ("claims", "claims"),
        (".jsonl", ".jsonl"),
        ("", "dataset"),
    ],
)
def test_the_name_of_a_dataset(file_name: str, name: str) -> None:
    assert dataset_name(file_name) == name


def test_the_message_that_a_dataset_was_shared_in_is_noted(bench: Bench) -> None:
    kept = bench.keep(lines(pad=40))
    bench.datasets.place(kept, "7.5")
    found = bench.datasets.find(kept.id)
    assert found is not None
    assert (found.source.ts, found.source.channel, found.locations) == ("7.5", "C1", kept.locations)
