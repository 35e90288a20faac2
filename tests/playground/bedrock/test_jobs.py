"""Creating, finding, listing and stopping jobs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground.bedrock import HAIKU_PUBLISHED, BedrockStandIn, SimulatedClock
from tests.playground.bedrock.conftest import (
    EAST,
    HAIKU,
    HAIKU_TRAIN,
    LLAMA_TRAIN,
    NOVA_TRAIN,
    START,
    Bench,
    claude_rows,
    client,
    conversation_rows,
)

if TYPE_CHECKING:
    from mypy_boto3_bedrock.client import BedrockClient

Refused = Callable[..., tuple[str, str]]


def test_a_job_is_found_by_name_and_by_arn(bench: Bench, bedrock: "BedrockClient") -> None:
    arn = bench.start()

    by_arn = bedrock.get_model_customization_job(jobIdentifier=arn)
    by_name = bedrock.get_model_customization_job(jobIdentifier="claims-1")

    assert arn.startswith(f"arn:aws:bedrock:us-west-2:123456789012:model-customization-job/{HAIKU_TRAIN}/")
    assert {**by_arn, "ResponseMetadata": None} == {**by_name, "ResponseMetadata": None}
    assert by_arn["creationTime"] == START
    assert by_arn["baseModelArn"] == f"arn:aws:bedrock:us-west-2::foundation-model/{HAIKU_TRAIN}"
    assert by_arn["hyperParameters"] == {
        "epochCount": "2",
        "batchSize": "32",
        "learningRateMultiplier": "1",
        "earlyStoppingThreshold": "0.001",
        "earlyStoppingPatience": "2",
    }


def test_a_used_token_makes_no_second_job(bench: Bench, bedrock: "BedrockClient") -> None:
    request = bench.job_request(clientRequestToken="digest-1")

    first = bedrock.create_model_customization_job(**request)
    again = bedrock.create_model_customization_job(**request)

    assert first["jobArn"] == again["jobArn"]
    assert len(bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"]) == 1
    made, repeated = bench.stand_in.log.of("CreateModelCustomizationJob")
    assert (made.repeated, repeated.repeated) == (False, True)
    assert made.effect == repeated.effect == first["jobArn"]


def test_a_name_in_use_is_refused_for_ever(bench: Bench, bedrock: "BedrockClient", refused: Refused) -> None:
    bench.trained()
    code, message = refused(bedrock.create_model_customization_job, **bench.job_request())
    assert (code, message) == ("ValidationException", "The provided job name is currently in use.")


def test_the_name_of_a_model_in_the_making_is_taken(
    bench: Bench, bedrock: "BedrockClient", refused: Refused
) -> None:
    bench.start(customModelName="router")
    request = bench.job_request("claims-2", customModelName="router")
    assert refused(bedrock.create_model_customization_job, **request) == (
        "ValidationException",
        "The provided model name is currently in use.",
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"jobName": "with_underscore"}, "at 'jobName' failed to satisfy constraint"),
        ({"hyperParameters": {"learningRate": "0.00001"}}, "learningRate are not supported"),
        ({"hyperParameters": {"epochCount": "11"}}, "epochCount must be between 1 and 10, but was 11"),
        ({"hyperParameters": {"epochCount": "two"}}, "epochCount must be an integer"),
        ({"hyperParameters": {"learningRateMultiplier": "nan"}}, "learningRateMultiplier must be between"),
        ({"baseModelIdentifier": NOVA_TRAIN}, "The provided model identifier is invalid."),
        ({"roleArn": "arn:aws:iam::999999999999:role/Other"}, "does not belong to the account"),
        ({"jobTags": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}, "Duplicate tag keys"),
        ({"customizationType": "CONTINUED_PRE_TRAINING"}, "CONTINUED_PRE_TRAINING is not offered"),
    ],
)
def test_a_wrong_request_is_refused_and_makes_nothing(
    bench: Bench, bedrock: "BedrockClient", refused: Refused, changes: dict[str, Any], words: str
) -> None:
    code, message = refused(bedrock.create_model_customization_job, **bench.job_request(**changes))
    assert code == "ValidationException"
    assert words in message
    assert bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"] == []


def test_too_many_tags_have_an_error_of_their_own(
    bench: Bench, bedrock: "BedrockClient", refused: Refused
) -> None:
    tags = [{"key": f"k{n}", "value": "v"} for n in range(51)]
    code, _ = refused(bedrock.create_model_customization_job, **bench.job_request(jobTags=tags))
    assert code == "TooManyTagsException"


def test_data_that_cannot_be_read_is_refused_in_the_services_words(
    bench: Bench, bedrock: "BedrockClient", refused: Refused
) -> None:
    there = bench.stand_in.buckets[EAST]
    client(bench.stand_in, "s3", EAST).put_object(Bucket=there, Key="t.jsonl", Body=claude_rows())
    for uri, place in (
        (f"s3://{bench.bucket}/no.jsonl", f"{bench.bucket} at key no.jsonl"),
        (f"s3://{there}/t.jsonl", f"{there} at key t.jsonl"),
        ("s3://nobodys-bucket/t.jsonl", "nobodys-bucket at key t.jsonl"),
    ):
        request = bench.job_request(trainingDataConfig={"s3Uri": uri})
        assert refused(bedrock.create_model_customization_job, **request) == (
            "ValidationException",
            f"Could not validate GetObject permissions to access Amazon S3 bucket: {place}",
        )
    request = bench.job_request(outputDataConfig={"s3Uri": "s3://nobodys-bucket/out"})
    _, message = refused(bedrock.create_model_customization_job, **request)
    assert message.startswith("Amazon S3 perms missing (PutObject)")
    assert message.endswith("nobodys-bucket at key out/.write_access_check_file.tmp")


def test_a_legacy_base_takes_no_new_jobs(
    bench: Bench, stand_in: BedrockStandIn, bedrock: "BedrockClient", refused: Refused
) -> None:
    stand_in.set_lifecycle({HAIKU: HAIKU_PUBLISHED})
    code, message = refused(bedrock.create_model_customization_job, **bench.job_request())
    assert code == "ResourceNotFoundException"
    assert "marked by provider as Legacy" in message


def test_ten_jobs_may_be_scheduled(bench: Bench, bedrock: "BedrockClient", refused: Refused) -> None:
    for number in range(10):
        bench.start(f"job-{number}")
    code, _ = refused(bedrock.create_model_customization_job, **bench.job_request("job-10"))
    assert code == "ServiceQuotaExceededException"
    bench.stand_in.clock.advance(7200)
    bench.start("job-10")


def test_lists_filter_sort_and_page(bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock) -> None:
    moments = []
    for number in range(5):
        bench.start(f"job-{number}")
        moments.append(clock.now())
        clock.advance(60)
    bedrock.stop_model_customization_job(jobIdentifier="job-2")
    clock.advance(60)

    def names(**filters: Any) -> list[str]:
        pages = bedrock.get_paginator("list_model_customization_jobs").paginate(
            **filters, PaginationConfig={"PageSize": 2}
        )
        return [job["jobName"] for page in pages for job in page["modelCustomizationJobSummaries"]]

    assert names() == ["job-4", "job-3", "job-2", "job-1", "job-0"]
    assert names(sortBy="CreationTime", sortOrder="Ascending") == [
        "job-0",
        "job-1",
        "job-2",
        "job-3",
        "job-4",
    ]
    assert names(statusEquals="Stopped") == ["job-2"]
    assert names(nameContains="b-3") == ["job-3"]
    assert names(creationTimeAfter=moments[2]) == ["job-4", "job-3"]
    assert names(creationTimeBefore=moments[2], sortOrder="Ascending") == ["job-0", "job-1"]


def test_a_page_goes_on_where_it_was_though_a_job_has_come(bench: Bench, bedrock: "BedrockClient") -> None:
    for number in range(3):
        bench.start(f"job-{number}")
        bench.stand_in.clock.advance(1)
    first = bedrock.list_model_customization_jobs(maxResults=2)
    bench.start("job-3")
    second = bedrock.list_model_customization_jobs(maxResults=2, nextToken=first["nextToken"])
    assert [job["jobName"] for job in second["modelCustomizationJobSummaries"]] == ["job-0"]
    assert "nextToken" not in second


def test_a_made_up_page_token_is_refused(bedrock: "BedrockClient", refused: Refused) -> None:
    assert refused(bedrock.list_model_customization_jobs, nextToken="abc")[0] == "ValidationException"


def test_regions_do_not_see_each_other(bench: Bench, east: Bench) -> None:
    bench.start("west-1")
    east.start("east-1")
    assert [
        j["jobName"] for j in east.bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"]
    ] == ["east-1"]


def test_stopping_takes_a_while_and_is_final(
    bench: Bench, bedrock: "BedrockClient", clock: SimulatedClock, refused: Refused
) -> None:
    arn = bench.start()
    clock.advance(400)
    bedrock.stop_model_customization_job(jobIdentifier=arn)
    bedrock.stop_model_customization_job(jobIdentifier=arn)

    stopping = bedrock.get_model_customization_job(jobIdentifier=arn)
    clock.advance(61)
    stopped = bedrock.get_model_customization_job(jobIdentifier=arn)

    assert stopping["status"] == "Stopping"
    assert stopping["statusDetails"]["trainingDetails"]["status"] == "Stopping"
    assert stopped["status"] == stopped["statusDetails"]["trainingDetails"]["status"] == "Stopped"
    assert "endTime" in stopped
    assert "outputModelArn" not in set(stopped)
    assert refused(bedrock.stop_model_customization_job, jobIdentifier=arn)[0] == "ConflictException"


def test_an_unknown_job_is_not_found(bedrock: "BedrockClient", refused: Refused) -> None:
    for call in (bedrock.get_model_customization_job, bedrock.stop_model_customization_job):
        assert refused(call, jobIdentifier="nobody")[0] == "ResourceNotFoundException"


def test_a_custom_model_can_be_tuned_further(bench: Bench, bedrock: "BedrockClient") -> None:
    model = bench.trained()
    arn = bench.start("claims-2", baseModelIdentifier=model)
    job = bedrock.get_model_customization_job(jobIdentifier=arn)
    assert job["baseModelArn"].endswith(f"foundation-model/{HAIKU_TRAIN}")


def test_llama_and_nova_take_the_conversation_format(bench: Bench, east: Bench) -> None:
    llama = {
        "baseModelIdentifier": LLAMA_TRAIN,
        "trainingDataConfig": {"s3Uri": bench.put("llama.jsonl", conversation_rows(100))},
    }
    assert bench.trained("llama", **llama)
    assert east.trained("nova")


def test_a_base_may_be_named_without_the_parts_that_say_its_context(bench: Bench) -> None:
    bare = HAIKU_TRAIN.rpartition(":")[0]
    arn = bench.bedrock.create_model_customization_job(**bench.job_request(baseModelIdentifier=bare))[
        "jobArn"
    ]
    job = bench.bedrock.get_model_customization_job(jobIdentifier=arn)
    assert job["baseModelArn"].endswith(f"foundation-model/{HAIKU_TRAIN}")


def test_nova_2_lite_takes_what_the_vendors_own_sdk_sends(east: Bench, refused: Refused) -> None:
    rows = {"trainingDataConfig": {"s3Uri": east.put("n2.jsonl", conversation_rows(200))}}
    sent = {"epochCount": "5", "batchSize": "64", "learningRate": "0.0001", "learningRateWarmupSteps": "100"}
    base: dict[str, Any] = {"baseModelIdentifier": "amazon.nova-2-lite-v1:0:256k"} | rows
    assert east.trained("nova2", **base, hyperParameters=sent)
    for name, value in {"epochCount": "6", "batchSize": "65", "learningRate": "0.01"}.items():
        wrong = east.job_request(
            **base, jobName=f"n2-{name}", customModelName=f"n2-{name}", hyperParameters={name: value}
        )
        assert refused(east.bedrock.create_model_customization_job, **wrong)[0] == "ValidationException"


def test_nova_2_lite_takes_no_validation_set(east: Bench, refused: Refused) -> None:
    uri = east.put("v.jsonl", conversation_rows())
    request = east.job_request(
        baseModelIdentifier="amazon.nova-2-lite-v1:0:256k",
        validationDataConfig={"validators": [{"s3Uri": uri}]},
    )
    code, message = refused(east.bedrock.create_model_customization_job, **request)
    assert code == "ValidationException"
    assert "Validation data is not supported" in message


def test_one_token_makes_one_job_though_many_ask_at_once(bench: Bench) -> None:
    request = bench.job_request(clientRequestToken="digest-1")
    with ThreadPoolExecutor(6) as pool:
        made = pool.map(
            lambda _: bench.bedrock.create_model_customization_job(**request)["jobArn"], range(12)
        )
        assert len(set(made)) == 1
    assert [call.repeated for call in bench.stand_in.log.of("CreateModelCustomizationJob")].count(False) == 1
