"""A validation set is compared with its training set before a start: whatever comes of it warns and never blocks."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.datasets.model import Dataset
from bot.datasets.service import Datasets
from bot.datasets.workers import Workers
from bot.errors import Interrupted, Unavailable
from bot.jobs.model import JobPlan
from bot.jobs.overlap import MAX_BYTES, Overlap
from bot.spending.model import Check
from tests.doubles.clock import FakeClock
from tests.doubles.datasets import MemoryDatasetFiles, MemoryDatasetRepository
from tests.doubles.workers import Elsewhere
from tests.unit.datasets.samples import good, lines
from tests.unit.jobs.samples import dataset, plan

TRAINING, VALIDATION = dataset("claims", sha256="ab" * 32), dataset("held-out", sha256="cd" * 32, records=6)
PLAN = plan(validation_dataset_id=VALIDATION.id, validation_uri="s3://b/v.jsonl")
OTHER_ANSWER = {"messages": [good(3)["messages"][0], {"role": "assistant", "content": "Nobody knows."}]}


class AwayFiles(MemoryDatasetFiles):
    def get(self, uri: str, destination: Path) -> None:
        raise Unavailable("S3 did not answer.")


def look(
    *rows: object,
    files: MemoryDatasetFiles | None = None,
    known: tuple[Dataset, ...] = (TRAINING, VALIDATION),
    of: JobPlan = PLAN,
    renew: Callable[[], object] = lambda: None,
    workers: Workers | None = None,
) -> Check | None:
    files = files or MemoryDatasetFiles()
    repository = MemoryDatasetRepository()
    for each in known:
        repository.save(each)
    files.objects[TRAINING.locations["us-west-2"]] = lines(pad=40)
    files.objects[VALIDATION.locations["us-west-2"]] = lines(*rows, pad=0)
    return Overlap(Datasets(files, repository, FakeClock()), workers=workers).check(of, renew)


def test_without_a_validation_set_there_is_nothing_to_say() -> None:
    assert look(of=plan()) is None


def test_sets_apart_are_a_check_that_holds() -> None:
    renewals: list[None] = []
    check = look(good(50), good(51), renew=lambda: renewals.append(None))
    assert check == Check("validation set", True, "No record of the validation set is in the training set.")
    assert len(renewals) == 4


def test_they_are_compared_by_the_workers_and_a_bot_that_ends_leaves_it_to_the_next() -> None:
    workers = Elsewhere()
    assert look(good(50), good(51), workers=workers) is not None
    assert workers.did == ["leakage"]
    with pytest.raises(Interrupted):
        look(good(50), workers=Elsewhere(Interrupted()))


def test_what_leaks_is_counted_and_warned_about() -> None:
    check = look(good(50), good(4), OTHER_ANSWER, good(5))
    assert check is not None
    assert (check.ok, check.checked, check.notice) == (True, True, True)
    assert "in the training set too, or nearly so: 2 of its 6 records" in check.sentence
    assert "answers otherwise: 1 of its 6 records" in check.sentence
    assert "lines 2, 3, 4 of" in check.mend
    assert "measures memory" in check.mend


@pytest.mark.parametrize(
    ("files", "known", "why"),
    [
        (AwayFiles(), (TRAINING, VALIDATION), "S3 did not answer"),
        (None, (TRAINING,), "not known any more"),
        (None, (TRAINING, replace(VALIDATION, locations={})), "are nowhere"),
        (
            None,
            (TRAINING, replace(VALIDATION, report=replace(VALIDATION.report, bytes=MAX_BYTES))),
            "more than 256 MiB",
        ),
    ],
)
def test_what_cannot_be_compared_is_told_and_blocks_nothing(
    files: MemoryDatasetFiles | None, known: tuple[Dataset, ...], why: str
) -> None:
    check = look(good(4), files=files, known=known)
    assert check is not None
    assert (check.ok, check.checked) == (True, False)
    assert why in check.sentence
    assert "--against" in check.mend
