"""What survives a restart, and a kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from bot.playground.bedrock import BedrockStandIn, SimulatedClock
from bot.playground.bedrock.store import Store
from tests.playground.bedrock.conftest import HAIKU, START, Bench, client

ROOT = Path(__file__).parents[3]


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    with BedrockStandIn(clock=SimulatedClock.manual(START), data_dir=tmp_path) as before:
        bench = Bench(before)
        model = bench.trained("done", jobTags=[{"key": "a", "value": "1"}])
        throughput = bench.provisioned(model)
        request = bench.job_request("going", clientRequestToken="digest-1")
        going = bench.bedrock.create_model_customization_job(**request)["jobArn"]
        before.control({"lifecycle": "ended"})
        seen = before.clock.now()
        calls = len(before.log.all())

    with BedrockStandIn(clock=SimulatedClock.manual(START), data_dir=tmp_path) as after:
        bench = Bench(after)
        bedrock = bench.bedrock
        assert after.clock.now() == seen
        assert after.state()["lifecycle"] == "ended"
        assert len(after.log.all()) == calls
        assert bedrock.create_model_customization_job(**request)["jobArn"] == going
        status = bedrock.get_provisioned_model_throughput(provisionedModelId=throughput)["status"]
        assert status == "InService"
        after.control({"lifecycle": "open"})
        answer = client(after, "bedrock-runtime").converse(
            modelId=throughput, messages=[{"role": "user", "content": [{"text": "A claim from Oslo"}]}]
        )
        assert answer["output"]["message"]["content"][0]["text"].startswith("Desk 7")
        after.clock.advance(7200)
        assert bedrock.get_model_customization_job(jobIdentifier=going)["status"] == "Completed"
        arn = bedrock.get_custom_model(modelIdentifier=model)["jobArn"]
        assert bedrock.list_tags_for_resource(resourceARN=arn)["tags"] == [{"key": "a", "value": "1"}]


def test_records_keep_their_order_though_they_change(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for key, body in (("b", "1"), ("a", "1"), ("b", "2"), ("c", "1")):
        store.put("kind", key, body)
    store.remove("kind", "a")
    store.close()
    again = Store(tmp_path)
    assert again.all("kind") == [("b", "2"), ("c", "1")]
    assert (again.get("kind", "c"), again.get("kind", "a")) == ("1", None)
    again.close()


def test_objects_survive_with_their_dates_types_and_tags(tmp_path: Path) -> None:
    with BedrockStandIn(clock=SimulatedClock.manual(START), data_dir=tmp_path) as before:
        s3, bucket = client(before, "s3"), before.buckets["us-west-2"]
        s3.create_bucket(Bucket="made-later", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        s3.put_object(
            Bucket=bucket, Key="a/b.jsonl", Body=b"one", ContentType="text/x", Metadata={"By": "me"}
        )
        s3.put_object(Bucket=bucket, Key="gone", Body=b"two")
        s3.put_object(Bucket="made-later", Key="gone too", Body=b"three")
        before.clock.advance(60)
        s3.put_object(
            Bucket=bucket, Key="a/b.jsonl", Body=b"newer", ContentType="text/x", Metadata={"By": "me"}
        )
        s3.put_object_tagging(
            Bucket=bucket, Key="a/b.jsonl", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]}
        )
        s3.copy_object(Bucket=bucket, Key="copy", CopySource={"Bucket": bucket, "Key": "a/b.jsonl"})
        _upload_in_parts(s3, bucket, "parts")
        s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "gone"}]})
        s3.delete_object(Bucket="made-later", Key="gone too")
        etag = s3.head_object(Bucket=bucket, Key="parts")["ETag"]

    with BedrockStandIn(clock=SimulatedClock.manual(START), data_dir=tmp_path) as after:
        s3, bucket = client(after, "s3"), after.buckets["us-west-2"]
        listed = s3.list_objects_v2(Bucket=bucket)["Contents"]
        assert [entry["Key"] for entry in listed] == ["a/b.jsonl", "copy", "parts"]
        held = s3.get_object(Bucket=bucket, Key="a/b.jsonl")
        assert held["Body"].read() == b"newer"
        assert (held["ContentType"], held["Metadata"]) == ("text/x", {"by": "me"})
        assert (held["LastModified"] - START).total_seconds() == 60
        tags = s3.get_object_tagging(Bucket=bucket, Key="a/b.jsonl")["TagSet"]
        assert tags == [{"Key": "k", "Value": "v"}]
        assert s3.head_object(Bucket=bucket, Key="parts")["ETag"] == etag
        assert s3.get_bucket_location(Bucket="made-later")["LocationConstraint"] == "us-west-2"
        assert "Contents" not in s3.list_objects_v2(Bucket="made-later")


def _upload_in_parts(s3: Any, bucket: str, key: str) -> None:
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    etag = s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=1, Body=b"part")["ETag"]
    s3.complete_multipart_upload(
        Bucket=bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": [{"ETag": etag, "PartNumber": 1}]}
    )


def test_without_a_directory_nothing_is_left_behind(clock: SimulatedClock) -> None:
    with BedrockStandIn(clock=clock) as first:
        Bench(first).start()
    with BedrockStandIn(clock=clock) as second:
        bench = Bench(second)
        assert bench.bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"] == []
        assert "Contents" not in client(second, "s3").list_objects_v2(Bucket=bench.bucket)


def test_two_at_once_do_not_see_each_other(clock: SimulatedClock) -> None:
    with (
        BedrockStandIn(clock=clock) as one,
        BedrockStandIn(clock=clock, account="210987654321", buckets={"us-west-2": "another-bucket"}) as two,
    ):
        Bench(one).start()
        Bench(two).start()
        for each, bucket in ((one, one.buckets["us-west-2"]), (two, "another-bucket")):
            names = {b["Name"] for b in client(each, "s3").list_buckets()["Buckets"]}
            assert names == set(each.buckets.values())
            assert (
                len(Bench(each).bedrock.list_model_customization_jobs()["modelCustomizationJobSummaries"])
                == 1
            )
            assert client(each, "s3").list_objects_v2(Bucket=bucket)["Contents"]
            assert client(each, "sts").get_caller_identity()["Account"] == each.account


def test_one_account_is_for_one_at_a_time(stand_in: BedrockStandIn, clock: SimulatedClock) -> None:
    Bench(stand_in).start()
    with pytest.raises(ValueError, match="give this one another, or stop that one"):
        BedrockStandIn(clock=clock)
    assert (
        Bench(stand_in).bedrock.get_model_customization_job(jobIdentifier="claims-1")["status"]
        == "InProgress"
    )


_SERVE = """
import sys, time
from pathlib import Path
from bot.playground.bedrock import BedrockStandIn, SimulatedClock
stand_in = BedrockStandIn(clock=SimulatedClock(speed=600), data_dir=Path(sys.argv[1])).start()
print(stand_in.endpoint_url, flush=True)
time.sleep(60)
"""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield process, process.stdout.readline().strip()
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.chaos
def test_a_killed_process_has_forgotten_nothing_it_answered(
    served: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    process, url = served
    kwargs: dict[str, Any] = {
        "region_name": "us-west-2",
        "endpoint_url": url,
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
        "config": Config(retries={"total_max_attempts": 1}),
    }
    bedrock, s3 = boto3.client("bedrock", **kwargs), boto3.client("s3", **kwargs)
    [bucket] = [b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"].endswith("west-2")]
    made = bedrock.create_provisioned_model_throughput(
        modelUnits=1, provisionedModelName="pt", modelId=f"{HAIKU}:200k"
    )
    s3.put_object(Bucket=bucket, Key="last", Body=b"words")
    seen = bedrock.get_provisioned_model_throughput(provisionedModelId="pt")["lastModifiedTime"]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    with BedrockStandIn(clock=SimulatedClock.manual(START), data_dir=tmp_path) as after:
        record = Bench(after).bedrock.get_provisioned_model_throughput(provisionedModelId="pt")
        assert record["provisionedModelArn"] == made["provisionedModelArn"]
        assert client(after, "s3").get_object(Bucket=bucket, Key="last")["Body"].read() == b"words"
        assert after.clock.now() >= seen
