"""What becomes of a job as time goes on, and what it leaves in S3."""

import csv
import io
from typing import TYPE_CHECKING

import pytest

from bot.playground.bedrock import BedrockStandIn, Durations, SimulatedClock
from bot.playground.bedrock.foundation import by_train_id
from bot.playground.bedrock.training_data import BadData, records
from tests.playground.bedrock.conftest import (
    HAIKU_TRAIN,
    NOVA_TRAIN,
    START,
    Bench,
    claude_rows,
    conversation_rows,
)

if TYPE_CHECKING:
    from mypy_boto3_bedrock.client import BedrockClient
    from mypy_boto3_s3.client import S3Client


def _stages(bedrock: "BedrockClient", arn: str) -> list[str]:
    job = bedrock.get_model_customization_job(jobIdentifier=arn)
    details = job["statusDetails"]
    return [
        job["status"],
        details["validationDetails"]["status"],
        details["dataProcessingDetails"]["status"],
        details["trainingDetails"]["status"],
    ]


def test_a_job_passes_through_its_stages(
    bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock
) -> None:
    arn = bench.start()
    assert _stages(bedrock, arn) == ["InProgress", "InProgress", "NotStarted", "NotStarted"]
    clock.advance(180)
    assert _stages(bedrock, arn) == ["InProgress", "Completed", "InProgress", "NotStarted"]
    clock.advance(120)
    assert _stages(bedrock, arn) == ["InProgress", "Completed", "Completed", "InProgress"]
    clock.advance(600)
    assert _stages(bedrock, arn) == ["Completed"] * 4

    job = bedrock.get_model_customization_job(jobIdentifier=arn)
    assert (job["endTime"] - START).total_seconds() == 900
    assert job["lastModifiedTime"] == job["endTime"]
    training = job["statusDetails"]["trainingDetails"]
    assert (training["creationTime"] - START).total_seconds() == 300
    assert training["lastModifiedTime"] == job["endTime"]
    assert job["trainingMetrics"]["trainingLoss"] > 0
    assert "validationMetrics" not in set(job)
    [listed] = bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"]
    assert listed["customModelArn"] == job["outputModelArn"]


def test_training_grows_with_the_steps_and_everything_with_the_factor(clock: SimulatedClock) -> None:
    spans = Durations(factor=0.5)
    assert Durations().training(90) == 1800
    assert spans.training(90) == 900
    with BedrockStandIn(clock=clock, durations=spans) as fast:
        bench = Bench(fast)
        bench.start()
        clock.advance(450)
        job = bench.bedrock.get_model_customization_job(jobIdentifier="claims-1")
        assert job["status"] == "Completed"


def _rows(s3: "S3Client", bench: Bench, ending: str) -> list[dict[str, str]]:
    listed = s3.list_objects_v2(Bucket=bench.bucket, Prefix="out/")["Contents"]
    [key] = [entry["Key"] for entry in listed if entry["Key"].endswith(ending)]
    text = s3.get_object(Bucket=bench.bucket, Key=key)["Body"].read().decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_a_completed_job_leaves_both_files_as_a_real_one_did(bench: Bench, s3: "S3Client") -> None:
    check = bench.put("data/check.jsonl", claude_rows(33))
    arn = bench.start(
        trainingDataConfig={"s3Uri": bench.put("data/85.jsonl", claude_rows(85))},
        validationDataConfig={"validators": [{"s3Uri": check}]},
        hyperParameters={"epochCount": "4", "earlyStoppingPatience": "10"},
    )
    bench.stand_in.clock.advance(7200)
    job = bench.bedrock.get_model_customization_job(jobIdentifier=arn)

    folder = f"out/model-customization-job-{arn.rsplit('/', 1)[-1]}/"
    keys = [e["Key"] for e in s3.list_objects_v2(Bucket=bench.bucket, Prefix=folder)["Contents"]]
    assert f"{folder}training_artifacts/step_wise_training_metrics.csv" in keys
    training = _rows(s3, bench, "/step_wise_training_metrics.csv")
    validation = _rows(s3, bench, "/validation_metrics.csv")
    assert list(training[0]) == ["step_number", "epoch_number", "training_loss"]
    assert [int(row["step_number"]) for row in training] == list(
        range(12)
    )  # 85 rows in batches of 32: 3 an epoch
    assert [row["epoch_number"] for row in training[::3]] == ["1", "2", "3", "4"]
    assert [(row["step_number"], row["epoch_number"]) for row in validation] == [
        ("3", "1"),
        ("6", "2"),
        ("9", "3"),
        ("12", "4"),
    ]
    assert float(training[-1]["training_loss"]) == pytest.approx(job["trainingMetrics"]["trainingLoss"])
    assert float(validation[-1]["validation_loss"]) == pytest.approx(
        job["validationMetrics"][0]["validationLoss"]
    )
    assert float(training[-1]["training_loss"]) < float(training[0]["training_loss"])


