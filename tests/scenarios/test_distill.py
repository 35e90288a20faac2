"""Prompts become a dataset: from a text file to the button that starts a job, with a teacher in batch between."""

import json

import pytest

from bot.playground.bedrock.recall import LABEL
from bot.playground.narration import text_of
from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import CHANNEL, House, Json

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

PROMPTS = "".join(f"Where does claim {number} about dental work go?\n" for number in range(120)).encode()


def _planned(house: House, words: str) -> Json:
    """Upload the prompts, ask for answers, and return the plan's card."""
    house.slack.wait_until_delivered()
    file = house.trainer.uploads(CHANNEL, "prompts.txt", PROMPTS)
    house.trainer.slash("/tune", f"distill {file['id']} {words}", CHANNEL)
    return house.waits("prompts.txt", button="plan.start distillation")


def _files(house: House, thread: Json) -> dict[str, str]:
    return {
        file["name"]: file["id"]
        for each in house.trainer.thread(thread)[1:]
        for file in each.get("files") or []
    }


def test_prompts_are_answered_and_a_job_starts_from_the_answers(house: House) -> None:
    plan = _planned(house, "with Claude Haiku 4.5 system You route claims.")
    said = text_of(plan)
    assert "120 prompts" in said
    assert "$0.55 per million input tokens in batch" in house.details(plan)
    assert "check that the terms of Anthropic allow it" in said
    assert house.created("CreateModelInvocationJob") == 0

    house.trainer.clicks(plan, "plan.start")
    house.waits("waiting in Bedrock's queue", button="distillation.stop")
    house.passes(400)
    house.waits("answering", "Claude Haiku 4.5")
    house.passes(600)

    end = house.waits("answered 120 of 120 prompts", f"<@{house.trainer.id}>", thread=plan["ts"])
    assert "≈" in text_of(end)
    verdict = house.waits("is ready", button="dataset.start", thread=plan["ts"])
    name = "prompts.claude-haiku-4.5.jsonl"
    house.until(lambda: name in _files(house, plan), "the dataset's file")
    rows = [json.loads(row) for row in house.trainer.downloads(_files(house, plan)[name]).splitlines()]
    assert len(rows) == 120
    assert {row["system"] for row in rows} == {"You route claims."}
    assert all(row["messages"][1]["content"].endswith(LABEL.strip()) for row in rows)
    assert house.created("CreateModelInvocationJob") == 1

    house.trainer.slash("/tune", "dataset prompts.claude-haiku-4.5", CHANNEL)
    made = house.waits("prompts.claude-haiku-4.5", button="dataset.convert")
    assert "answers by Claude Haiku 4.5" in house.details(made)
    house.trainer.clicks(verdict, "dataset.start")
    assert not house.trainer.submits(house.form(), {})["errors"]
    house.waits("Plan: `prompts", button="plan.start job")


def test_an_unknown_price_is_for_an_approver_and_stop_keeps_what_is_there(open_house: OpenHouse) -> None:
    house = open_house()
    plan = _planned(house, "with llama-3.3-70b for llama-3.3-70b")
    assert "price unknown" in text_of(plan)
    house.trainer.clicks(plan, "plan.start")
    asked = house.waits(
        "Approval needed", "120 prompts", by=house.approver, button="plan.approve distillation"
    )
    house.approver.clicks(asked, "plan.approve")
    card = house.waits("waiting in Bedrock's queue", button="distillation.stop")
    house.passes(420)

    name = text_of(card).split("`")[1]
    house.trainer.slash("/tune", f"stop {name}", CHANNEL)
    house.trainer.clicks(
        house.waits("is billed all the same", button="distillation.stop"), "distillation.stop"
    )
    house.waits(": stopping; ")
    house.passes(120)
    house.waits("was stopped after 60 of 120 prompts were answered", thread=plan["ts"])
    house.until(lambda: "prompts.llama-3.3-70b.jsonl" in _files(house, plan), "what was answered")


def test_records_that_fail_are_named_and_the_rest_is_a_dataset(house: House) -> None:
    house.bedrock.control({"fault": {"kind": "fail_records"}})
    plan = _planned(house, "with nova-2-lite for nova-lite max 200")
    house.trainer.clicks(plan, "plan.start")
    house.waits("waiting in Bedrock's queue")
    house.passes(2000)

    end = text_of(house.waits("answered 117 of 120 prompts", thread=plan["ts"]))
    assert "Bedrock's error 500" in end
    assert "3 rows (1, 2, 3)" in end
    house.waits("is ready", button="dataset.start", thread=plan["ts"])
