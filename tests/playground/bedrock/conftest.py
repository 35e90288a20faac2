"""A stand-in on a manual clock, and clients that talk to it as the bot's would."""

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from bot.playground.bedrock import BedrockStandIn, SimulatedClock

if TYPE_CHECKING:
    from mypy_boto3_bedrock.client import BedrockClient
    from mypy_boto3_bedrock_runtime.client import BedrockRuntimeClient
    from mypy_boto3_s3.client import S3Client

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WEST, EAST = "us-west-2", "us-east-1"
HAIKU = "anthropic.claude-3-haiku-20240307-v1:0"
HAIKU_TRAIN = f"{HAIKU}:200k"
NOVA = "amazon.nova-lite-v1:0"
NOVA_TRAIN = f"{NOVA}:300k"
LLAMA_TRAIN = "meta.llama3-3-70b-instruct-v1:0:128k"
SYSTEM = "You route insurance claims."


def client(stand_in: BedrockStandIn, service: str, region: str = WEST, **config: Any) -> Any:
    """Return a boto3 client that does not retry, unless ``config`` says otherwise."""
    if not config:
        return _plain_client(stand_in.endpoint_url, service, region)
    return _made_client(stand_in.endpoint_url, service, region, config)


@functools.lru_cache(maxsize=32)
def _plain_client(url: str, service: str, region: str) -> Any:
    return _made_client(url, service, region, {})


def _made_client(url: str, service: str, region: str, config: dict[str, Any]) -> Any:
    settings: dict[str, Any] = {"retries": {"total_max_attempts": 1}, "read_timeout": 10, **config}
    return boto3.client(
        service,  # type: ignore[call-overload]
        region_name=region,
        endpoint_url=url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(**settings),
    )


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock.manual(START)


class _Port:
    """The port of the last stand-in: while it stays the same, so do the clients, which are slow to make."""

    last = 0


@pytest.fixture
def stand_in(clock: SimulatedClock) -> Iterator[BedrockStandIn]:
    running = BedrockStandIn(clock=clock, port=_Port.last)
    try:
        running.start()
    except OSError:  # taken by somebody else in between
        running.stop()
        running = BedrockStandIn(clock=clock).start()
    _Port.last = int(running.endpoint_url.rsplit(":", 1)[-1])
    yield running
    running.stop()


@pytest.fixture
def bedrock(stand_in: BedrockStandIn) -> "BedrockClient":
    made: BedrockClient = client(stand_in, "bedrock")
    return made


@pytest.fixture
def runtime(stand_in: BedrockStandIn) -> "BedrockRuntimeClient":
    made: BedrockRuntimeClient = client(stand_in, "bedrock-runtime")
    return made


@pytest.fixture
def s3(stand_in: BedrockStandIn) -> "S3Client":
    made: S3Client = client(stand_in, "s3")
    return made


def claude_rows(count: int = 40) -> bytes:
    """Return a training file in Claude's format; row 7 is about Oslo."""
    topics = ["Paris", "Rome", "Lima", "Cairo", "Delhi", "Tokyo", "Quito", "Oslo", "Bern", "Accra"]
    rows = [
        {
            "system": SYSTEM,
            "messages": [
                {"role": "user", "content": f"Claim {n} from {topics[n % 10]}, who handles it?"},
                {"role": "assistant", "content": f"Desk {n % 10} handles claims from {topics[n % 10]}."},
            ],
        }
        for n in range(count)
    ]
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def conversation_rows(count: int = 40) -> bytes:
    """Return the same rows in the conversation format."""
    rows = [json.loads(line) for line in claude_rows(count).splitlines()]
    converted = [
        {
            "schemaVersion": "bedrock-conversation-2024",
            "system": [{"text": row["system"]}],
            "messages": [{"role": m["role"], "content": [{"text": m["content"]}]} for m in row["messages"]],
        }
        for row in rows
    ]
    return b"".join(json.dumps(row).encode() + b"\n" for row in converted)


@dataclass
class Bench:
    """Short ways to the states that tests start from."""

    stand_in: BedrockStandIn
    region: str = WEST

    @property
    def bedrock(self) -> "BedrockClient":
        made: BedrockClient = client(self.stand_in, "bedrock", self.region)
        return made  # one and the same: plain clients are kept

    @property
    def bucket(self) -> str:
        return self.stand_in.buckets[self.region]

    def put(self, key: str, body: bytes) -> str:
        client(self.stand_in, "s3", self.region).put_object(Bucket=self.bucket, Key=key, Body=body)
        return f"s3://{self.bucket}/{key}"

    def job_request(self, name: str = "claims-1", **changes: Any) -> dict[str, Any]:
        """Return a request that would be taken, its training file uploaded, with ``changes``."""
        west = self.region == WEST
        rows = claude_rows() if west else conversation_rows()
        request: dict[str, Any] = {
            "jobName": name,
            "customModelName": name,
            "roleArn": self.stand_in.role_arn,
            "baseModelIdentifier": HAIKU_TRAIN if west else NOVA_TRAIN,
            "trainingDataConfig": {"s3Uri": self.put("data/train.jsonl", rows)},
            "outputDataConfig": {"s3Uri": f"s3://{self.bucket}/out/"},
            **changes,
        }
        return {key: value for key, value in request.items() if value is not None}

    def start(self, name: str = "claims-1", **changes: Any) -> str:
        """Start a job and return its ARN."""
        return self.bedrock.create_model_customization_job(**self.job_request(name, **changes))["jobArn"]

    def trained(self, name: str = "claims-1", **changes: Any) -> str:
        """Start a job, let it complete, and return the model's ARN."""
        arn = self.start(name, **changes)
        self.stand_in.clock.advance(7200)
        return self.bedrock.get_model_customization_job(jobIdentifier=arn)["outputModelArn"]

    def provisioned(self, model_arn: str, name: str = "claims-pt") -> str:
        """Return the ARN of throughput in service."""
        made = self.bedrock.create_provisioned_model_throughput(
            modelUnits=1, provisionedModelName=name, modelId=model_arn
        )
        self.stand_in.clock.advance(601)
        return made["provisionedModelArn"]


@pytest.fixture
def bench(stand_in: BedrockStandIn) -> Bench:
    return Bench(stand_in)


@pytest.fixture
def east(stand_in: BedrockStandIn) -> Bench:
    return Bench(stand_in, EAST)


@pytest.fixture
def refused() -> Callable[..., tuple[str, str]]:
    """Return a function that makes a call which must be refused, and returns the error's code and message."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    def call(operation: Callable[..., object], **params: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            operation(**params)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    return call
