"""Answers nested to the bottom of a stack, and rows made of beginnings alone: a trial counts them, and soon."""

import time
from pathlib import Path

from bot.questions.answerer import Ending, Usage
from bot.trials.comparing import compared, is_right
from bot.trials.prompt import prepare
from tests.unit.trials.test_prompt import NOVA, row
from tests.unit.trials.test_trial import Room

FIELD = ("team",)
GOOD = '{"team": "intake"}'


def nested(depth: int, opens: str = "[", closes: str = "]") -> str:
    """Return an object whose field is nested so deep."""
    return f'{{"team": {opens * depth}{closes * depth}}}'


DEEP = [nested(each) for each in (200, 490, 900, 2_000)] + [
    nested(900, '{"a":', "1" + "}" * 899 + "}")[:5_900]
]


def test_what_is_nested_to_the_bottom_of_a_stack_is_an_answer_that_is_not_right(tmp_path: Path) -> None:
    """Tried: a model, and a row of a dataset, that answer with a value nested deeper than Python goes."""
    for deep in DEEP:
        assert not is_right(deep, GOOD, FIELD)
        compared(deep, FIELD)
    path = tmp_path / "rows.jsonl"
    good = [row(f"Which team takes claim {number}?", GOOD) for number in range(40)]
    bad = [row(f"Who is case {number} of?", each) for number, each in enumerate(DEEP * 5)]
    path.write_bytes(b"\n".join([*bad, *good]))
    assert len(prepare(path, NOVA, FIELD).cases) == 20


def test_a_trial_goes_on_after_such_an_answer(tmp_path: Path) -> None:
    """Tried: the same in a trial, so that it fails again and again and is never told."""
    content = [
        row(f"Which team takes claim {number}?", GOOD.replace("intake", team))
        for number, team in enumerate(("intake", "fraud", "motor") * 20)
    ]
    room = Room(tmp_path, content=content)
    room.inference.always = (nested(900), Ending("end_turn", Usage(300, 2)))
    assert room.begin()
    room.turn()
    assert (room.ended.asked, room.ended.right, room.ended.unknown, room.ended.why) == (20, 0, 0, "")


def test_rows_of_nothing_but_beginnings_hold_no_worker_up(tmp_path: Path) -> None:
    """Tried: rows in which every other character begins an object that does not end."""
    path = tmp_path / "rows.jsonl"
    units = ('{"a":', '{"a":[', '{"":"', "{")
    bad = [
        row(f"Case {number}?", (f"{GOOD} {unit * 2_000}")[:5_000]) for number, unit in enumerate(units * 50)
    ]
    good = [row(f"Which team takes claim {number}?", GOOD) for number in range(40)]
    path.write_bytes(b"\n".join([*bad, *good]))
    begun = time.process_time()
    assert prepare(path, NOVA, FIELD).cases
    assert time.process_time() - begun < 2.0, (
        "a tenth of a second here, and five where each is read to the end"
    )
