"""The day after a base model's end, and a base that is open."""

import pytest

from bot.playground.narration import text_of
from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import CHANNEL, HOUR, House, nova_rows

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

JOB, THROUGHPUT = "CreateModelCustomizationJob", "CreateProvisionedModelThroughput"


def test_after_its_end_a_plan_says_when_it_was_and_what_is_open(house: House) -> None:
    verdict = house.dataset()
    house.bedrock.control({"lifecycle": "ended"})

    house.trainer.clicks(verdict, "dataset.start")
    house.trainer.submits(house.form(), {"model_name": "claims-router"})
    plan = house.waits("closed to most accounts since 10 September 2026", button="plan.check job")
    details = house.details(plan)
    assert "`nova-micro` (us-east-1)" in details
    assert "/tune convert" in details
    assert "llama-3.3-70b" in details

    assert "Convert to Amazon Nova Micro and plan" in str(plan)
    assert "plan.start" not in str(plan), "nobody is offered what would be refused"
    house.trainer.clicks(plan, "plan.instead")
    house.waits("Nova Micro", button="dataset.start", after=str(plan["ts"]))
    house.waits("from Amazon Nova Micro", button="plan.start job", after=str(plan["ts"]))
    assert house.created(JOB) == 0
    house.lives()


def test_after_its_end_a_sweep_is_planned_on_a_base_that_is_open(house: House) -> None:
    house.dataset()
    house.bedrock.control({"lifecycle": "ended"})

    house.trainer.slash("/tune", "sweep claims epochs=2,3", CHANNEL)
    plan = house.waits("Sweep over Epochs", "the end of its life", button="plan.instead sweep")
    assert "plan.start" not in str(plan), "nobody is offered what would be refused"
    house.trainer.clicks(plan, "plan.instead")
    house.waits("Sweep over Epochs", "Nova Micro", button="plan.start sweep", after=str(plan["ts"]))
    assert house.created(JOB) == 0
    house.lives()


def test_after_its_end_a_lease_goes_on_until_it_is_released_and_is_not_renewed(house: House) -> None:
    house.model()
    house.lease()
    house.bedrock.control({"lifecycle": "ended"})

    house.trainer.slash("/tune", "release claims-router", CHANNEL)
    house.waits_patiently("Released: AWS confirms it")
    assert house.running() == []

    before = str(house.trainer.sees(CHANNEL)[-1]["ts"])
    house.trainer.slash("/tune", "serve claims-router", CHANNEL)
    card = house.waits("10 September 2026", "no new throughput", button="plan.cancel lease", after=before)
    assert "plan.start" not in str(card)
    assert house.created(THROUGHPUT) == 1


def test_a_base_that_is_deployed_on_demand_from_the_form_to_the_answer(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_BASE_MODEL="nova-micro", TUNESMITH_APPROVAL_LIMIT_USD="100")
    plan = house.plan(house.dataset(nova_rows(20), "routes.jsonl"), model_name="routes")
    assert "us-east-1" in house.details(plan)
    assert "Nova Micro" in text_of(plan)
    house.trainer.clicks(plan, "plan.start")
    house.waits("stages done", button="job.stop")
    house.passes(2 * HOUR)
    house.waits("is trained", button="model.serve")

    house.trainer.slash("/tune", "serve routes", CHANNEL)
    house.waits("being made", "nothing while idle", button="deployment.remove")
    house.passes(HOUR / 4)
    house.waits("in service, and stays so")
    house.asker.slash("/ask", "routes Where does claim 3 about dental go?", CHANNEL)
    house.waits("queue-dental", by=house.asker)

    house.trainer.slash("/tune", "release routes", CHANNEL)
    house.waits_patiently("removed `routes`: AWS confirms it")
    assert house.created("CreateCustomModelDeployment") == 1
    assert house.bedrock.state()["deployments"] == []


def test_the_same_file_is_judged_for_another_base_when_asked(house: House) -> None:
    file = house.trainer.uploads(CHANNEL, "routes.jsonl", nova_rows(20))
    house.waits("not ready", "Claude 3 Haiku")
    house.trainer.slash("/tune", f"validate {file['id']} for nova-micro", CHANNEL)
    verdict = house.waits("ready", "Nova Micro", button="dataset.start")
    house.trainer.clicks(verdict, "dataset.start")
    chosen = {block["block_id"] for block in house.form()["blocks"]}
    assert "hyperparameter.nova-micro.epochCount" in chosen, chosen
