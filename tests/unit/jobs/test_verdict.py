"""The verdict on a training, over curves that a person would judge the same way."""

import pytest

from bot.jobs.curves import Curves, Point
from bot.jobs.verdict import Verdict, VerdictKind, judge
from bot.playground.bedrock import curves as stand_in


def trained(validation: list[float], training: list[float] | None = None, steps: int = 3) -> Curves:
    """Curves with so many steps an epoch; training falls plainly unless given."""
    epochs = len(validation) or (len(training or []) // steps)
    losses = training or [2.0 * 0.9**step for step in range(epochs * steps)]
    return Curves(
        tuple(Point(step, step // steps + 1, loss) for step, loss in enumerate(losses)),
        tuple(Point((n + 1) * steps, n + 1, loss) for n, loss in enumerate(validation)),
    )


def said(curves: Curves, planned: int | None = None, most: int = 10) -> Verdict:
    return judge(curves, curves.epochs if planned is None else planned, most)


def test_the_real_run_of_claude_3_haiku_stopped_early() -> None:
    losses = [1.62, 1.55, 1.51, 1.49, 1.47649, 1.47635, 1.49595]
    verdict = said(trained(losses), planned=10)

    assert verdict.kind is VerdictKind.STOPPED_EARLY
    assert "after epoch 7 of 10" in verdict.sentence
    assert (verdict.best_epoch, verdict.again) == (6, 6)
    assert "patience" in verdict.rule


def test_one_that_ended_early_while_it_fell_is_not_said_to_have_stopped_falling() -> None:
    verdict = said(trained([1.5, 1.2, 1.0]), planned=10)

    assert verdict.kind is VerdictKind.STOPPED_EARLY
    assert "had stopped falling" not in verdict.sentence
    assert "still falling" in verdict.sentence
    assert "threshold" in verdict.rule
    assert verdict.again is None
    assert said(trained([1.5]), planned=2).sentence == "Stopped early, after epoch 1 of 2."


def test_over_fitting_is_dated_from_the_epoch_after_the_best() -> None:
    verdict = said(trained([1.5, 1.2, 1.25, 1.4]))

    assert verdict.kind is VerdictKind.OVERFITTED
    assert "since epoch 3" in verdict.sentence
    assert "17 % above the best" in verdict.rule
    assert verdict.again == 2


def test_a_rise_within_the_noise_is_no_over_fitting() -> None:
    verdict = said(trained([1.5, 1.2, 1.205, 1.21]))

    assert verdict.kind is VerdictKind.LEARNING
    assert "no gain after epoch 2" in verdict.sentence
    assert verdict.again == 2


def test_what_still_falls_is_offered_more_epochs() -> None:
    verdict = said(trained([1.5, 1.2, 1.0, 0.9]))

    assert verdict.kind is VerdictKind.LEARNING
    assert "still falling" in verdict.sentence
    assert verdict.again == 6
    assert said(trained([1.5, 1.2, 1.0, 0.9]), most=4).again is None


def test_a_base_that_chooses_its_epochs_itself_is_offered_none() -> None:
    falling = said(trained([1.5, 1.2, 1.0, 0.9]), planned=0, most=0)
    nothing = said(trained([1.90, 1.89], [1.92, 1.90, 1.91, 1.90, 1.89, 1.90]), planned=0, most=0)

    assert falling.sentence == "Learning: the validation loss was still falling."
    assert falling.again is None
    assert nothing.again is None


def test_a_loss_that_hardly_moves_has_taught_nothing() -> None:
    verdict = said(trained([1.90, 1.89], [1.92, 1.90, 1.91, 1.90, 1.89, 1.90]))

    assert verdict.kind is VerdictKind.NOTHING_LEARNED
    assert "under 5.0 %" in verdict.rule
    assert verdict.again == 4


def test_one_that_explodes_has_taught_nothing_either() -> None:
    assert said(trained([3.0, 9.0], [2.0, 2.1, 3.0, 5.0, 8.0, 9.0])).kind is VerdictKind.NOTHING_LEARNED


def test_a_loss_that_rose_is_told_as_that_and_never_sent_to_a_higher_learning_rate() -> None:
    verdict = said(trained([3.0, 9.0], [2.0, 2.1, 3.0, 5.0, 8.0, 9.0]))

    assert "rose" in verdict.sentence
    assert "lower learning rate" in verdict.sentence
    assert "hardly" not in verdict.sentence
    assert "higher" not in verdict.sentence
    assert "rose by" in verdict.rule
    assert verdict.again is None


def test_a_validation_loss_of_nothing_is_divided_by_nowhere() -> None:
    verdict = said(trained([0.4, 0.0, 0.3]))

    assert (verdict.kind, verdict.best_epoch) == (VerdictKind.OVERFITTED, 2)
    assert "%" not in verdict.rule.partition(";")[0]


def test_what_nobody_would_see_in_the_picture_is_no_over_fitting() -> None:
    assert said(trained([0.4, 0.0001, 0.0002])).kind is VerdictKind.LEARNING


def test_what_nobody_would_see_in_the_picture_is_no_gain_either() -> None:
    level = said(trained([0.4, 0.0005, 0.0001]))
    alone = said(trained([], [0.5, 0.4, 0.3, 0.0005, 0.0005, 0.0005, 0.0002, 0.0001, 0.0002]), planned=3)

    assert "no gain after epoch 2" in level.sentence
    assert level.again == 2
    assert "still falling" not in alone.sentence
    assert alone.again is None


def test_one_validation_loss_is_not_said_to_fall() -> None:
    verdict = said(trained([1.2]))

    assert "falling" not in verdict.sentence
    assert "training loss fell" in verdict.sentence
    assert verdict.again == 2


def test_of_epochs_without_a_validation_loss_nothing_is_claimed() -> None:
    whole = trained([1.5, 1.2, 1.0, 0.9])
    broken = Curves(whole.training, whole.validation[:2])
    verdict = said(broken)

    assert verdict.kind is VerdictKind.LEARNING
    assert "no gain" not in verdict.sentence
    assert "epoch 2" in verdict.sentence
    assert verdict.again is None


def test_without_a_validation_set_only_the_training_loss_speaks() -> None:
    falling = said(trained([], [2.0 * 0.9**step for step in range(6)]), planned=2)
    settled = said(trained([], [2.0, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]), planned=3)

    assert falling.kind is settled.kind is VerdictKind.LEARNING
    assert "nobody can tell whether it over-fits" in falling.rule
    assert (falling.best_epoch, falling.again) == (None, 3)
    assert settled.again is None


@pytest.mark.parametrize("curves", [Curves(()), Curves((Point(0, 1, 1.0),)), Curves((), (Point(3, 1, 1.0),))])
def test_too_few_points_say_nothing(curves: Curves) -> None:
    assert said(curves).kind is VerdictKind.TOO_LITTLE


def test_one_epoch_can_teach() -> None:
    assert said(trained([1.2])).kind is VerdictKind.LEARNING


@pytest.mark.parametrize("seed", [f"arn:job/{n}" for n in range(6)])
@pytest.mark.parametrize("early", [None, (0.001, 2)])
def test_the_stand_ins_runs_are_judged_as_they_were_made(seed: str, early: tuple[float, int] | None) -> None:
    made = stand_in.curves(
        stand_in.Run(seed=seed, records=85, validation_records=32, batch=32, epochs=10, early_stop=early)
    )
    curves = Curves(
        tuple(Point(step, step // 3 + 1, loss) for step, loss in enumerate(made.training)),
        tuple(Point(row.step, row.epoch, row.loss) for row in made.validation),
    )
    verdict = judge(curves, 10, 10)

    assert verdict.kind is (VerdictKind.STOPPED_EARLY if early else VerdictKind.OVERFITTED)
    best = min(made.validation, key=lambda row: row.loss).epoch
    assert verdict.best_epoch == best
    assert verdict.again == best
