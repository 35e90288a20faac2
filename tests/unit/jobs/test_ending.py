"""What is told of a completed job from the files that it left."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.errors import Misconfigured
from bot.jobs.ending import Ending, against_estimate, assess, epochs_run, unreadable
from bot.jobs.ports import ResultFiles
from bot.jobs.terms import estimate
from bot.jobs.verdict import VerdictKind
from bot.pricing.money import UNKNOWN
from tests.doubles.job_ends import TRAINING, VALIDATION
from tests.unit.jobs.samples import NO_PRICES, PRICES, plan

VALIDATED = plan(validation_uri="s3://b/v.jsonl")


def test_both_files_give_a_verdict_and_curves() -> None:
    ending = assess(ResultFiles(TRAINING, VALIDATION), VALIDATED)

    assert ending.verdict is not None
    assert ending.curves is not None
    assert (ending.verdict.kind, ending.verdict.best_epoch, ending.note) == (VerdictKind.LEARNING, 2, "")
    assert (len(ending.curves.training), len(ending.curves.validation)) == (6, 2)


def test_no_validation_file_is_missed_where_there_was_no_validation_set() -> None:
    assert assess(ResultFiles(TRAINING, None), plan()).note == ""
    assert "validation losses" in assess(ResultFiles(TRAINING, None), VALIDATED).note


def test_one_of_two_is_better_than_none() -> None:
    ending = assess(ResultFiles(None, VALIDATION), VALIDATED)

    assert ending.verdict is not None
    assert ending.note == "Bedrock left no file of training losses in S3."


def test_nothing_is_told_as_nothing() -> None:
    ending = assess(ResultFiles(None, None), VALIDATED)

    assert (ending.verdict, ending.curves) == (None, None)
    assert ending.note.startswith("There is no curve.")
    refused = unreadable(Misconfigured("AWS does not allow me to do this.", hint="Allow `s3:GetObject`."))
    assert refused.note.endswith("AWS does not allow me to do this. Allow `s3:GetObject`.")


@pytest.mark.parametrize(("records", "said"), [(1, "1 record,"), (29, "29 records,"), (30, ""), (None, "")])
def test_a_verdict_by_a_handful_of_records_says_so(records: int | None, said: str) -> None:
    job = replace(VALIDATED, validation_records=records)
    ending = assess(ResultFiles(TRAINING, VALIDATION), job)

    assert ending.verdict is not None
    assert ("may be chance" in ending.verdict.sentence) is bool(said)
    assert said in ending.verdict.sentence
    alone = assess(ResultFiles(TRAINING, None), replace(job, validation_uri=None)).verdict
    assert alone is not None
    assert "chance" not in alone.sentence, "it is by the training losses"


@pytest.mark.parametrize("lost", ["both", "training", "validation"])
def test_a_training_that_diverged_is_never_told_as_learning(lost: str) -> None:
    training, validation = TRAINING, VALIDATION
    if lost != "validation":
        training += b"6,3,nan\n7,3,nan\n8,4,nan\n"
    if lost != "training":
        validation += b"9,3,nan\n12,4,nan\n"
    long = plan(hyperparameters={"epochCount": "4"}, validation_uri="s3://b/v.jsonl")
    ending = assess(ResultFiles(training, validation), long)

    assert ending.verdict is not None
    assert ending.verdict.kind is VerdictKind.NOTHING_LEARNED
    assert "lower learning rate" in ending.verdict.sentence
    assert "is no number" in ending.verdict.sentence
    assert "cut short" not in ending.note
    assert ending.verdict.again is None
    assert ending.curves is not None, "what went before is drawn"
    assert against_estimate(long, estimate(long, PRICES), ending).endswith("as estimated"), "it was trained"


def test_one_that_diverged_at_its_first_step_has_a_verdict_and_no_curve() -> None:
    header = TRAINING.partition(b"\n")[0]
    ending = assess(ResultFiles(header + b"\n0,1,nan\n1,1,nan\n", None), plan())

    assert ending.verdict is not None
    assert (ending.verdict.kind, ending.curves) == (VerdictKind.NOTHING_LEARNED, None)
    assert "no rows" not in ending.note


def test_as_many_epochs_as_the_curve_has_were_run() -> None:
    long = plan(hyperparameters={"epochCount": "4"}, validation_uri="s3://b/v.jsonl")
    ending = assess(ResultFiles(TRAINING, VALIDATION), long)

    assert ending.verdict is not None
    assert ending.verdict.kind is VerdictKind.STOPPED_EARLY
    assert epochs_run(long, ending) == 2
    assert epochs_run(long, None) == epochs_run(long, Ending()) == 4


@pytest.mark.parametrize(
    ("epochs", "words"),
    [("2", "≈ $0.08, as estimated"), ("4", "≈ $0.08 for 2 of 4 epochs; estimated: at most $0.17")],
)
def test_the_cost_stands_beside_the_estimate(epochs: str, words: str) -> None:
    job = replace(VALIDATED, hyperparameters={"epochCount": epochs})
    ending = assess(ResultFiles(TRAINING, VALIDATION), job)

    assert against_estimate(job, estimate(job, PRICES), ending) == words
    assert against_estimate(job, estimate(job, NO_PRICES), ending) == UNKNOWN


def test_an_estimate_without_epochs_is_no_estimate() -> None:
    unknown = replace(estimate(plan(), PRICES), epochs=0, usd=None)

    assert against_estimate(plan(), unknown, None) == UNKNOWN
    assert estimate(plan(), PRICES).usd == Decimal("0.084")
