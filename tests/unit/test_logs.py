"""One fault is one line in the log, and one more when it is over."""

import logging
import threading
from collections.abc import Iterator

import pytest

from bot.controller.controller import Controller, Pace
from bot.controller.model import Claim
from bot.errors import Misconfigured, Refused, TunesmithError, Unavailable
from bot.faults import QUIET, REMINDER, FaultRegister
from bot.kinds import KINDS
from bot.logs import ALWAYS, OPERATORS_PATIENCE, FaultFilter, FaultWatch
from bot.operators import Operators
from handlers.core import explain
from handlers.listeners import left_to_slack
from tests.doubles.clock import FakeClock
from tests.doubles.log import LogBench, log_bench
from tests.doubles.resources import InMemoryResources
from tests.unit.test_operators import Told

log = logging.getLogger("bot.something")
theirs = logging.getLogger("slack_sdk.web")
connection = logging.getLogger("slack_sdk.socket_mode")


@pytest.fixture
def bench() -> Iterator[LogBench]:
    with log_bench() as made:
        yield made


def revoked() -> Misconfigured:
    return Misconfigured("Slack does not take my token.", hint="Set a new one.", detail="token_revoked")


def test_one_cause_is_one_line_whatever_fails_by_it_and_one_more_when_it_is_over(bench: LogBench) -> None:
    for number in range(500):
        log.warning("job:%s could not be told: %s", number, revoked().sentence)
        log.info("lease:%s is put off for %.1f s: %s", number, 2.0, revoked().sentence)
        log.error("upload:%s: %s", number, revoked())
        bench.passes(0.05)
    assert bench.lines.texts == ["job:0 could not be told: Slack does not take my token. Set a new one."]
    bench.passes(QUIET + 1)
    assert bench.lines.texts[1:] == [
        "over after 25 s, 1500 times: Slack does not take my token. Set a new one."
    ]


def test_an_exception_from_one_place_has_one_traceback(bench: LogBench) -> None:
    for number in range(40):
        try:
            raise KeyError(number)
        except KeyError:
            log.exception("job:%s failed; it is tried again", number)
    assert bench.lines.texts == ["job:0 failed; it is tried again"]
    assert bench.lines.tracebacks == 1


def test_a_reference_that_somebody_was_given_is_found_in_the_log(bench: LogBench) -> None:
    for known_as in ("aa11bb22", "cc33dd44"):
        log.error("unexpected error, reference %s", known_as, exc_info=KeyError("x"), extra={ALWAYS: True})
    assert bench.lines.texts == [
        "unexpected error, reference aa11bb22",
        "unexpected error, reference cc33dd44",
    ]
    assert bench.lines.tracebacks == 1


def test_words_that_differ_by_numbers_and_ids_are_the_same_and_others_are_not(bench: LogBench) -> None:
    for number in range(30):
        theirs.error(f"Failed to send (session id: 7f3a-{number:08x}, status: 500)")
        log.warning("claims-%s is odd", "abc")
        log.warning("payroll is odd")
    assert len(bench.lines.texts) == 3


def test_what_is_no_fault_is_never_held_back(bench: LogBench) -> None:
    for _ in range(3):
        log.info("ready")
        log.info("%s", Refused("There is no job of that name.").sentence)
    assert len(bench.lines.texts) == 6


def test_a_fault_that_goes_on_for_hours_is_told_again_once_an_hour(bench: LogBench) -> None:
    for _ in range(int(2 * REMINDER / 30) + 2):
        log.warning("%s", Unavailable("Redis is away.").sentence)
        bench.passes(30)
    assert [text.split(",")[0] for text in bench.lines.texts] == [
        "Redis is away.",
        "still so after 60 min",
        "still so after 120 min",
    ]


def test_one_that_comes_ever_more_seldom_is_over_only_after_a_longer_while(bench: LogBench) -> None:
    for gap in (20, 40, 80, 160, 300):
        log.warning("%s", Unavailable("AWS is away.").sentence)
        bench.passes(gap)
    assert len(bench.lines.texts) == 1  # 300 s after the last: its gaps have grown, as the loop's do
    bench.passes(300)
    assert bench.lines.texts[-1].startswith("over after 5 min, 5 times")


def test_the_operator_hears_once_of_what_lasts_and_once_when_it_is_over(bench: LogBench) -> None:
    for _ in range(20):
        log.warning("job: %s", revoked().sentence)
        bench.passes(OPERATORS_PATIENCE / 10)
    assert bench.told == [
        "Something is wrong, and I go on trying: Slack does not take my token. Set a new one."
    ]
    bench.passes(QUIET + 1)
    assert bench.told[1:] == ["That is over after 2 min: Slack does not take my token. Set a new one."]


def test_with_slack_away_the_operator_is_told_when_it_is_back(bench: LogBench) -> None:
    told, away = bench.told, [True]

    def tell(text: str) -> None:
        if away[0]:
            raise Unavailable("Slack is away.")
        told.append(text)

    bench.watch.tell_operator = tell
    for number in range(40):
        away[0] = number < 30
        log.warning("%s", Unavailable("Redis is away.").sentence)
        bench.passes(5)
    assert told == ["Something is wrong, and I go on trying: Redis is away."]


