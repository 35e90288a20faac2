"""A validation set, another base's format, two versions compared: from the button to what a job is started with."""

import pytest

from bot.playground.narration import buttons
from tests.scenarios.house import House, Json
from tests.unit.datasets.samples import lines

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

ROWS = lines(pad=120)


def _files(house: House, thread: Json) -> dict[str, str]:
    return {
        file["name"]: file["id"]
        for each in house.trainer.thread(thread)[1:]
        for file in each.get("files") or []
    }


def test_one_press_splits_off_a_validation_set_that_a_job_takes(house: House) -> None:
    message = house.uploads(ROWS)
    verdict = house.waits(button="dataset.split", thread=message["ts"])
    house.trainer.clicks(verdict, "dataset.split")
    card = house.waits("is split", "88 records for training, 32 for validation", thread=message["ts"])
    names = ["claims.train.jsonl", "claims.validation.jsonl"]
    house.until(lambda: set(names) <= _files(house, message).keys(), "both files")

    sides = [house.trainer.downloads(_files(house, message)[name]) for name in names]
    assert sorted(row for side in sides for row in side.splitlines()) == sorted(ROWS.splitlines())
    house.slack.wait_until_delivered()
    house.trainer.slash("/tune", "dataset claims.validation")
    shown = house.waits("*`claims.validation`* is ready", "made from another")
    history = house.details(shown)
    assert "Made from `claims`" in history
    assert "Taken as validation set: 32 of 120 records" in history
    assert "dataset.compare" in buttons(shown)

    house.trainer.clicks(card, "dataset.start")
    validation = history.split("SHA-256 `")[1][:12]
    answer = house.trainer.submits(house.form(), {})
    assert not answer["errors"], answer["errors"]
    plan = house.waits("claims.train", button="plan.start job")
    assert validation in house.details(plan)


def test_converted_for_another_base_and_compared(house: House) -> None:
    house.dataset(ROWS)
    house.trainer.slash("/tune", "convert claims for nova-lite")
    card = house.waits("is converted for Amazon Nova Lite")
    house.waits("claims.nova-lite.jsonl", "is ready", button="dataset.start", thread=card["ts"])
    assert set(_files(house, card)) == {"claims.nova-lite.jsonl"}

    house.trainer.slash("/tune", "compare claims claims.nova-lite")
    house.waits("Both say the same.", "120 records the same words in another form")
