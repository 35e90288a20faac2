"""What costs money ends, is counted once, and is explained when it cannot be had."""

import pytest

from tests.scenarios.house import CHANNEL, HOUR, House

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]


def test_a_lease_ends_at_its_deadline_by_itself_and_is_read_back(house: House) -> None:
    house.model()
    house.lease()
    house.passes(HOUR)
    house.waits("Released, and read back from AWS")
    assert house.running() == []