def test_an_end_that_slack_does_not_take_is_told_when_it_does(bench: LogBench) -> None:
    told, away = bench.told, [False]

    def tell(text: str) -> None:
        if away[0]:
            raise Unavailable("Slack is away.")
        told.append(text)

    bench.watch.tell_operator = tell
    for _ in range(20):
        log.warning("%s", Unavailable("Redis is away.").sentence)
        bench.passes(5)
    away[0] = True
    bench.passes(QUIET + 1)
    bench.passes(10)
    away[0] = False
    bench.passes(10)
    bench.passes(10)
    assert [each.partition(":")[0] for each in told] == [
        "Something is wrong, and I go on trying",
        "That is over after 2 min",
    ]


def test_several_processes_that_met_one_fault_in_words_of_their_own_tell_it_once_each_time() -> None:
    """A fault that comes back within the hour is news again: the operator was told that it is over."""
    slack, told, words = list[str](), Told(), ("a step: %s", "not ready: %s (auth.test: HTTP 200)")
    clock, processes = FakeClock(), list[tuple[FaultFilter, FaultWatch]]()
    for _ in words:
        register = FaultRegister()
        watch = FaultWatch(register, clock)
        operators = Operators(["U0OPS"], lambda _, text: slack.append(text), told, clock)
        watch.tell_operator = operators.tell
        processes.append((FaultFilter(register, clock), watch))

    def pass_time(seconds: int, text: str = "") -> None:
        for _ in range(seconds // 5):
            clock.advance(5)
            for number, (each, watch) in enumerate(processes):
                if text:
                    said = revoked().sentence
                    args = (said.saying(words[number] % said),)
                    each.filter(logging.LogRecord("bot", logging.WARNING, "f.py", 1, "%s", args, None))
                watch.look()

    for _ in range(2):
        pass_time(90, "failing")
        pass_time(120)
    assert [each.partition(":")[0].partition(" after")[0] for each in slack] == [
        "Something is wrong, and I go on trying",
        "That is over",
    ] * 2


@pytest.mark.parametrize("line", ["not ready: %s", "a step is put off: %s"])
@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING, logging.ERROR])
def test_an_outage_is_as_grave_whichever_line_met_it_first(bench: LogBench, line: str, level: int) -> None:
    log.log(level, line, Unavailable("Slack is away.").sentence)
    assert [each.levelname for each in bench.lines.records] == ["WARNING"]


@pytest.mark.parametrize("level", [logging.WARNING, logging.INFO])
def test_what_passes_at_once_and_what_only_the_log_needs_is_no_news_for_the_operator(
    bench: LogBench, level: int
) -> None:
    log.log(level, "%s", Unavailable("Redis is away.").sentence)
    for _ in range(30):
        log.warning("a request could not be read")
        bench.passes(10)
    assert bench.told == []


def test_a_redis_that_is_away_is_one_line_for_all_who_meet_it_and_one_message_and_both_again_at_the_end(
    bench: LogBench,
) -> None:
    clock = bench.clock

    class Away(InMemoryResources):
        def claim_for(self, *_: object, **__: object) -> list[Claim]:
            clock.advance(5)
            bench.watch.look()
            if clock.monotonic() > begun + 2 * OPERATORS_PATIENCE:
                stop.set()
            raise unreachable()

    def unreachable() -> Unavailable:
        return Unavailable("I can't reach Redis.", hint="Nothing was started.", detail="Error 111")

    stop, begun = threading.Event(), clock.monotonic()
    pace = Pace(busy=0.001, away=0.001)
    Controller(Away(clock), {}, clock, pace, random=lambda: 1.0, kinds=KINDS).run(stop)
    for _ in range(5):
        assert "I can't reach Redis." in explain(unreachable(), reference=lambda: "aa11")
    assert len(bench.lines.texts) == 1, bench.lines.texts
    assert bench.told == ["Something is wrong, and I go on trying: I can't reach Redis. Nothing was started."]

    bench.passes(QUIET + 1)
    assert len(bench.lines.texts) == 2
    assert bench.lines.texts[1].startswith("over after 2 min")
    assert bench.told[1].startswith("That is over after 2 min: I can't reach Redis.")


def test_what_passed_within_a_minute_is_no_news_for_the_operator_however_late_it_is_known_to_be_over(
    bench: LogBench,
) -> None:
    for _ in range(6):
        log.warning("%s", Unavailable("Slack did not answer.").sentence)
        bench.passes(4)
    for _ in range(30):
        bench.passes(10)
    assert bench.lines.texts[-1].startswith("over after 20 s")
    assert bench.told == []


def test_what_a_vendors_library_says_by_itself_is_for_the_log_alone(bench: LogBench) -> None:
    for _ in range(40):
        theirs.error("Failed to decode Slack API response: <!DOCTYPE html>")
        bench.passes(5)
    assert len(bench.lines.texts) == 1
    assert bench.told == []


def test_a_connection_that_breaks_and_is_made_anew_is_as_grave_as_any_outage(bench: LogBench) -> None:
    connection.error("on_error invoked (session id: 1, error: ConnectionResetError)")
    connection.error("Failed to receive bytes")
    assert [each.levelname for each in bench.lines.records] == ["WARNING"]
    assert bench.told == []


@pytest.mark.parametrize("error", [revoked(), Unavailable("Redis is away.", hint="Try again.")])
def test_deliveries_that_a_fault_keeps_out_are_its_line_and_hold_no_traceback(
    bench: LogBench, error: TunesmithError
) -> None:
    for _ in range(30):
        left_to_slack(error)
        bench.passes(5)
    assert bench.lines.texts == [f"a delivery was not taken in, and Slack sends it again: {error.sentence}"]
    assert bench.lines.tracebacks == 0
    assert bench.told == [f"Something is wrong, and I go on trying: {error.sentence}"]
