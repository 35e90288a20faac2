"""Of every kind of plan: no *Start* where a check fails, and whoever has to agree is named before anybody asks."""

from pathlib import Path

import pytest

from bot.controller.model import Key
from tests.doubles.bought import CHEAP, DEAR, SAMPLES, house
from tests.handlers.door import words
from tests.handlers.test_raising import card_of, drawn


@pytest.mark.parametrize("breaks", [False, True])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_plan_has_a_start_unless_a_check_fails(tmp_path: Path, name: str, breaks: bool) -> None:
    sample, world = SAMPLES[name], house(tmp_path, CHEAP)
    why = sample.breaks(world) if breaks else ""
    plan = Key(sample.kind, sample.propose(world, "UTRAIN"))
    for _ in range(2):
        world.turn()

    there = drawn(world, plan)
    assert there >= {"plan.change", "plan.cancel"}
    assert ("plan.start" in there) is not breaks
    assert ("plan.check" in there) is (breaks and sample.is_mendable)
    assert why in words({"blocks": card_of(world, plan)})


@pytest.mark.parametrize("name", SAMPLES)
def test_who_could_agree_is_named_before_anybody_asks(tmp_path: Path, name: str) -> None:
    sample, world = SAMPLES[name], house(tmp_path, DEAR)
    plan = Key(sample.kind, sample.propose(world, "UTRAIN"))
    for _ in range(2):
        world.turn()

    said = words({"blocks": card_of(world, plan)})
    assert "<@UBOSS> can approve it." in said
    assert "Ask an approver" in said
