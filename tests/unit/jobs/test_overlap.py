"""A validation set is compared with its training set before a start: whatever comes of it warns and never blocks."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.datasets.model import Dataset
from bot.datasets.service import Datasets
from bot.datasets.workers import Workers
from bot.errors import Interrupted, Unavailable
from bot.jobs.ancestors import Ancestors
from bot.jobs.model import JobPlan
from bot.jobs.overlap import MAX_BYTES, Overlap
from bot.models.model import CustomModel
from bot.spending.model import Check
from tests.doubles.bedrock import InMemoryModels
from tests.doubles.clock import FakeClock
from tests.doubles.datasets import MemoryDatasetFiles, MemoryDatasetRepository
from tests.doubles.visibility import FakeChannelMemberships
from tests.doubles.workers import Elsewhere
from tests.unit.datasets.samples import good, lines
from tests.unit.jobs.samples import dataset, model, plan

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
    models: tuple[CustomModel, ...] = (),
    memberships: FakeChannelMemberships | None = None,
    before: tuple[object, ...] = (),
) -> Check | None:
    files = files or MemoryDatasetFiles()
    repository = MemoryDatasetRepository()
    for each in known:
        repository.save(each)
    files.objects[TRAINING.locations["us-west-2"]] = lines(pad=40)
    files.objects[VALIDATION.locations["us-west-2"]] = lines(*rows, pad=0)
    files.objects[FIRST.locations["us-west-2"]] = lines(*before, pad=0)
    made = InMemoryModels()
    for one in models:
        made.save(one)
    datasets = Datasets(files, repository, FakeClock())
    ancestors = Ancestors(made, datasets, memberships or FakeChannelMemberships())
    return Overlap(datasets, ancestors, workers=workers).check(of, renew)


FIRST = dataset("first", sha256="ef" * 32, records=2)
FURTHER = replace(
    PLAN,
    base_model_id="arn:aws:bedrock:us-west-2:123456789012:custom-model/a/first",
    base_model_name="claims-first",
)
MADE = replace(
    model("claims-first"), arn=FURTHER.base_model_id, dataset_id=FIRST.id, base_arn="anthropic.base"
)
KNOWN = (TRAINING, VALIDATION, FIRST)


def test_what_is_trained_further_is_compared_with_what_it_was_trained_with_before() -> None:
    told = {
        number: look(good(number), known=KNOWN, of=FURTHER, models=(MADE,), before=(good(60), good(61)))
        for number in (60, 62)
    }
    leaks, apart = told[60], told[62]
    assert leaks
    assert apart
    assert "No record of the validation set is in the training set." in leaks.sentence
    assert "in what `claims-first` was trained with too, or nearly so: 1 of its 6 records" in leaks.sentence
    assert (leaks.notice, leaks.checked, apart.notice) == (True, True, False)
    assert "measures memory" in leaks.mend
    assert apart.sentence.endswith("is in what `claims-first` was trained with.")


def test_the_models_before_that_are_looked_at_too_and_a_circle_ends() -> None:
    older = replace(model("oldest"), arn=f"{MADE.arn}-0", dataset_id=FIRST.id, base_arn=FURTHER.base_model_id)
    nearest = replace(MADE, dataset_id=TRAINING.id, base_arn=older.arn)
    check = look(good(60), known=KNOWN, of=FURTHER, models=(nearest, older), before=(good(60),))
    assert check
    assert "in what a model before that was trained with too" in check.sentence
    assert check.sentence.count("No record") == 1, "the training set itself is compared once"


def test_data_that_not_all_who_read_of_the_plan_may_know_of_is_not_looked_at() -> None:
    """A validation set would say, row by row, what is in the data of a model that was shared without it."""
    people = FakeChannelMemberships()
    people.private("CPAY", "UINSIDE")
    hidden = replace(FIRST, source=replace(FIRST.source, channel="CPAY", user="UINSIDE"))
    for models, known in (
        ((MADE,), (TRAINING, VALIDATION, hidden)),
        ((MADE,), (TRAINING, VALIDATION)),
        ((), KNOWN),
    ):
        check = look(good(60), known=known, of=FURTHER, models=models, memberships=people, before=(good(60),))
        assert check
        assert "`claims-first` was trained with is not known, or not for all who read this" in check.sentence
        assert not check.notice
    people.private("CPAY", "UINSIDE", FURTHER.owner)
    check = look(
        good(60),
        known=(TRAINING, VALIDATION, hidden),
        of=FURTHER,
        models=(MADE,),
        memberships=people,
        before=(good(60),),
    )
    assert check
    assert not check.notice, "others read it in the plan's channel"
    people.away = Unavailable("Slack is away.")
    check = look(
        good(60), known=(TRAINING, VALIDATION, hidden), of=FURTHER, models=(MADE,), memberships=people
    )
    assert check
    assert not check.checked, "it is looked at again"


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
