"""A second bot of the same prefix on another Redis is noticed; one that only lost its Redis is not taken for two."""

from collections.abc import Iterator

import pytest

from bot.errors import Misconfigured, Unavailable
from bot.rivals import ASKED, AT_WORK, EVERY, MarkedNeighbours, Rivals
from tests.doubles.log import LogBench, log_bench

MINUTE = 60.0


class Bucket:
    def __init__(self) -> None:
        self.marks: dict[tuple[str, str], bytes] = {}
        self.error: Exception | None = None

    def put(self, region: str, name: str, content: bytes) -> None:
        self.marks[region, name] = content

    def get(self, region: str, name: str) -> bytes | None:
        if self.error:
            raise self.error
        return self.marks.get((region, name))


@pytest.fixture
def bench() -> Iterator[LogBench]:
    with log_bench() as made:
        yield made


def bot(bucket: Bucket, bench: LogBench, store: str, name: str = "tunesmith") -> Rivals:
    return Rivals(bucket, "us-west-2", name, lambda: store, bench.clock)


def look(bench: LogBench, *bots: Rivals, times: int = 1) -> None:
    """Have each look so many times; in between they are tried once a minute, as all that readiness tries."""
    for _ in range(times * round(EVERY / MINUTE)):
        for each in bots:
            assert each.try_it() == "", "it keeps nobody from work"
        bench.passes(MINUTE)


def told(bench: LogBench) -> bool:
    return any("A second bot with the prefix tunesmith" in text for text in bench.lines.texts)


def test_two_that_run_at_once_are_told_and_the_operator_hears(bench: LogBench) -> None:
    bucket = Bucket()
    here, there = bot(bucket, bench, "one"), bot(bucket, bench, "two")
    look(bench, here, there)
    assert not told(bench), "the second may just have a new Redis"
    look(bench, here, there, times=4)
    assert told(bench)
    assert len(bench.told) == 1
    assert "Stop one of them" in bench.told[0]
    look(bench, here, times=6)  # the other has ended
    assert bench.told[1].startswith("That is over")


def test_processes_of_one_bot_and_bots_of_other_prefixes_are_no_rivals(bench: LogBench) -> None:
    bucket = Bucket()
    one, again, other = (bot(bucket, bench, *each) for each in (["one"], ["one"], ["two", "other"]))
    look(bench, one, again, other, times=5)
    assert not told(bench)


def test_one_that_lost_its_redis_is_alone(bench: LogBench) -> None:
    bucket = Bucket()
    look(bench, bot(bucket, bench, "one"), times=3)
    look(bench, bot(bucket, bench, "two"), times=3)
    assert not told(bench)


@pytest.mark.parametrize("mark", [b"", b"{", b"[]", b"null", b'{"store": null}', b"\xff"])
def test_a_mark_that_nobody_can_read_is_nobodys(bench: LogBench, mark: bytes) -> None:
    bucket = Bucket()
    here = bot(bucket, bench, "one")
    for _ in range(3):
        bucket.marks["us-west-2", "tunesmith"] = mark
        look(bench, here)
    assert not told(bench)


@pytest.mark.parametrize("error", [Misconfigured("No."), Unavailable("S3 is away.")])
def test_a_bucket_that_is_refused_or_away_is_somebody_elses_to_tell(
    bench: LogBench, error: Exception
) -> None:
    bucket = Bucket()
    bucket.error = error
    look(bench, bot(bucket, bench, "one"), times=3)
    assert bench.lines.texts == []


# Bots of other names


def test_a_bot_is_at_work_as_long_as_its_mark_is_young_or_nobody_can_tell(bench: LogBench) -> None:
    bucket = Bucket()
    other = bot(bucket, bench, "two", "payroll")
    neighbours = MarkedNeighbours(bucket, "us-west-2", bench.clock)
    assert not neighbours.at_work("payroll"), "it never left one"
    look(bench, other)
    assert neighbours.at_work("payroll")
    assert not neighbours.at_work("payroll-2")
    bench.passes(AT_WORK.total_seconds() - EVERY - 1)
    assert neighbours.at_work("payroll")
    bench.passes(ASKED + 1)
    assert not neighbours.at_work("payroll")

    bucket.error = Unavailable("S3 is away.")
    bench.passes(ASKED + 1)
    assert neighbours.at_work("payroll"), "which is no reason to take over what may be looked after"


@pytest.mark.parametrize(
    "mark", [b"", b"[]", b'{"at": 1}', b'{"at": "2026-11-22"}', b'{"store": "one"}', b"\xff", b"[" * 100_000]
)
def test_a_mark_without_a_time_is_of_nobody_at_work(bench: LogBench, mark: bytes) -> None:
    bucket = Bucket()
    bucket.put("us-west-2", "payroll", mark)
    assert not MarkedNeighbours(bucket, "us-west-2", bench.clock).at_work("payroll")


def test_a_name_that_no_bot_has_is_not_looked_up(bench: LogBench) -> None:
    bucket = Bucket()
    bucket.error = Unavailable("S3 is away.")
    assert not MarkedNeighbours(bucket, "us-west-2", bench.clock).at_work("../plans/x")
