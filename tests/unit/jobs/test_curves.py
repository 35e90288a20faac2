"""Bedrock's files of losses, as they come: other columns, other bases, cut short."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Refused
from bot.jobs.curves import TRAINING_LOSS, VALIDATION_LOSS, Curves, Point, Table, described, read, thinned
from tests.examples import examples

REAL = b"step_number,epoch_number,training_loss\n0,1,1.9\n1,1,1.7\n2,2,1.2\n"


def test_a_file_of_claude_3_haiku() -> None:
    assert read(REAL, TRAINING_LOSS) == Table((Point(0, 1, 1.9), Point(1, 1, 1.7), Point(2, 2, 1.2)))


def test_columns_are_found_by_their_names_whatever_else_is_there() -> None:
    content = (
        b"\xef\xbb\xbfEpoch_Number, perplexity,validation_loss,step_number\r\n1,4.5,1.5,3\r\n2,4.1,1.4,6\r\n"
    )

    assert read(content, VALIDATION_LOSS).points == (Point(3, 1, 1.5), Point(6, 2, 1.4))


def test_no_newline_at_the_end_is_no_cut() -> None:
    assert not read(REAL.rstrip(), TRAINING_LOSS).cut_short


@pytest.mark.parametrize("end", [b"3,2", b"3,2,", b"3", b'3,2,"1.0'])
def test_a_file_that_is_cut_short_says_so_and_keeps_what_is_whole(end: bytes) -> None:
    table = read(REAL + end, TRAINING_LOSS)

    assert table.points[:3] == read(REAL, TRAINING_LOSS).points
    assert table.cut_short or end.startswith(b'3,2,"')


@pytest.mark.parametrize("word", [b"nan", b"NaN", b"inf", b"-inf", b"1e999", b"1.7e308", b"-1e300"])
def test_a_loss_that_is_no_number_up_to_the_end_is_told_as_that_and_one_in_between_is_a_gap(
    word: bytes,
) -> None:
    ended = read(REAL + b"3,2,%b\n4,3,%b\n" % (word, word), TRAINING_LOSS)
    between = read(REAL + b"3,2,%b\n4,3,1.1\n" % word, TRAINING_LOSS)
    never = read(b"step_number,epoch_number,training_loss\n0,1,%b\n" % word, TRAINING_LOSS)

    assert (ended.points, ended.cut_short, ended.lost_at) == (read(REAL, TRAINING_LOSS).points, False, 3)
    assert ([each.step for each in between.points], between.lost_at) == ([0, 1, 2, 4], None)
    assert (never.points, never.lost_at) == ((), 0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "column `step_number`"),
        (b"step_number,epoch_number,loss\n1,1,1\n", "column `training_loss`"),
        (b"step_number,epoch_number,training_loss\n", "no rows"),
        (b"<html>Access denied</html>", "column `step_number`"),
    ],
)
def test_a_file_that_is_none_is_told(content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read(content, TRAINING_LOSS)


@settings(max_examples=examples(60), deadline=None, database=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(junk: bytes) -> None:
    try:
        table = read(REAL[: len(junk)] + junk, TRAINING_LOSS)
    except Refused:
        return
    assert table.points or table.lost_at is not None


def test_many_steps_are_thinned_to_what_a_picture_shows() -> None:
    points = tuple(Point(step, step // 100 + 1, 2 - step / 1000) for step in range(1000))
    kept = thinned(Curves(points, (Point(1000, 10, 1.0),)))

    assert len(kept.training) <= 120
    assert kept.training[-1].step == 999
    assert kept.epochs == 10
    assert kept.validation == (Point(1000, 10, 1.0),)
    assert thinned(kept) == kept


def test_the_curves_in_words() -> None:
    curves = Curves(
        (Point(0, 1, 1.9), Point(5, 2, 0.7)), (Point(3, 1, 1.5), Point(6, 2, 1.25), Point(9, 3, 1.3))
    )

    assert described(curves) == (
        "Line chart of the losses over 3 epochs: training loss from 1.9 to 0.7 and validation loss from 1.5 to 1.3, "
        "lowest 1.25 at epoch 2."
    )
    assert described(Curves((Point(0, 1, 1.9),))).endswith("over 1 epoch: training loss from 1.9 to 1.9.")
