"""Bedrock's events about customization and batch jobs, as EventBridge puts them into a queue of SQS.

Whoever may write to the queue may have written what is in it. So an event is held to EventBridge's envelope, member by
member, and to itself: its account and region are those of the job that it names. What it says beside that is not read.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import of_a_setting, translated
from bot.adapters.event_templates import SOURCE, TYPES
from bot.jobs.events import Notice

MOST = 10
"""Messages that SQS hands out at once."""
_JOB = (
    r"^arn:aws[a-z-]*:(?:bedrock):[a-z0-9-]{1,20}:[0-9]{12}:model-customization-job/[A-Za-z0-9./:_-]{1,300}$"
)
_BATCH_JOB = r"^arn:aws[a-z-]*:(?:bedrock):[a-z0-9-]{1,20}:[0-9]{12}:model-invocation-job/[a-z0-9]{1,63}$"
_Word = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class _Customization(BaseModel):
    """What is read of the event itself. The state is wanted for its form alone: AWS calls it ``jobStatus``."""

    model_config = ConfigDict(strict=True, extra="ignore")

    arn: Annotated[str, StringConstraints(pattern=_JOB)] = Field(alias="jobArn")
    status: _Word = Field(alias="jobStatus")


class _Batch(BaseModel):
    """The same of a batch job, where AWS has other names for both."""

    model_config = ConfigDict(strict=True, extra="ignore")

    arn: Annotated[str, StringConstraints(pattern=_BATCH_JOB)] = Field(alias="batchJobArn")
    status: _Word


class _Event(BaseModel):
    """EventBridge's envelope, as far as it says whose event it is; ``event_templates`` has where that is published."""

    model_config = ConfigDict(strict=True, extra="ignore")

    source: str
    detail_type: str = Field(alias="detail-type")
    account: str
    region: str
    detail: _Customization | _Batch


_OF: Mapping[type[BaseModel], str] = {_Customization: TYPES[0], _Batch: TYPES[1]}
"""The type that each sort of event says it is of."""


class SqsEvents:
    """``bot.jobs.events.Events`` on one region's queue."""

    def __init__(self, clients: AwsClients, region: str, url: str) -> None:
        self._clients = clients
        self._region = region
        self._url = url

    def receive(self, seconds: int) -> Sequence[Notice]:
        """Wait for messages, and read what job each is about."""
        with self._asking("ReceiveMessage"):
            said: Mapping[str, Any] = self._clients.sqs(self._region).receive_message(
                QueueUrl=self._url, MaxNumberOfMessages=MOST, WaitTimeSeconds=seconds
            )
        return [
            Notice(str(each["ReceiptHandle"]), job_of(str(each.get("Body", "")), self._region))
            for each in said.get("Messages", [])
        ]

    def forget(self, notices: Sequence[Notice]) -> None:
        """Delete them in one call."""
        entries = [{"Id": str(n), "ReceiptHandle": each.receipt} for n, each in enumerate(notices)]
        with self._asking("DeleteMessageBatch"):
            self._clients.sqs(self._region).delete_message_batch(QueueUrl=self._url, Entries=entries)

    def attributes(self) -> Mapping[str, str]:
        """Return all that SQS says of the queue itself."""
        with self._asking("GetQueueAttributes"):
            said = self._clients.sqs(self._region).get_queue_attributes(
                QueueUrl=self._url, AttributeNames=["All"]
            )
        return {str(name): str(value) for name, value in said.get("Attributes", {}).items()}

    @contextmanager
    def _asking(self, operation: str) -> Iterator[None]:
        name = self._url.rpartition("/")[2]
        missing = (
            f"There is no queue {name} in {self._region}.",
            "The operator makes it, as `tunesmith iam cloudformation` has it, or corrects TUNESMITH_EVENT_QUEUES.",
        )
        refused = (
            f"SQS in {self._region} does not take what I ask of the queue {name}.",
            "`tunesmith doctor` looks at it.",
        )
        with of_a_setting(missing, refused), translated(operation):
            yield


def job_of(body: str, region: str) -> str:
    """Return the ARN of the job that an event is about; empty for what is none of Bedrock's in the region."""
    try:
        event = _Event.model_validate_json(body)
    except ValidationError:
        return ""
    if (event.source, event.detail_type) != (SOURCE, _OF[type(event.detail)]):
        return ""
    _, _, _, of_region, of_account, _ = event.detail.arn.split(":", 5)
    if not (event.region == of_region == region and event.account == of_account):
        return ""
    return event.detail.arn
