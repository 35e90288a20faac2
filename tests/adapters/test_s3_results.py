"""Both files of losses, found wherever Bedrock put them; and what S3 says when it refuses."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.response import StreamingBody

from bot.adapters.s3_results import LARGEST, S3JobResults
from bot.errors import Misconfigured, Refused, Throttled, Unavailable
from bot.jobs.ports import ResultFiles
from tests.adapters.aws import StubbedClients

ARN = "arn:aws:bedrock:us-west-2:123456789012:model-customization-job/base/abc123def456"
FOLDER = "jobs/model-customization-job-abc123def456/"
TRAINING = "training_artifacts/step_wise_training_metrics.csv"
KNOWN = [
    "validation_artifacts/post_fine_tuning_validation/validation_metrics.csv",
    "validation_artifacts/post_fine_tuning_validation/validation/validation_metrics.csv",
    "validation_artifacts/validation_metrics.csv",
]
"""Where the documentation, the notebook for Nova and the notebook for Llama find it."""


def stored(path: str, day: int = 1, size: int = 10) -> dict[str, Any]:
    return {"Key": FOLDER + path, "LastModified": datetime(2026, 11, day, tzinfo=UTC), "Size": size}


def body(content: bytes, told: int | None = None) -> StreamingBody:
    return StreamingBody(io.BytesIO(content), len(content) if told is None else told)


@pytest.fixture
def clients() -> StubbedClients:
    return StubbedClients()


def listed(clients: StubbedClients, *found: dict[str, Any]) -> None:
    expected = {"Bucket": "out", "Prefix": FOLDER}
    clients.expect("s3", "list_objects_v2", {"Contents": list(found), "IsTruncated": False}, expected)


def got(clients: StubbedClients, path: str, content: StreamingBody) -> None:
    clients.expect("s3", "get_object", {"Body": content}, {"Bucket": "out", "Key": FOLDER + path})


def read(clients: StubbedClients) -> ResultFiles:
    return S3JobResults(clients).read("us-west-2", "s3://out/jobs/", ARN)


@pytest.mark.parametrize("path", KNOWN)
def test_the_validation_file_is_found_in_every_known_place(clients: StubbedClients, path: str) -> None:
    listed(clients, stored("input_status/manifest.report.csv"), stored(TRAINING), stored(path))
    got(clients, TRAINING, body(b"t"))
    got(clients, path, body(b"v"))

    assert read(clients) == ResultFiles(b"t", b"v")
    clients.all_made()


def test_of_two_the_latest_is_taken(clients: StubbedClients) -> None:
    listed(clients, stored(KNOWN[0], day=2), stored(KNOWN[1], day=1))
    got(clients, KNOWN[0], body(b"v"))

    assert read(clients) == ResultFiles(None, b"v")


def test_an_empty_folder_has_neither(clients: StubbedClients) -> None:
    clients.expect("s3", "list_objects_v2", {"IsTruncated": False})

    assert read(clients) == ResultFiles(None, None)


def test_a_long_listing_is_read_to_its_end(clients: StubbedClients) -> None:
    more = {"Contents": [stored("a.txt")], "IsTruncated": True, "NextContinuationToken": "n"}
    clients.expect("s3", "list_objects_v2", more)
    clients.expect("s3", "list_objects_v2", {"Contents": [stored(TRAINING)], "IsTruncated": False})
    got(clients, TRAINING, body(b"t"))

    assert read(clients).training == b"t"


def test_a_file_of_nothing_like_losses_is_not_fetched(clients: StubbedClients) -> None:
    listed(clients, stored(TRAINING, size=LARGEST + 1))

    with pytest.raises(Refused, match="no file of losses"):
        read(clients)


def test_a_refusal_names_the_permission(clients: StubbedClients) -> None:
    clients.refuse("s3", "list_objects_v2", "AccessDenied", "no", 403)
    with pytest.raises(Misconfigured) as refused:
        read(clients)
    assert "`s3:ListBucket`" in refused.value.hint

    listed(clients, stored(TRAINING))
    clients.refuse("s3", "get_object", "AccessDenied", "no", 403)
    with pytest.raises(Misconfigured) as refused:
        read(clients)
    assert "`s3:GetObject`" in refused.value.hint


def test_a_file_deleted_in_between_is_not_there(clients: StubbedClients) -> None:
    listed(clients, stored(TRAINING))
    clients.refuse("s3", "get_object", "NoSuchKey", "gone", 404)

    assert read(clients) == ResultFiles(None, None)


def test_a_busy_s3_is_waited_for(clients: StubbedClients) -> None:
    clients.refuse("s3", "list_objects_v2", "SlowDown", "slow", 503)

    with pytest.raises(Throttled):
        read(clients)


def test_a_body_that_breaks_off_is_read_again_later(clients: StubbedClients) -> None:
    listed(clients, stored(TRAINING))
    got(clients, TRAINING, body(b"half", told=8))

    with pytest.raises(Unavailable):
        read(clients)
