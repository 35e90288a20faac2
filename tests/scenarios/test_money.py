"""What costs money is asked for once, ends by itself, and is explained when it cannot be had."""

from functools import partial

import pytest

from bot.playground.narration import text_of
from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import CHANNEL, HOUR, House

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

JOB, THROUGHPUT = "CreateModelCustomizationJob", "CreateProvisionedModelThroughput"


# Leases


def test_a_lease_ends_at_its_deadline_by_itself_and_is_read_back(open_house: OpenHouse) -> None:
    house = open_house(on_bedrocks_time=True)
    house.model()
    house.lease()
    house.passes(HOUR - 500)
    house.waits("9 minutes are left", button="lease.let_end")
    assert len(house.running()) == 1

    house.passes(500)

    house.waits("Released: AWS confirms it", f"<@{house.trainer.id}>")
    assert house.running() == []
    house.trainer.slash("/tune", "models")
    house.waits("asleep")


def test_a_question_to_a_model_that_sleeps_is_kept_and_one_press_wakes_it(open_house: OpenHouse) -> None:
    house = open_house(on_bedrocks_time=True, TUNESMITH_APPROVAL_LIMIT_USD="100")
    house.model()
    house.asker.slash("/ask", "claims-router Where does it go?", CHANNEL)
    card = house.waits("I keep this question until", button="kept.wake")
    assert "Wake for 1 h, up to $44.00" in str(card)

    house.trainer.clicks(card, "kept.wake")
    house.waits("creating", button="lease.release")
    house.passes(HOUR / 4)

    house.waits(f"<@{house.asker.id}>, `claims-router` _is awake.")
    house.waits("`claims-router` is awake: its answer is below")
    assert house.created(THROUGHPUT) == 1


def test_extending_moves_the_deadline(open_house: OpenHouse) -> None:
    house = open_house(on_bedrocks_time=True, TUNESMITH_APPROVAL_LIMIT_USD="100")
    house.model()
    house.lease()
    house.trainer.slash("/tune", "extend claims-router 1h", CHANNEL)
    offer = house.waits("With 1 h more the whole lease costs at most $66.00", button="lease.extend")
    house.trainer.clicks(offer, "lease.extend")
    house.waits("stays in service until")

    house.passes(HOUR + 60)
    house.waits_patiently("in service", "59 min left")
    assert len(house.running()) == 1

    house.passes(HOUR)
    house.waits("Released: AWS confirms it")
    assert house.running() == []


def test_an_extension_over_the_limit_asks_an_approver_by_a_button(house: House) -> None:
    house.model()
    card = house.lease()

    house.trainer.clicks(card, "lease.extend")
    house.waits("I have asked the approvers for 1 h more", "at most $66.00")
    request = house.waits("Approval needed", "1 h more", button="plan.approve extension", by=house.approver)
    house.trainer.clicks(request, "plan.approve")
    house.waits("Only an approver", f"<@{house.approver.id}>")
    house.approver.clicks(request, "plan.approve")
    house.waits("approved 1 h more", f"<@{house.trainer.id}>")
    house.waits("in service", "2 h left")


def test_ending_anothers_lease_asks_first_and_tells_who_did_it(house: House) -> None:
    house.model()
    card = house.lease()

    house.approver.clicks(card, "lease.release")
    question = house.waits(
        f"<@{house.trainer.id}> has `claims-router` in service",
        button="lease.release_another",
        by=house.approver,
    )
    assert len(house.running()) == 1
    house.approver.clicks(question, "lease.release_another")
    house.waits(f"<@{house.approver.id}> released `claims-router`", "of its 1 h left")
    house.waits_patiently("Released: AWS confirms it")
    house.waits(f"<@{house.approver.id}> released `claims-router`", where=house.trainer.dm)


def test_an_asker_starts_and_ends_nothing(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_TRAINERS="U0TRAINER1")
    house.model()
    card = house.lease()
    typed = ("release claims-router", "sweep claims epochCount=2,4", "serve claims-router", "start")
    acts = [partial(house.asker.slash, "/tune", each, CHANNEL) for each in typed]
    acts += [partial(house.asker.clicks, card, each) for each in ("lease.release", "lease.extend")]
    for act in acts:
        before = str(house.asker.sees(CHANNEL)[-1]["ts"])
        act()
        house.waits("needs a trainer", by=house.asker, after=before)
    assert len(house.running()) == 1


def test_a_release_while_it_is_created_is_done_as_soon_as_bedrock_lets_us(house: House) -> None:
    house.model()
    house.trainer.slash("/tune", "serve claims-router for 1h", CHANNEL)
    house.trainer.clicks(house.waits(button="plan.start lease"), "plan.start")
    house.waits("creating", button="lease.release")
    house.trainer.slash("/tune", "release claims-router", CHANNEL)
    house.waits("Releasing `claims-router`")

    house.waits("releasing")
    house.until(lambda: house.bedrock.log.of("DeleteProvisionedModelThroughput"), "a first try")
    house.passes(HOUR / 4)

    house.waits_patiently("Released: AWS confirms it")
    assert house.running() == []


