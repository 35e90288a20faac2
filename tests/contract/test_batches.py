"""The contract of batch jobs, held against the twin and against the adapter on the Bedrock stand-in."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters import bedrock_batches
from bot.adapters.aws_clients import AwsClients
from bot.adapters.bedrock_batches import BedrockBatches
from bot.adapters.s3_answers import S3Answers
from bot.distillations.plan import BatchOrder, DistillationPhase, phase_of
from bot.distillations.ports import Batches, BatchResults
from bot.errors import NotFound, Refused
from bot.playground.bedrock import BedrockStandIn, SimulatedClock
from tests.doubles.batches import InMemoryAnswers, InMemoryBatches, answered
from tests.doubles.clock import START, FakeClock
from tests.playground.bedrock.test_batches import TEACHER, records
from tests.unit.jobs.samples import ROLE

WEST = "us-west-2"


@dataclass
class Bench:
    """Bedrock and S3, and the power over their time."""

    batches: Batches
    results: BatchResults
    order: BatchOrder
    passes: Callable[[float, str, int], None]
    """Seconds, and what has become of the job by then: its status, and how many records are through."""


def _twin() -> Bench:
    clock = FakeClock()
    batches, results = InMemoryBatches(clock), InMemoryAnswers()

    def passes(seconds: float, status: str, processed: int) -> None:
        clock.advance(seconds)
        if len(batches.jobs) == 1:
            batches.move(status, processed)
        if status in ("Completed", "Stopped"):
            results.lines = [answered(f"ROW{n:08d}") for n in range(1, processed + 1)]
            batches.end(status)

    return Bench(
        batches, results, BatchOrder("answers", WEST, TEACHER, ROLE, "s3://w/in.jsonl", "s3://w/out/"), passes
    )


def _real(stand_in: BedrockStandIn) -> Bench:
    clients, bucket = AwsClients(), stand_in.buckets[WEST]
    clients.s3(WEST).put_object(Bucket=bucket, Key="in.jsonl", Body=records())
    uris = (f"s3://{bucket}/in.jsonl", f"s3://{bucket}/out/")
    order = BatchOrder("answers", WEST, TEACHER, stand_in.role_arn, *uris)

    def passes(seconds: float, _status: str, _processed: int) -> None:
        stand_in.clock.advance(seconds)

    return Bench(BedrockBatches(clients), S3Answers(clients), order, passes)


@pytest.fixture(params=["twin", pytest.param("stand-in", marks=pytest.mark.slow)])
def bench(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    if request.param == "twin":
        yield _twin()
        return
    with BedrockStandIn(clock=SimulatedClock.manual(START)) as stand_in:
        for name in stand_in.UNSET:
            monkeypatch.delenv(name, raising=False)
        for name, value in stand_in.environment().items():
            monkeypatch.setenv(name, value)
        yield _real(stand_in)


def test_an_order_is_one_job_however_often_it_is_given(bench: Bench) -> None:
    arn = bench.batches.create(bench.order, {"owner": "U1"})
    assert bench.batches.create(bench.order, {"owner": "U1"}) == arn
    with pytest.raises(Refused):
        bench.batches.create(replace(bench.order, output_uri=bench.order.output_uri + "other/"), {})

    found = bench.batches.find(WEST, "answers")
    assert found is not None
    assert (found.arn, found.client_token) == (arn, bench.order.digest)
    assert bench.batches.find(WEST, "answer") is None


def test_a_job_is_followed_to_its_answers(bench: Bench, tmp_path: Path) -> None:
    arn = bench.batches.create(bench.order, {})
    phases, seen = [], bench.batches.get(WEST, arn)
    for seconds, status, processed in ((1, "Submitted", 0), (400, "InProgress", 50), (600, "Completed", 100)):
        bench.passes(seconds, status, processed)
        seen = bench.batches.get(WEST, arn)
        assert seen is not None
        phases.append(phase_of(seen))
    assert phases == [DistillationPhase.WAITING, DistillationPhase.RUNNING, DistillationPhase.COLLECTING]
    assert seen is not None
    assert (seen.processed, seen.ended is not None) == (100, True)

    [path] = bench.results.fetch(WEST, bench.order.output_uri, arn, tmp_path, lambda: None)
    answers = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert {each["recordId"] for each in answers} == {f"ROW{n:08d}" for n in range(1, 101)}
    assert all(each["modelOutput"]["output"]["message"]["role"] == "assistant" for each in answers)
    bench.batches.stop(WEST, arn)


def test_a_job_is_found_by_what_it_was_ordered_with(bench: Bench) -> None:
    arn = bench.batches.create(bench.order, {"owner": "U1", "slack": "C1/1.2"})
    assert bench.batches.tags(WEST, arn) == {"owner": "U1", "slack": "C1/1.2"}
    how = bench.batches.describe(WEST, arn)
    assert how is not None
    wanted = (bench.order.model_id, bench.order.role_arn, bench.order.input_uri, bench.order.output_uri)
    assert (how.model_id, how.role_arn, how.input_uri, how.output_uri) == wanted
    assert bench.batches.describe(WEST, arn[:-12] + "0" * 12) is None
    with pytest.raises(NotFound):
        bench.batches.tags(WEST, arn[:-12] + "0" * 12)


def test_all_jobs_are_listed_newest_first_since_a_moment(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The adapter goes through all pages: two jobs make one here."""
    monkeypatch.setattr(bedrock_batches, "PAGE", 2)
    for number in range(5):
        bench.batches.create(replace(bench.order, name=f"answers-{number}"), {})
        bench.passes(10, "Submitted", 0)
    listed = bench.batches.list_since(WEST, START - timedelta(days=1))
    assert [each.name for each in listed] == [f"answers-{number}" for number in (4, 3, 2, 1, 0)]
    assert all(each.seen_at >= each.submitted for each in listed)
    assert [each.name for each in bench.batches.list_since(WEST, START + timedelta(seconds=25))] == [
        "answers-4",
        "answers-3",
    ]
    first = bench.batches.find(WEST, "answers-0")
    assert first is not None
    assert first.arn == listed[-1].arn, "a name on the last page is found too"


def test_stopping_twice_is_harmless_and_what_is_unknown_is_none(bench: Bench, tmp_path: Path) -> None:
    arn = bench.batches.create(bench.order, {})
    assert bench.results.fetch(WEST, bench.order.output_uri, arn, tmp_path, lambda: None) == ()
    bench.batches.stop(WEST, arn)
    bench.batches.stop(WEST, arn)
    seen = bench.batches.get(WEST, arn)
    assert seen is not None
    assert phase_of(seen) is DistillationPhase.STOPPING

    unknown = arn[:-12] + "0" * 12
    assert bench.batches.get(WEST, unknown) is None
    with pytest.raises(NotFound):
        bench.batches.stop(WEST, unknown)
