import logging

import pytest

from bot import metrics
from bot.errors import Misconfigured, Throttled, Unavailable
from bot.faults import FaultRegister
from bot.logs import FaultFilter, FaultWatch
from bot.readiness import EVERY, Readiness
from tests.doubles.clock import FakeClock


class Service:
    """Something that is tried; ``fault`` is what is wrong with it."""

    def __init__(self) -> None:
        self.fault: Exception | str = ""

    def __call__(self) -> str:
        if isinstance(self.fault, Exception):
            raise self.fault
        return self.fault


def not_ready() -> float | None:
    return metrics.registry().get_sample_value(metrics.NOT_READY.name)


def test_a_fault_that_is_met_at_each_try_is_one_line_and_told_to_the_operator_and_so_is_its_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, token, bucket = FakeClock(), Service(), Service()
    register = FaultRegister()
    told: list[str] = []
    watch = FaultWatch(register, clock)
    watch.tell_operator = told.append
    readiness = Readiness({"the Slack token": token, "the bucket": bucket}, clock)
    bucket.fault = Misconfigured("The bucket is gone.", hint="Make it again.", detail="NoSuchBucket")
    said = "The bucket is gone. Make it again. (NoSuchBucket)"

    def tries(times: int) -> None:
        for _ in range(times):
            readiness.try_all()
            clock.advance(EVERY)
            watch.look()

    with caplog.at_level(logging.INFO), caplog.filtering(FaultFilter(register, clock)):
        tries(50)
        assert caplog.messages == [f"not ready: {said}"]
        assert readiness.problems() == [said]
        assert not_ready() == 1
        assert told == [f"Something is wrong, and I go on trying: {said}"]
        bucket.fault = ""
        tries(4)
    assert readiness.problems() == []
    assert not_ready() == 0
    assert len(caplog.messages) == 2
    assert caplog.messages[1].startswith("over after 50 min, 50 times: ")
    assert told[1:] == [f"That is over after 50 min: {said}"]

    # what was met once, and is mended by hand, is over with the next try, once nothing else fails by it
    token.fault = bucket.fault = Misconfigured("The credentials are gone.")
    with caplog.at_level(logging.INFO), caplog.filtering(FaultFilter(register, clock)):
        for then, open_ones in ((bucket.fault, 1), ("", 1), ("", 0)):
            tries(1)
            assert register.open() == open_ones
            token.fault, bucket.fault = "", then


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


def test_a_vendor_that_asks_for_patience_tells_neither_that_it_works_nor_that_it_does_not() -> None:
    service = Service()
    readiness = Readiness({"it": service}, FakeClock())
    service.fault = Throttled("Slack asks for patience.", retry_after=30)
    assert readiness.try_all() == []
    service.fault = "The token is revoked."
    assert readiness.try_all() == ["The token is revoked."]
    service.fault = Throttled("Slack asks for patience.", retry_after=30)
    assert readiness.try_all() == ["The token is revoked."]
