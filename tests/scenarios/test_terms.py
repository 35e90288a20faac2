"""A lease for a term through the front door: its plan, its purchase at AWS, what it refuses, a renewal, and its end."""

import pytest

from tests.scenarios.conftest import OpenHouse
from tests.scenarios.house import CHANNEL, HOUR

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]

MONTH = 30 * 24 * HOUR
"""That of the stand-in."""
THROUGHPUT = "CreateProvisionedModelThroughput"


def test_a_term_is_bought_once_two_people_agreed_and_ends_when_aws_lets_it(open_house: OpenHouse) -> None:
    house = open_house(
        on_bedrocks_time=True,
        TUNESMITH_COMMITMENT_TERMS="1-month",
        TUNESMITH_APPROVAL_LIMIT_USD="100000",
        TUNESMITH_PRICES="claude-3-haiku.training_per_1k_tokens=0.003,claude-3-haiku.model_unit_hour_1_month=15",
    )
    house.model()
    house.trainer.slash("/tune", "serve claims-router for 1 month", CHANNEL)
    card = house.waits("Nobody can end it early", "at most $11,175.00", button="plan.start lease")
    house.trainer.clicks(card, "plan.start")
    request = house.waits("Approval needed", "1 month", button="plan.approve lease", by=house.approver)
    assert house.created(THROUGHPUT) == 0
    house.approver.clicks(request, "plan.approve")
    house.waits("creating")
    house.passes(HOUR / 4)
    house.waits("is in service until", "nobody can end it before")
    [bought] = house.bedrock.world.throughputs
    assert bought.commitment == "OneMonth"

    house.trainer.slash("/tune", "release claims-router", CHANNEL)
    house.waits("nothing ends it earlier")
    house.trainer.slash("/tune", "extend claims-router 1h", CHANNEL)
    house.waits("not made longer by hours")

    house.bedrock.faults.order("renew_term")
    house.passes(MONTH - HOUR / 2)
    house.waits("left of its term", "AWS renews it by itself")
    house.passes(HOUR / 2)
    house.waits("AWS has renewed the term by itself", "at most $10,800.00 more", f"<@{house.trainer.id}>")
    assert len(house.running()) == 1

    house.bedrock.faults.order("hold_term", times=2)
    house.passes(MONTH)
    house.waits_patiently("Released: AWS confirms it")
    assert house.running() == []
    assert house.created(THROUGHPUT) == 1
