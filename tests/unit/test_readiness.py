import logging
import threading
from collections.abc import Callable, Sequence

import pytest

from bot import metrics
from bot.errors import Misconfigured, Throttled, Unavailable
from bot.faults import FaultRegister
from bot.logs import FaultFilter, FaultWatch
from bot.readiness import EVERY, UNTRIED, Readiness
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


class Waits(threading.Event):
    """Notes how long somebody would wait, and has something happen then."""

    def __init__(self, happens: Sequence[Callable[[], object]]) -> None:
        super().__init__()
        self.told: list[float] = []
        self._happens = iter(happens)

    def wait(self, timeout: float | None = None) -> bool:
        self.told.append(timeout or 0)
        next(self._happens, self.set)()
        return self.is_set()


def test_what_does_not_work_is_tried_again_soon_and_then_ever_more_seldom() -> None:
    """A process that begins while AWS does not answer for a moment is not unready for a whole minute by that."""
    service = Service()
    readiness = Readiness({"it": service}, FakeClock())

    def fails() -> None:
        service.fault = "away"

    def works() -> None:
        service.fault = ""

    fails()
    readiness.try_all()
    waits = Waits([*5 * [fails], works, works, fails, works])
    readiness.keep_trying(waits)

    assert waits.told == [5, 10, 20, 40, 60, 60, EVERY, EVERY, 5, EVERY]


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


def test_nobody_is_ready_before_everything_was_tried() -> None:
    """A roll-out asks at once, and ends the process before by the answer."""
    readiness = Readiness({"it": Service()}, FakeClock())
    assert readiness.problems() == [UNTRIED]
    assert readiness.try_all() == readiness.problems() == []


def test_a_vendor_that_asks_for_patience_tells_neither_that_it_works_nor_that_it_does_not() -> None:
    service = Service()
    readiness = Readiness({"it": service}, FakeClock())
    service.fault = Throttled("Slack asks for patience.", retry_after=30)
    assert readiness.try_all() == []
    service.fault = "The token is revoked."
    assert readiness.try_all() == ["The token is revoked."]
    service.fault = Throttled("Slack asks for patience.", retry_after=30)
    assert readiness.try_all() == ["The token is revoked."]


def test_what_never_waits_is_tried_whenever_somebody_asks() -> None:
    connection, token = Service(), Service()
    readiness = Readiness({"the Slack token": token}, FakeClock())
    readiness.also("the connection to Slack", connection, at_once=True)
    assert readiness.problems() == [UNTRIED]
    assert readiness.try_all() == []
    connection.fault, token.fault = "Deaf.", "Revoked."
    assert readiness.problems() == ["Deaf."]
    connection.fault = ""
    assert readiness.problems() == []
