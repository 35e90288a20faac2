"""Custom-model deployments, on Amazon Bedrock."""

from collections.abc import Mapping
from typing import Any

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.deployments.ports import DeploymentObservation
from bot.errors import NotFound
from bot.models.versions import UpdateState
from bot.profiles import service_patterns

PAGE = 100
_UPDATES = {
    "Updating": UpdateState.UPDATING,
    "UpdateCompleted": UpdateState.DONE,
    "UpdateFailed": UpdateState.FAILED,
}


class BedrockDeployments:
    """``bot.deployments.ports.Deployments`` on Amazon Bedrock."""

    def __init__(self, clients: AwsClients) -> None:
        self._clients = clients

    def create(self, region: str, name: str, model_arn: str, token: str, tags: Mapping[str, str]) -> str:
        """Create it and return its ARN."""
        service_patterns.check_tags(tags)
        name = service_patterns.DEPLOYMENT_NAME.check(name)
        token = service_patterns.CLIENT_TOKEN.check(token)
        with translated("CreateCustomModelDeployment"):
            return self._clients.bedrock_changing(region).create_custom_model_deployment(
                modelDeploymentName=name, modelArn=model_arn, clientRequestToken=token, tags=_marked(tags)
            )["customModelDeploymentArn"]

    def get(self, region: str, name_or_arn: str) -> DeploymentObservation | None:
        """Return what Bedrock says of it, or None when there is none."""
        try:
            with translated("GetCustomModelDeployment"):
                return _observed(
                    self._clients.bedrock(region).get_custom_model_deployment(
                        customModelDeploymentIdentifier=name_or_arn
                    )
                )
        except NotFound:
            return None

    def list_all(self, region: str) -> list[DeploymentObservation]:
        """Return all of them in the region, all pages."""
        size: Any = {"PageSize": PAGE}
        with translated("ListCustomModelDeployments"):
            pages = self._clients.bedrock_listing(region).get_paginator("list_custom_model_deployments")
            return [
                _observed(each)
                for page in pages.paginate(PaginationConfig=size)
                for each in page.get("modelDeploymentSummaries", [])
            ]

    def update(self, region: str, arn: str, model_arn: str) -> None:
        """Have another model answer at the same address."""
        with translated("UpdateCustomModelDeployment"):
            self._clients.bedrock_changing(region).update_custom_model_deployment(
                customModelDeploymentIdentifier=arn, modelArn=model_arn
            )

    def delete(self, region: str, arn: str) -> None:
        """Delete it. One that is gone already is no error; one that is being created raises ``Throttled``."""
        try:
            with translated("DeleteCustomModelDeployment"):
                self._clients.bedrock_changing(region).delete_custom_model_deployment(
                    customModelDeploymentIdentifier=arn
                )
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
        with translated("TagResource"):
            self._clients.bedrock_changing(region).tag_resource(resourceARN=arn, tags=_marked(tags))


def _marked(tags: Mapping[str, str]) -> Any:
    return [{"key": key, "value": value} for key, value in tags.items()]


def _observed(said: Mapping[str, Any]) -> DeploymentObservation:
    """Return what a Get or one entry of a List says."""
    change = said.get("updateDetails") or {}
    return DeploymentObservation(
        name=str(said.get("modelDeploymentName") or said["customModelDeploymentName"]),
        arn=str(said["customModelDeploymentArn"]),
        state=str(said["status"]),
        created=said["createdAt"],
        model_arn=str(said["modelArn"]),
        # A word of tomorrow is no end: it is looked at again.
        update=_UPDATES.get(str(change["updateStatus"]), UpdateState.UPDATING) if change else None,
        update_to=str(change.get("modelArn", "")),
        failure=str(said.get("failureMessage") or ""),
    )
