"""Teachers as data, and the phases of a distillation."""

import re

import pytest

from bot.distillations.plan import PHASES, DistillationPhase, Prepared, Tokens
from bot.distillations.preflight import fits
from bot.distillations.teachers import registry
from bot.distillations.teachers.model import EAST, WEST, Teacher
from bot.distillations.teachers.registry import TEACHERS
from bot.distillations.transitions import ENDED, TABLE
from bot.errors import NotFound, Refused
from bot.profiles.registry import PROFILES

_ID = re.compile(r"(us\.)?[a-z0-9-]+\.[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]+)?")


@pytest.mark.parametrize("teacher", TEACHERS.values(), ids=lambda each: each.name)
def test_a_teacher_answers_wherever_a_base_is_trained_and_says_who_says_so(teacher: Teacher) -> None:
    assert {each.region for each in PROFILES.values()} <= set(teacher.regions)
    assert all(
        _ID.fullmatch(each) and each.endswith(teacher.foundation_id) for each in teacher.regions.values()
    )
    assert teacher.source.startswith("https://docs.aws.amazon.com/")
    assert all(price.source and price.usd > 0 for price in teacher.prices)


@pytest.mark.parametrize("said", ["Nova Pro", "amazon nova pro", "us.amazon.nova-pro-v1:0", "nova-pro"])
def test_a_teacher_is_known_by_all_its_names(said: str) -> None:
    assert registry.get(said).name == "nova-pro"


def test_an_unknown_teacher_and_a_region_without_it_are_refused_with_what_there_is() -> None:
    with pytest.raises(NotFound) as unknown:
        registry.get("nova pr")
    assert "Did you mean `nova-pro`?" in unknown.value.hint

    with pytest.raises(Refused) as elsewhere:
        registry.model_id(TEACHERS["nova-pro"], "eu-west-1")
    assert "I know none" in elsewhere.value.hint
    assert registry.model_id(TEACHERS["nova-pro"], EAST) == "amazon.nova-pro-v1:0"
    assert registry.model_id(TEACHERS["nova-pro"], WEST) == "us.amazon.nova-pro-v1:0"


def test_every_phase_has_its_moves_every_end_has_none_and_every_phase_is_reached() -> None:
    assert set(TABLE) == set(DistillationPhase)
    assert all(not TABLE[each] for each in ENDED)
    reached = {to for moves in TABLE.values() for to in moves}
    assert reached == set(DistillationPhase) - {DistillationPhase.READING}
    assert set(PHASES.values()) <= reached


@pytest.mark.parametrize(("records", "ok"), [(99, False), (100, True), (50_000, True), (50_001, False)])
def test_a_batch_job_takes_a_hundred_prompts_at_least(records: int, ok: bool) -> None:
    prepared = Prepared("p", "a", "s3://x/y", 9, records, (), Tokens(1, 2), Tokens(0, 4))
    check = fits(prepared)
    assert check.ok is ok
    assert bool(check.mend) is not ok
    assert check.sentence.startswith(f"There are {records:,} prompts")
