"""A month has its ceiling: shown on plans, kept against everybody, told by `/tune budget`."""

import pytest

from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import CHANNEL, HOUR

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]


def test_from_the_plan_to_the_settled_sum(open_house: OpenHouse) -> None:
    house = open_house(TUNESMITH_BUDGETS="all=60,C0CLAIMSAI=50")
    card = house.plan(model_name="claims-router", job_name="claims-router-job")
    house.waits("Training: *at most $", "of this channel's $50.00 for")
    house.trainer.clicks(card, "plan.start")
    house.waits("stages done", button="job.stop")
    house.passes(2 * HOUR)
    house.waits("claims-router", button="model.serve")
    lease = house.lease()

    house.asker.slash("/tune", "budget", CHANNEL)
    shares = house.waits("The workspace", "of $60.00 spent", "reserved", by=house.asker)
    assert "By person" in house.details(shares, house.asker)
    house.trainer.clicks(lease, "lease.extend")
    house.waits("at most $22.00 more", "is left", "have it raised", by=house.trainer)

    house.trainer.slash("/tune", "release claims-router", CHANNEL)
    house.waits_patiently("Released: AWS confirms it")
    house.trainer.slash("/tune", "serve claims-router for 2h", CHANNEL)
    house.waits(
        "Serving with its start-up costs at most $66.00, and",
        "of this channel's $50.00",
        button="plan.check lease",
    )
    before = house.trainer.sees(CHANNEL)[-1]["ts"]
    house.trainer.slash("/tune", "budget", CHANNEL)
    shown = house.waits("The workspace", "of $60.00 spent", after=before)
    assert "reserved" not in str(shown)
