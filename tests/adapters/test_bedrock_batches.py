"""Batch jobs against botocore's service model, and their answers in S3."""

import errno
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from bot.adapters.bedrock_batches import PAGE, BedrockBatches
from bot.adapters.s3_answers import S3Answers, _download
from bot.distillations.plan import BatchOrder, DistillationPhase, phase_of
from bot.errors import Misconfigured, Refused, UnknownOutcome
from tests.adapters.aws import StubbedClients
from tests.unit.jobs.samples import ROLE

ARN = "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefabcdef"
ORDER = BatchOrder(
    "distill-claims-1",
    "us-east-1",
    "amazon.nova-pro-v1:0",
    ROLE,
    "s3://tunesmith-east/in.jsonl",
    "s3://tunesmith-east/o/",
)
SAID: dict[str, Any] = {
    "jobArn": ARN,
    "jobName": "distill-claims-1",
    "modelId": "amazon.nova-pro-v1:0",
    "roleArn": ROLE,
    "submitTime": datetime(2026, 11, 22, 9, tzinfo=UTC),
    "inputDataConfig": {"s3InputDataConfig": {"s3Uri": ORDER.input_uri}},
    "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": ORDER.output_uri}},
}


@pytest.fixture
def clients() -> StubbedClients:
    return StubbedClients()


def test_a_job_is_created_with_the_digest_as_token_in_converses_form(clients: StubbedClients) -> None:
    clients.expect(
        "bedrock",
        "create_model_invocation_job",
        {"jobArn": ARN},
        {
            "jobName": ORDER.name,
            "roleArn": ROLE,
            "clientRequestToken": ORDER.digest,
            "modelId": ORDER.model_id,
            "modelInvocationType": "Converse",
            "inputDataConfig": {"s3InputDataConfig": {"s3InputFormat": "JSONL", "s3Uri": ORDER.input_uri}},
            "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": ORDER.output_uri}},
            "tags": [{"key": "owner", "value": "U1"}],
        },
    )
    assert BedrockBatches(clients).create(ORDER, {"owner": "U1"}) == ARN
    clients.all_made()


@pytest.mark.parametrize(
    "wrong",
    [{"name": "no_underscore"}, {"role_arn": "nobody"}, {"input_uri": "s3://b/a b"}, {"output_uri": "x"}],
)
def test_what_the_service_would_refuse_is_never_sent(clients: StubbedClients, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        BedrockBatches(clients).create(replace(ORDER, **wrong), {})


def test_what_becomes_of_a_lost_creation_is_unknown(clients: StubbedClients) -> None:
    clients.refuse("bedrock", "create_model_invocation_job", "InternalServerException", status=500)
    with pytest.raises(UnknownOutcome):
        BedrockBatches(clients).create(ORDER, {})


def test_a_job_is_found_by_its_whole_name_and_not_by_a_part_of_it(clients: StubbedClients) -> None:
    longer = SAID | {"jobName": "distill-claims-11", "jobArn": ARN.replace("f", "0")}
    asked = {
        "nameContains": "distill-claims-1",
        "sortBy": "CreationTime",
        "sortOrder": "Descending",
        "maxResults": PAGE,
    }
    clients.expect(
        "bedrock",
        "list_model_invocation_jobs",
        {"invocationJobSummaries": [longer, SAID | {"clientRequestToken": "t"}]},
        asked,
    )
    found = BedrockBatches(clients).find("us-east-1", "distill-claims-1")
    assert found is not None
    assert (found.arn, found.client_token, found.seen_at.minute) == (ARN, "t", 30)

    clients.expect("bedrock", "list_model_invocation_jobs", {"invocationJobSummaries": [longer]}, asked)
    assert BedrockBatches(clients).find("us-east-1", "distill-claims-1") is None


def test_what_bedrock_says_becomes_an_observation(clients: StubbedClients) -> None:
    counts = {
        "totalRecordCount": 9,
        "processedRecordCount": 4,
        "successRecordCount": 3,
        "errorRecordCount": 1,
    }
    clients.expect(
        "bedrock",
        "get_model_invocation_job",
        SAID | {"status": "InProgress"} | counts,
        {"jobIdentifier": ARN},
    )
    seen = BedrockBatches(clients).get("us-east-1", ARN)
    assert seen is not None
    assert (seen.total, seen.processed, seen.failed) == (9, 4, 1)
    assert phase_of(seen) is DistillationPhase.RUNNING
    assert phase_of(replace(seen, status="ATomorrow")) is DistillationPhase.RUNNING

    clients.refuse("bedrock", "get_model_invocation_job", "ResourceNotFoundException", status=404)
    assert BedrockBatches(clients).get("us-east-1", ARN) is None


@pytest.mark.parametrize(("status", "refused"), [("Completed", False), ("InProgress", True)])
def test_stopping_what_has_ended_is_no_error(clients: StubbedClients, status: str, refused: bool) -> None:
    clients.refuse("bedrock", "stop_model_invocation_job", "ConflictException")
    clients.expect("bedrock", "get_model_invocation_job", SAID | {"status": status}, {"jobIdentifier": ARN})
    if refused:
        with pytest.raises(Refused):
            BedrockBatches(clients).stop("us-east-1", ARN)
    else:
        BedrockBatches(clients).stop("us-east-1", ARN)


# Answers


class Listed(StubbedClients):
    """S3 whose listing is stubbed, and whose downloads write the key's name."""

    def list(self, *keys: str) -> "Listed":
        contents = [{"Key": key} for key in keys]
        params = {"Bucket": "tunesmith-east", "Prefix": "o/"}
        self.expect("s3", "list_objects_v2", {"Contents": contents, "IsTruncated": False}, params)

        def download(bucket: str, key: str, path: str, **_: Any) -> None:
            Path(path).write_text(key, encoding="utf-8")

        client: Any = self.stub("s3").client
        client.download_file = download
        return self


def fetched(clients: StubbedClients, folder: Path) -> list[str]:
    paths = S3Answers(clients).fetch("us-east-1", "s3://tunesmith-east/o/", ARN, folder, lambda: None)
    return [path.read_text(encoding="utf-8") for path in paths]


def test_answers_are_those_of_the_job_and_not_of_another(tmp_path: Path) -> None:
    ours, other = "o/abcdefabcdef/in.jsonl.out", "o/000000000000/in.jsonl.out"
    assert fetched(Listed().list(other, ours, "o/abcdefabcdef/manifest.json.out"), tmp_path) == [ours]


def test_answers_are_found_wherever_they_are_under_the_output(tmp_path: Path) -> None:
    assert fetched(Listed().list("o/elsewhere/in.jsonl.out"), tmp_path) == ["o/elsewhere/in.jsonl.out"]
    assert fetched(Listed().list("o/abcdefabcdef/manifest.json.out"), tmp_path) == []


def test_a_refusal_of_s3_names_the_permission(clients: StubbedClients, tmp_path: Path) -> None:
    clients.refuse("s3", "list_objects_v2", "AccessDenied", status=403)
    with pytest.raises(Misconfigured) as refused:
        fetched(clients, tmp_path)
    assert "s3:ListBucket" in refused.value.hint


def test_a_full_disk_is_not_taken_for_s3_that_broke_off(tmp_path: Path) -> None:
    client = Mock()
    client.download_file.side_effect = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(Misconfigured, match="disk"):
        _download(client, "west", "out/a.jsonl.out", tmp_path / "a", lambda: None)
