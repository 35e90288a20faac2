"""A private channel, through the whole bot: what is dropped there stays with its members until a model is shared."""

import pytest

from tests.scenarios.house import CHANNEL, CLAIMS, HOUR, PATIENCE, House, Json

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

PRIVATE = "finance-private"
"""The trainer and the approver are in it; the asker is not."""


def planned_there(house: House) -> Json:
    """Return the plan of a job on what the trainer dropped there."""
    house.trainer.uploads(PRIVATE, "payroll.jsonl", CLAIMS)
    verdict = house.waits(button="dataset.start", where=PRIVATE)
    house.trainer.clicks(verdict, "dataset.start")
    answer = house.trainer.submits(house.form(), {"model_name": "payroll-bot", "job_name": "payroll-job"})
    assert not answer["errors"], answer["errors"]
    return house.waits(button="plan.start job", where=PRIVATE)


def test_a_file_of_a_private_channel_is_there_for_its_members_only(house: House) -> None:
    house.trainer.uploads(PRIVATE, "payroll.jsonl", CLAIMS)
    house.waits("payroll.jsonl", button="dataset.start", where=PRIVATE)

    house.asker.slash("/tune", "cost payroll", CHANNEL)
    house.waits("There is no dataset or model `payroll`", by=house.asker)
    house.asker.slash("/tune", "cost payrol", CHANNEL)
    house.waits("There is no dataset or model `payrol`", "list them", by=house.asker)

    house.approver.slash("/tune", "cost payroll", CHANNEL)
    house.waits("Training on `payroll`", by=house.approver)
    house.trainer.slash("/tune", "split payroll", CHANNEL)
    house.waits("`payroll` is not for everybody in this channel")


def test_a_model_made_there_answers_elsewhere_only_once_it_is_shared(house: House) -> None:
    house.trainer.clicks(planned_there(house), "plan.start")
    house.waits("stages done", button="job.stop", where=PRIVATE)
    house.passes(2 * HOUR)
    house.waits("payroll-bot", button="model.serve", where=PRIVATE)
    house.trainer.slash("/tune", "serve payroll-bot for 1h", PRIVATE)
    house.trainer.clicks(house.waits(button="plan.start lease", where=PRIVATE), "plan.start")
    house.waits("creating", button="lease.release", where=PRIVATE)
    house.passes(HOUR / 4)
    house.waits("in service", button="lease.extend", where=PRIVATE)

    house.trainer.slash("/ask", "payroll-bot Patient stage IV, plan United", CHANNEL)
    house.waits("`payroll-bot` does not answer in this channel")
    house.asker.slash("/ask", "Patient stage IV, plan United", CHANNEL)
    house.waits("no tuned model yet that answers here", by=house.asker)

    house.trainer.slash("/tune", "share payroll-bot with #claims-ai", PRIVATE)
    card = house.waits("Shared with", button="model.unshare", where=PRIVATE)
    house.asker.slash("/ask", "payroll-bot Patient stage IV, denied prior auth, plan United", CHANNEL)
    house.waits("queue", by=house.asker)

    house.trainer.clicks(card, "model.unshare")
    house.waits("shared with no other channel", where=PRIVATE)
    house.asker.slash("/tune", "model payroll-bot", CHANNEL)
    house.waits("There is no model `payroll-bot`", by=house.asker)


def test_a_private_channel_that_is_shared_goes_on_under_its_new_id(house: House) -> None:
    planned_there(house)
    house.trainer.shares(PRIVATE)
    house.slack.wait_until_delivered(PATIENCE)

    house.trainer.clicks(house.waits(button="plan.start job", where=PRIVATE), "plan.start")
    house.waits("stages done", button="job.stop", where=PRIVATE)
    house.passes(2 * HOUR)
    house.waits("payroll-bot", button="model.serve", where=PRIVATE)
    house.approver.slash("/tune", "cost payroll", PRIVATE)
    house.waits("Training on `payroll`", by=house.approver, where=PRIVATE)
    house.approver.slash("/tune", "cost payroll", CHANNEL)
    house.waits("Training on `payroll`", by=house.approver)
    house.asker.slash("/tune", "model payroll-bot", CHANNEL)
    house.waits("There is no model `payroll-bot`", by=house.asker)
