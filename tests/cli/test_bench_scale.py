"""The judge of ``bench scale``: what is well is let be, and each thing that is lost or there twice is told."""

from dataclasses import replace

import pytest

from benchmarks._scale_records import Records, Said, Wanted, judge, plants, turned_away, unseen

ASKED, DROPPED, TALKED = ("D1", "1.0"), ("D1", "2.0"), ("C1", "3.0")
WANTED = Wanted(
    {ASKED: '{"queue": "appeals"}'}, {DROPPED: "rows-001"}, {TALKED}, {"model-0001"}, {"late-job"}
)
WELL = Records(
    (Said(ASKED, 'queue: "appeals"'), Said(DROPPED, "rows-001 is ready")),
    {"question:1 answer": 1, "job:1 end": 1},
    {"model-0001": 1},
    {("CreateModelCustomizationJob", "late-job"): 1},
)


def test_a_run_in_which_all_is_well_is_let_be() -> None:
    assert judge(WELL, WANTED) == []
    assert unseen(WELL, WANTED) == []


@pytest.mark.parametrize("planted", plants(WELL, WANTED))
def test_each_fault_is_told_as_what_it_is(planted: str) -> None:
    told = judge(plants(WELL, WANTED)[planted], WANTED)

    kinds = {each.partition(":")[0] for each in told}
    is_double = "twice" in planted
    assert kinds == {
        "doubled" if is_double else "unasked" if "nobody asked" in planted or "none" in planted else "lost"
    }


def test_a_notice_that_an_answer_waits_is_none_and_stands_there_once() -> None:
    notice = Said(ASKED, "Many messages are waiting. I go on with this by myself when that is over.")

    assert judge(replace(WELL, said=(*WELL.said, notice)), WANTED) == []
    [told] = judge(replace(WELL, said=(*WELL.said, notice, notice)), WANTED)
    assert told.startswith("doubled: that the answer to")


def test_a_question_that_was_not_taken_is_not_lost_when_its_person_knows_which() -> None:
    wanted = replace(WANTED, asked={ASKED: "Member M-1."})
    told = replace(
        WELL, said=WELL.said[1:], turned_away=frozenset({("D1", "Ask this one, `Member M-1. Oh`, again")})
    )

    assert judge(told, wanted) == []
    assert turned_away(told, wanted) == [ASKED]
    other = replace(told, turned_away=frozenset({("D1", "Ask this one, `Member M-2.`, again")}))
    [lost] = judge(other, wanted)
    assert lost.startswith("lost: the answer to")


def test_a_report_beside_a_verdict_is_no_second_one_and_stands_there_once() -> None:
    report = Said(DROPPED, "<https://docs.example/F1|Open the report>")

    assert judge(replace(WELL, said=(*WELL.said, report)), WANTED) == []
    [told] = judge(replace(WELL, said=(*WELL.said, report, report)), WANTED)
    assert told.startswith("doubled: the report beside the verdict on")


def test_the_end_of_a_job_that_people_started_is_no_fault_when_it_is_true() -> None:
    told = replace(WELL, ends={**WELL.ends, "late-job": 1})

    assert judge(replace(told, trained=frozenset({"late-job"})), WANTED) == []
    assert judge(told, WANTED) == ["unasked: told that late-job is trained, and it is not"]


def test_nothing_at_all_is_a_loss_of_everything() -> None:
    assert len(judge(Records(), WANTED)) == WANTED.effects
