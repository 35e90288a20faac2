"""Batch jobs on Amazon Bedrock: ``bot.distillations.ports.Batches``."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.adapters.aws_time import seen_at
from bot.clock import Clock, SystemClock
from bot.distillations.plan import BatchObservation, BatchOrder, DescribedBatch
from bot.errors import NotFound, Refused
from bot.profiles import service_patterns

if TYPE_CHECKING:
    from mypy_boto3_bedrock.client import BedrockClient
    from mypy_boto3_bedrock.type_defs import (
        CreateModelInvocationJobRequestTypeDef,
        GetModelInvocationJobResponseTypeDef,
    )

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
        with translated("ListModelInvocationJobs"):
            # `nameContains` finds longer names, too.
            named = self._listed(self._clients.bedrock(region), nameContains=name)
            return next((each for each in named if each.name == name), None)

    def list_since(self, region: str, since: datetime) -> list[BatchObservation]:
        """Return all jobs submitted since then, newest first, all pages."""
        with translated("ListModelInvocationJobs"):
            return list(self._listed(self._clients.bedrock_listing(region), submitTimeAfter=since))

    def describe(self, region: str, arn: str) -> DescribedBatch | None:
        """Return how a job was made, or None when there is none."""
        said = self._get(region, arn)
        if said is None:
            return None
        return DescribedBatch(
            model_id=said["modelId"],
            role_arn=said["roleArn"],
            input_uri=said["inputDataConfig"].get("s3InputDataConfig", {}).get("s3Uri", ""),
            output_uri=said["outputDataConfig"].get("s3OutputDataConfig", {}).get("s3Uri", ""),
        )

    def tags(self, region: str, arn: str) -> Mapping[str, str]:
        """Return the tags of a job."""
        with translated("ListTagsForResource"):
            reply = self._clients.bedrock(region).list_tags_for_resource(resourceARN=arn)
        return {tag["key"]: tag["value"] for tag in reply.get("tags", [])}

    def get(self, region: str, arn: str) -> BatchObservation | None:
        """Return what Bedrock says of the job, or None when there is none."""
        said = self._get(region, arn)
        return _observed(said, seen_at(said, self._clock)) if said is not None else None

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

    def _get(self, region: str, arn: str) -> "GetModelInvocationJobResponseTypeDef | None":
        try:
            with translated("GetModelInvocationJob"):
                return self._clients.bedrock(region).get_model_invocation_job(jobIdentifier=arn)
        except NotFound:
            return None

    def _listed(self, client: "BedrockClient", **which: Any) -> Iterator[BatchObservation]:
        """Yield what a listing tells, newest first, page by page."""
        pages = client.get_paginator("list_model_invocation_jobs")
        for page in pages.paginate(
            **which, sortBy="CreationTime", sortOrder="Descending", PaginationConfig={"PageSize": PAGE}
        ):
            now = seen_at(page, self._clock)
            for each in page.get("invocationJobSummaries", []):
                yield _observed(each, now)


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
        # Converse's records are the same for all models; those of InvokeModel are each model's own.
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
        failed=said.get("errorRecordCount"),
    )
