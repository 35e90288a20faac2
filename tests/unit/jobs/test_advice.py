"""What a plan makes one think twice about."""

import pytest

from bot.jobs.advice import advice
from tests.unit.jobs.samples import plan


def test_without_validation_data_nothing_can_stop_early() -> None:
    [said] = [each for each in advice(plan()) if "early stopping" in each]

    assert "all 2 epochs" in said


def test_with_validation_data_there_is_nothing_to_say_about_it() -> None:
    held_back = plan(validation_uri="s3://tunesmith-west/datasets/v.jsonl", validation_records=32)

    assert [each for each in advice(held_back) if "early stopping" in each] == []


def test_a_base_that_never_stops_early_gets_no_such_advice() -> None:
    nova = plan(profile="nova-lite", hyperparameters={"epochCount": "2", "learningRate": "0.00001"})

    assert [each for each in advice(nova) if "early stopping" in each] == []


@pytest.mark.parametrize(("batch", "told"), [("256", True), ("32", False)])
def test_very_few_steps_are_told(batch: str, told: bool) -> None:
    parameters = {**plan().hyperparameters, "batchSize": batch}

    found = [each for each in advice(plan(hyperparameters=parameters)) if "training steps in all" in each]
    assert bool(found) is told
