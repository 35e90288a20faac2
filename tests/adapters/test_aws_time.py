"""AWS's time, which each of its answers has."""

from datetime import UTC, datetime

import pytest

from bot.adapters.aws_time import asked_now
from bot.errors import NoIdentity
from tests.adapters.aws import DATE, StubbedClients

TOLD = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
REFUSED = (
    "Signature expired: 20261122T081500Z is now earlier than 20261122T092500Z (20261122T093000Z - 5 min.)"
)


def test_a_refusal_tells_the_time_as_well() -> None:
    """Where the clocks are minutes apart, AWS refuses all that is signed: that is what they are compared for."""
    clients = StubbedClients()
    clients.expect("sts", "get_caller_identity", {})
    assert asked_now(clients, "us-west-2") == TOLD
    clients.refuse("sts", "get_caller_identity", "SignatureDoesNotMatch", REFUSED, 403, date=DATE)
    assert asked_now(clients, "us-west-2") == TOLD


def test_a_refusal_without_the_time_is_one() -> None:
    clients = StubbedClients()
    clients.refuse("sts", "get_caller_identity", "SignatureDoesNotMatch", REFUSED, 403)
    with pytest.raises(NoIdentity, match="this machine's clock is wrong"):
        asked_now(clients, "us-west-2")
