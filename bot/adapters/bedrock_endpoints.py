"""Provisioned throughput and custom-model deployments, on Amazon Bedrock, in one vocabulary."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.adapters.aws_time import seen_at
from bot.clock import Clock, SystemClock
from bot.errors import NotFound
from bot.leases.endpoint import EndpointObservation, EndpointStatus, LeasePlan
from bot.profiles import service_patterns
from bot.profiles.model import Serving, Term

_PROVISIONED = Serving.PROVISIONED_THROUGHPUT
PAGE = 100

_COMMITMENT = {Term.ONE_MONTH: "OneMonth", Term.SIX_MONTHS: "SixMonths"}
_TERMS = {said: term for term, said in _COMMITMENT.items()}

_STATUS = {
    "Creating": EndpointStatus.CREATING,
    "InService": EndpointStatus.IN_SERVICE,
    "Active": EndpointStatus.IN_SERVICE,
    "Updating": EndpointStatus.UPDATING,
    "Failed": EndpointStatus.FAILED,
}


class BedrockEndpoints:
    """``bot.leases.ports.Endpoints`` on Amazon Bedrock."""

    def __init__(self, clients: AwsClients, clock: Clock | None = None, *, for_people: bool = False) -> None:
        """``clock`` tells the time only when a reply has no Date header.

        ``for_people``: somebody waits for a tag to be set, so that it does not go through the loop's patient client.
        """
        self._clients = clients
        self._tagging = clients.bedrock_interactive if for_people else clients.bedrock_changing
        self._clock = clock or SystemClock()

    def create(self, plan: LeasePlan, tags: Mapping[str, str]) -> str:
        """Create it with the plan's digest as token, for a term only where the plan has one, and return its ARN."""
        service_patterns.check_tags(tags)
        marked: Any = [{"key": key, "value": value} for key, value in tags.items()]
        token = service_patterns.CLIENT_TOKEN.check(plan.digest)
        client = self._clients.bedrock_changing(plan.region)
        if plan.serving is _PROVISIONED:
            name = service_patterns.PROVISIONED_MODEL_NAME.check(plan.endpoint_name)
            # What is bought with one cannot be deleted before its end: without a term nothing is said of any.
            term: Any = {"commitmentDuration": _COMMITMENT[plan.term]} if plan.term else {}
            with translated("CreateProvisionedModelThroughput"):
                return client.create_provisioned_model_throughput(
                    provisionedModelName=name,
                    modelId=plan.model_arn,
                    modelUnits=plan.model_units,
                    clientRequestToken=token,
                    tags=marked,
                    **term,
                )["provisionedModelArn"]
        name = service_patterns.DEPLOYMENT_NAME.check(plan.endpoint_name)
        with translated("CreateCustomModelDeployment"):
            return client.create_custom_model_deployment(
                modelDeploymentName=name, modelArn=plan.model_arn, clientRequestToken=token, tags=marked
            )["customModelDeploymentArn"]

    def get(self, region: str, serving: Serving, name_or_arn: str) -> EndpointObservation | None:
        """Return what Bedrock says of it, or None when there is none."""
        client = self._clients.bedrock(region)
        reply: Mapping[str, Any]
        try:
            if serving is _PROVISIONED:
                with translated("GetProvisionedModelThroughput"):
                    reply = client.get_provisioned_model_throughput(provisionedModelId=name_or_arn)
            else:
                with translated("GetCustomModelDeployment"):
                    reply = client.get_custom_model_deployment(customModelDeploymentIdentifier=name_or_arn)
        except NotFound:
            return None
        return _observed(reply, seen_at(reply, self._clock))

    def list_all(self, region: str, serving: Serving) -> list[EndpointObservation]:
        """Return all of them in the region, all pages."""
        client = self._clients.bedrock_listing(region)
        found: list[EndpointObservation] = []
        size: Any = {"PageSize": PAGE}
        if serving is _PROVISIONED:
            with translated("ListProvisionedModelThroughputs"):
                pages = client.get_paginator("list_provisioned_model_throughputs")
                for page in pages.paginate(PaginationConfig=size):
                    found += self._listed(page, "provisionedModelSummaries")
        else:
            with translated("ListCustomModelDeployments"):
                deployments = client.get_paginator("list_custom_model_deployments")
                for each in deployments.paginate(PaginationConfig=size):
                    found += self._listed(each, "modelDeploymentSummaries")
        return found

    def swap(self, region: str, arn: str, model_arn: str) -> None:
        """Have another model of the same base answer on provisioned throughput."""
        with translated("UpdateProvisionedModelThroughput"):
            self._clients.bedrock_changing(region).update_provisioned_model_throughput(
                provisionedModelId=arn, desiredModelId=model_arn
            )

    def delete(self, region: str, serving: Serving, arn: str) -> None:
        """Delete it. One that is gone already is no error; one that is being created raises ``Throttled``."""
        client = self._clients.bedrock_changing(region)
        try:
            if serving is _PROVISIONED:
                with translated("DeleteProvisionedModelThroughput"):
                    client.delete_provisioned_model_throughput(provisionedModelId=arn)
            else:
                with translated("DeleteCustomModelDeployment"):
                    client.delete_custom_model_deployment(customModelDeploymentIdentifier=arn)
        except NotFound:
            return

    def tags(self, region: str, arn: str) -> Mapping[str, str]:
        """Return its tags."""
        with translated("ListTagsForResource"):
            reply = self._clients.bedrock(region).list_tags_for_resource(resourceARN=arn)
        return {tag["key"]: tag["value"] for tag in reply.get("tags", [])}

    def tag(self, region: str, arn: str, tags: Mapping[str, str]) -> None:
        """Add or replace these tags; others stay."""
        service_patterns.check_tags(tags)
        marked: Any = [{"key": key, "value": value} for key, value in tags.items()]
        with translated("TagResource"):
            self._tagging(region).tag_resource(resourceARN=arn, tags=marked)

    def _listed(self, page: Mapping[str, Any], key: str) -> list[EndpointObservation]:
        now = seen_at(page, self._clock)
        return [_observed(each, now) for each in page.get(key, [])]


def _observed(said: Mapping[str, Any], now: datetime) -> EndpointObservation:
    """Return what a Get or one entry of a List says of either kind."""
    names = ("provisionedModelName", "modelDeploymentName", "customModelDeploymentName")
    return EndpointObservation(
        name=next(str(said[each]) for each in names if each in said),
        arn=str(said.get("provisionedModelArn") or said["customModelDeploymentArn"]),
        # A word of tomorrow is neither in service nor failed.
        status=_STATUS.get(said["status"], EndpointStatus.UPDATING),
        created=said.get("creationTime") or said["createdAt"],
        seen_at=now,
        model_arn=str(said["modelArn"]),
        failure=said.get("failureMessage"),
        units=int(said.get("modelUnits") or 1),
        committed_until=said.get("commitmentExpirationTime"),
        desired_arn=str(said.get("desiredModelArn") or ""),
        term=_TERMS.get(str(said.get("commitmentDuration"))),
    )
