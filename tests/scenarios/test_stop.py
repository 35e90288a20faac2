"""Stop where the bot is at work, from the press to the words, through the front doors of both stand-ins."""

import pytest

from tests.scenarios.house import CHANNEL, House

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]


def test_an_answer_that_is_not_begun_is_stopped_in_its_session(trained: House) -> None:
    """Without a stream "the event still tells you to stop work": its reference, `agent_session_stopped`."""
    house = trained
    house.lease()
    for operation in ("ConverseStream", "InvokeModelWithResponseStream"):
        house.bedrock.faults.order("throttle", operation, times=100)
    house.asker.slash("/ask", "claims-router Where does a dental claim go?", CHANNEL)
    asked = house.waits("asked", "dental")
    house.until(lambda: house.trainer.can_stop(asked), "a session that is processing")
    assert house.trainer.thread(asked)[1:] == []
    house.trainer.stops(asked)
    house.waits(f"Stopped by <@{house.trainer.id}>", thread=asked["ts"])
    house.until(lambda: not house.trainer.can_stop(asked), "a session that is not processing")
