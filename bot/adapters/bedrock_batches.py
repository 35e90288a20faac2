"""Batch jobs on Amazon Bedrock: ``bot.distilling.ports.Batches``."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.adapters.aws_time import seen_at
from bot.clock import Clock, SystemClock
from bot.distilling.model import BatchObservation, BatchOrder
from bot.errors import NotFound, Refused
from bot.profiles import service_patterns

if TYPE_CHECKING:
    from mypy_boto3_bedrock.type_defs import CreateModelInvocationJobRequestTypeDef

PAGE = 1000
"""Jobs in one page of a listing: the most that the API gives."""

_GOES_ON = frozenset({"Submitted", "Validating", "Scheduled", "InProgress"})


class BedrockBatches:
    """``Batches`` on Amazon Bedrock."""

    def __init__(self, clients: AwsClients, clock: Clock | None = None) -> None:
        """``clock`` tells the time only when a reply has no Date header."""
        self._clients = clients
        self._clock = clock or SystemClock()

    def create(self, order: BatchOrder, tags: Mapping[str, str]) -> str:
        """Create the job with the order's digest as token and return its ARN."""
        request = _request(order, tags)
        with translated("CreateModelInvocationJob"):
            return self._clients.bedrock_changing(order.region).create_model_invocation_job(**request)[
                "jobArn"
            ]

    def find(self, region: str, name: str) -> BatchObservation | None:
        """Return the newest job of that name, or None."""
        pages = self._clients.bedrock(region).get_paginator("list_model_invocation_jobs")
        with translated("ListModelInvocationJobs"):
            for page in pages.paginate(
                nameContains=name,
                sortBy="CreationTime",
                sortOrder="Descending",
                PaginationConfig={"PageSize": PAGE},
            ):
                now = seen_at(page, self._clock)
                for each in page.get("invocationJobSummaries", []):
                    if each["jobName"] == name:
                        return _observed(each, now)
        return None

    def get(self, region: str, arn: str) -> BatchObservation | None:
        """Return what Bedrock says of the job, or None when there is none."""
        try:
            with translated("GetModelInvocationJob"):
                reply = self._clients.bedrock(region).get_model_invocation_job(jobIdentifier=arn)
        except NotFound:
            return None
        return _observed(reply, seen_at(reply, self._clock))

    def stop(self, region: str, arn: str) -> None:
        """Ask for the job to be stopped. One that has ended already is no error."""
        try:
            with translated("StopModelInvocationJob"):
                self._clients.bedrock_changing(region).stop_model_invocation_job(jobIdentifier=arn)
        except NotFound:
            raise
        except Refused:
            # Bedrock refuses to stop what is not running; anything else that it refuses is a refusal.
            seen = self.get(region, arn)
            if seen is None or seen.status in _GOES_ON:
                raise


def _request(order: BatchOrder, tags: Mapping[str, str]) -> "CreateModelInvocationJobRequestTypeDef":
    """Return the request, every name, address and tag of it checked against the service's own patterns."""
    service_patterns.check_tags(tags)
    input_uri = service_patterns.S3_URI.check(order.input_uri)
    output_uri = service_patterns.S3_URI.check(order.output_uri)
    return {
        "jobName": service_patterns.JOB_NAME.check(order.name),
        "roleArn": service_patterns.ROLE_ARN.check(order.role_arn),
        "clientRequestToken": service_patterns.CLIENT_TOKEN.check(order.digest),
        "modelId": order.model_id,
        "modelInvocationType": "Converse",
        "inputDataConfig": {"s3InputDataConfig": {"s3InputFormat": "JSONL", "s3Uri": input_uri}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": output_uri}},
        "tags": [{"key": key, "value": value} for key, value in tags.items()],
    }


def _observed(said: Mapping[str, Any], now: datetime) -> BatchObservation:
    """Return what a Get or one entry of a List says."""
    return BatchObservation(
        name=said.get("jobName", ""),
        arn=said["jobArn"],
        status=said.get("status", "Submitted"),
        submitted=said["submitTime"],
        seen_at=now,
        ended=said.get("endTime"),
        message=said.get("message"),
        client_token=said.get("clientRequestToken"),
        total=said.get("totalRecordCount"),
        processed=said.get("processedRecordCount"),
        succeeded=said.get("successRecordCount"),
        failed=said.get("errorRecordCount"),
    )
