"""Roles by user group, with Slack's own answers in between: who comes into a group may at once, and who leaves not."""

import pytest

from tests.scenarios.conftest import OpenHouse

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server, pytest.mark.slow]

JOB = "CreateModelCustomizationJob"


def test_a_group_spends_an_empty_one_decides_nothing_and_in_an_emergency_an_operator_does(
    open_house: OpenHouse,
) -> None:
    house = open_house(
        TUNESMITH_TRAINERS="S0MLTEAM",
        TUNESMITH_APPROVERS="S0BOSSES",
        TUNESMITH_APPROVAL_LIMIT_USD="0",
        TUNESMITH_OPERATOR="U0ASKER001",
        TUNESMITH_BREAK_GLASS="true",
    )
    tess, amir, operator = (house.slack.person(each) for each in ("tess", "amir", "ines"))
    tess.slash("/tune", "serve claims-router")
    house.waits("you are not on the list")

    house.slack.user_group("ml-team", [tess.id])
    house.slack.user_group("bosses", [amir.id])
    house.slack.wait_until_delivered()
    plan = house.plan(model_name="claims-router", job_name="claims-router-job")
    tess.clicks(plan, "plan.start")
    question = house.waits("Approval needed", f"<@{amir.id}>")
    house.slack.user_group("bosses", [])
    house.slack.wait_until_delivered()
    amir.clicks(question, "plan.approve")
    house.waits("Only an approver can decide this", by=amir)
    assert house.created(JOB) == 0, "the button is an old one's by now"

    operator.clicks(question, "plan.override")
    form = house.form(operator)
    assert not operator.submits(form, {"reason": "The regulator's deadline is tonight."})["errors"]
    house.waits("Started without approval by <@U0ASKER001>", "deadline is tonight")
    house.until(lambda: house.created(JOB) == 1, "the job")
    house.lives()