def test_novas_files_have_a_perplexity(east: Bench) -> None:
    east.trained()
    s3 = east.stand_in.world.buckets
    key = next(
        key
        for _, key, *_ in east.stand_in.world.store.objects()
        if key.endswith("step_wise_training_metrics.csv")
    )
    head = s3.read(f"s3://{east.bucket}/{key}", east.region).decode().splitlines()[0]
    assert head == "step_number,epoch_number,training_loss,perplexity"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (claude_rows(31), "The training data has 31 records. It must have between 32 and 10000 records."),
        (
            claude_rows(40) + b"not json\n",
            "Unable to parse Amazon S3 file: bad.jsonl. Data files must conform to",
        ),
        (claude_rows(40) + b"\n", "Unable to parse Amazon S3 file: bad.jsonl."),
        (b"\xff\xfe", "Unable to parse Amazon S3 file: bad.jsonl."),
        (conversation_rows(40), "Input data at bad.jsonl must follow"),
        (claude_rows(40).replace(b"Oslo", b"\\nHuman: Oslo"), "Reserved keyword '\\nHuman:' found"),
        (claude_rows(40).replace(b"Oslo", b"long " * 20_000), "exceeds limit of 32000"),
        (b'{"prompt": "a", "completion": "b"}\n' * 40, "Input data at bad.jsonl must follow"),
    ],
)
def test_wrong_contents_fail_the_job_in_validation(
    bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock, data: bytes, words: str
) -> None:
    arn = bench.start(trainingDataConfig={"s3Uri": bench.put("bad.jsonl", data)})
    assert _stages(bedrock, arn)[0] == "InProgress"
    clock.advance(181)
    assert _stages(bedrock, arn) == ["Failed", "Failed", "NotStarted", "NotStarted"]
    assert words in bedrock.get_model_customization_job(jobIdentifier=arn)["failureMessage"]
    assert bedrock.list_custom_models()["modelSummaries"] == []


def test_the_sum_of_both_files_is_limited(
    bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock
) -> None:
    big, check = bench.put("big.jsonl", claude_rows(9_980)), bench.put("check.jsonl", claude_rows(32))
    arn = bench.start(
        trainingDataConfig={"s3Uri": big}, validationDataConfig={"validators": [{"s3Uri": check}]}
    )
    clock.advance(181)
    message = bedrock.get_model_customization_job(jobIdentifier=arn)["failureMessage"]
    assert "10012 records together. The maximum is 10000." in message


@pytest.mark.parametrize(
    ("kind", "after", "stages"),
    [
        ("fail_validation", 200, ["Failed", "Failed", "NotStarted", "NotStarted"]),
        ("fail_training", 3600, ["Failed", "Completed", "Completed", "Failed"]),
        ("stall_training", 260_000, ["InProgress", "Completed", "Completed", "NotStarted"]),
    ],
)
def test_jobs_fail_and_stall_to_order(
    bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock, kind: str, after: int, stages: list[str]
) -> None:
    bench.stand_in.faults.order(kind)
    hit = bench.start("hit")
    spared = bench.start("spared")
    clock.advance(after)
    assert _stages(bedrock, hit) == stages
    job = bedrock.get_model_customization_job(jobIdentifier=hit)
    assert ("failureMessage" in job) == (stages[0] == "Failed")
    clock.advance(7200)
    assert _stages(bedrock, spared)[0] == "Completed"


def test_a_stalled_job_can_be_stopped(bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock) -> None:
    bench.stand_in.faults.order("stall_training")
    arn = bench.start()
    clock.advance(90_000)
    bedrock.stop_model_customization_job(jobIdentifier=arn)
    clock.advance(61)
    assert _stages(bedrock, arn) == ["Stopped", "Completed", "Completed", "NotStarted"]


def test_records_of_several_turns_teach_each_turn() -> None:
    base = by_train_id(HAIKU_TRAIN)
    assert base is not None
    assert base.tuning is not None
    turns = ["one", "1", "two", "2"]
    messages = [
        f'{{"role": "{"assistant" if n % 2 else "user"}", "content": "{text}"}}'
        for n, text in enumerate(turns)
    ]
    [record] = records(f'{{"messages": [{", ".join(messages)}]}}'.encode(), "s3://b/k", base.tuning)
    assert [(e.prompt, e.answer) for e in record] == [("one", "1"), ("two", "2")]
    with pytest.raises(BadData, match="alternating"):
        records(f'{{"messages": [{", ".join(messages[:3])}]}}'.encode(), "s3://b/k", base.tuning)


def test_a_conversation_needs_its_schema_version() -> None:
    base = by_train_id(NOVA_TRAIN)
    assert base is not None
    assert base.tuning is not None
    with pytest.raises(BadData, match="schemaVersion"):
        records(conversation_rows(1).replace(b"schemaVersion", b"version"), "s3://b/k", base.tuning)
