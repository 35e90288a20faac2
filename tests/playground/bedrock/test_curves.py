import pytest

from bot.playground.bedrock.curves import Run, curves


def _run(**changes: object) -> Run:
    fields: dict[str, object] = {
        "seed": "arn:job/1",
        "records": 85,
        "validation_records": 32,
        "batch": 32,
        "epochs": 10,
        "early_stop": None,
    }
    return Run(**{**fields, **changes})  # type: ignore[arg-type]


def test_the_same_job_has_the_same_curves_and_another_has_others() -> None:
    assert curves(_run()) == curves(_run())
    assert curves(_run()) != curves(_run(seed="arn:job/2"))


@pytest.mark.parametrize("seed", [f"arn:job/{n}" for n in range(20)])
def test_training_loss_falls_and_few_rows_over_many_epochs_overfit(seed: str) -> None:
    made = curves(_run(seed=seed))
    losses = [row.loss for row in made.validation]
    assert made.training[-1] < made.training[0] * 0.75
    assert min(losses) < losses[0]
    assert losses[-1] > min(losses) + 0.02
    assert 2 <= losses.index(min(losses)) + 1 <= 9


def test_early_stopping_ends_after_its_patience() -> None:
    whole = curves(_run(seed="s"))
    stopped = curves(_run(seed="s", early_stop=(0.001, 2)))
    assert stopped.epochs < whole.epochs == 10
    assert len(stopped.training) == stopped.epochs * 3
    losses = [row.loss for row in stopped.validation]
    best = min(losses[:-2])
    assert min(losses[-2:]) >= best - 0.001


def test_without_a_validation_set_nothing_stops_early() -> None:
    made = curves(_run(validation_records=0, early_stop=(0.1, 1)))
    assert made.epochs == 10
    assert made.validation == []


def test_many_rows_overfit_later_than_few() -> None:
    few = [row.loss for row in curves(_run(records=40)).validation]
    many = [row.loss for row in curves(_run(records=9000)).validation]
    assert few.index(min(few)) < many.index(min(many))
