import logging

import pytest

from bot.errors import Misconfigured, Unavailable
from bot.readiness import Readiness
from tests.doubles.clock import FakeClock


class Service:
    """Something that is tried; ``fault`` is what is wrong with it."""

    def __init__(self) -> None:
        self.fault: Exception | str = ""

    def __call__(self) -> str:
        if isinstance(self.fault, Exception):
            raise self.fault
        return self.fault


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "bot.readiness"]


def test_a_fault_is_logged_once_when_it_begins_and_once_when_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, token, bucket = FakeClock(), Service(), Service()
    readiness = Readiness({"the Slack token": token, "the bucket": bucket}, clock)
    token.fault = Misconfigured("Slack does not take my token.", hint="Set a new one.")
    with caplog.at_level(logging.INFO):
        for _ in range(50):
            readiness.try_all()
            clock.advance(60)
        assert lines(caplog) == ["not ready: Slack does not take my token. Set a new one."]
        assert readiness.problems() == ["Slack does not take my token. Set a new one."]
        token.fault = ""
        assert readiness.try_all() == []
    assert lines(caplog)[1:] == ["the Slack token works again after 50 min"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("The bucket is gone.", "The bucket is gone."),
        (Unavailable("AWS is away.", detail="timeout"), "AWS is away. (timeout)"),
        (ZeroDivisionError("oops"), "ZeroDivisionError: oops"),
    ],
    ids=["sentence", "ours", "defect"],
)
def test_whatever_a_try_does_is_a_problem_in_words(fault: Exception | str, words: str) -> None:
    service = Service()
    service.fault = fault
    assert Readiness({"it": service, "other": Service()}, FakeClock()).try_all() == [words]


def test_nothing_is_a_problem_before_it_was_tried() -> None:
    service = Service()
    service.fault = "away"
    assert Readiness({"it": service}, FakeClock()).problems() == []