def test_throughput_that_fails_to_start_is_explained_and_taken_away(house: House) -> None:
    house.model()
    house.bedrock.faults.order("fail_throughput")
    house.trainer.slash("/tune", "serve claims-router", CHANNEL)
    house.trainer.clicks(house.waits(button="plan.start lease"), "plan.start")
    house.waits("creating", button="lease.release")
    house.passes(HOUR / 4)

    house.waits("It failed.", "AWS confirms it")
    assert house.running() == []


def test_without_quota_the_lease_says_what_to_ask_aws_for(house: House) -> None:
    house.model()
    house.bedrock.world.quotas.model_units = 0
    house.trainer.slash("/tune", "serve claims-router", CHANNEL)
    card = house.waits("has no model units", "Ask AWS Support", button="plan.check lease")
    assert "plan.start" not in str(card), "AWS would refuse it"

    house.bedrock.world.quotas.model_units = 1
    house.trainer.clicks(card, "plan.check")
    card = house.waits("at most $44.00", button="plan.start lease")

    house.bedrock.world.quotas.model_units = 0
    house.trainer.clicks(card, "plan.start")
    house.waits("Bedrock would not start it", "quota", "Nothing was bought")
    assert house.created(THROUGHPUT) == 0
    house.trainer.slash("/tune", "models")
    house.waits("asleep", "claims-router")


# Jobs


def test_a_job_that_fails_in_validation_is_explained(house: House) -> None:
    house.bedrock.faults.order("fail_validation")
    house.job()
    house.passes(HOUR)

    end = house.waits(f"<@{house.trainer.id}>", "failed", "trying again usually works", after=_last(house))

    assert "model.serve" not in str(end)
    house.trainer.slash("/tune", "models")
    house.waits("No tuned models yet")


def _last(house: House) -> str:
    """Return the time of the newest message in the channel itself."""
    return str(house.trainer.sees(CHANNEL)[-1]["ts"])


def test_a_job_is_stopped_after_asking(house: House) -> None:
    house.job()
    house.passes(400)
    house.waits(" · took ", button="job.stop")
    house.trainer.slash("/tune", "stop claims-router-job", CHANNEL)
    question = house.waits("Stopping it keeps the dataset", button="job.stop")
    house.trainer.clicks(question, "job.stop")
    house.waits("`claims-router-job`* · stopping")
    house.passes(HOUR)

    house.waits("stopped", f"<@{house.trainer.id}>", "claims-router", after=str(question["ts"]))
    assert len(house.bedrock.log.of("StopModelCustomizationJob", outcome="ok")) == 1


def test_start_pressed_by_two_people_many_times_starts_one_job(house: House) -> None:
    plan = house.plan(model_name="claims-router", job_name="claims-router-job")
    for person in (house.trainer, house.approver, house.trainer):
        house.presses(person, plan, "plan.start")
    house.waits("stages done", button="job.stop")
    house.passes(2 * HOUR)
    house.waits(button="model.serve")

    assert house.created(JOB) == 1


# Approvals


def test_a_lease_that_is_declined_costs_nothing(house: House) -> None:
    house.model()
    house.trainer.slash("/tune", "serve claims-router for 2h", CHANNEL)
    house.trainer.clicks(house.waits(button="plan.start lease"), "plan.start")
    request = house.waits(button="plan.approve lease", by=house.approver)

    house.trainer.clicks(request, "plan.approve")
    house.waits("Only an approver", f"<@{house.approver.id}>")
    house.approver.clicks(request, "plan.decline")
    house.approver.submits(house.form(by=house.approver), {"reason": "Not before the demo."})

    house.waits("declined this", "nothing was spent", "Their reason: `Not before the demo`.")
    assert house.created(THROUGHPUT) == 0


def test_a_job_at_an_unknown_price_waits_for_an_approver_who_declines(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_PRICES="")
    plan = house.plan(model_name="claims-router")
    assert "price unknown" in text_of(plan)
    house.trainer.clicks(plan, "plan.start")
    request = house.waits(button="plan.decline job", by=house.approver)

    house.approver.clicks(request, "plan.decline")
    house.approver.submits(house.form(by=house.approver), {})
    house.waits("declined this", "nothing was spent")
    assert house.created(JOB) == 0


def test_approve_pressed_twice_and_then_declined_leases_once(house: House) -> None:
    house.model()
    house.trainer.slash("/tune", "serve claims-router for 2h", CHANNEL)
    house.trainer.clicks(house.waits(button="plan.start lease"), "plan.start")
    request = house.waits(button="plan.approve lease", by=house.approver)
    for press in ("plan.approve", "plan.approve", "plan.decline"):
        house.presses(house.approver, request, press)
    house.waits("creating", button="lease.release")
    house.passes(HOUR / 4)
    house.waits("in service", button="lease.extend")

    assert house.created(THROUGHPUT) == 1
