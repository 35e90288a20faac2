"""Customization jobs, custom models and the lives of base models, on Amazon Bedrock."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bot.adapters.aws_clients import AwsClients
from bot.adapters.aws_errors import translated
from bot.adapters.aws_time import seen_at
from bot.clock import Clock, SystemClock
from bot.errors import NotFound, Refused
from bot.jobs.model import Described, JobObservation, JobPlan, Stage, StageState
from bot.jobs.phases import PROCESSING, TRAINING, VALIDATION
from bot.models.model import Lifecycle, MadeModel
from bot.profiles import service_patterns

if TYPE_CHECKING:
    from mypy_boto3_bedrock.type_defs import CreateModelCustomizationJobRequestTypeDef

PAGE = 1000
"""Jobs in one page of a listing: the most that the API gives."""

_STAGES = {
    VALIDATION: "validationDetails",
    PROCESSING: "dataProcessingDetails",
    TRAINING: "trainingDetails",
}
_UNDER_WAY: Final = ("InProgress", "Stopping")
_FINE_TUNING: Final = "FINE_TUNING"


class BedrockJobs:
    """``bot.jobs.ports.Customization`` on Amazon Bedrock."""

    def __init__(
        self,
        clients: AwsClients,
        clock: Clock | None = None,
        *,
        for_people: bool = False,
        model_keys: Mapping[str, str] | None = None,
    ) -> None:
        """``clock`` tells the time only when a reply has no Date header.

        ``for_people``: somebody waits for what is listed, so that it does not go through the loop's patient client.
        ``model_keys``: the customer's keys that encrypt what is trained, by region.
        """
        self._model_keys = dict(model_keys or {})
        self._clients = clients
        self._clock = clock or SystemClock()
        self._listing = clients.bedrock_interactive if for_people else clients.bedrock_listing

    def create(self, plan: JobPlan, tags: Mapping[str, str]) -> str:
        """Create the job with the plan's digest as token and return its ARN."""
        request = _request(plan, tags)
        if key := self._model_keys.get(plan.region):
            request["customModelKmsKeyId"] = key
        with translated("CreateModelCustomizationJob"):
            reply = self._clients.bedrock_changing(plan.region).create_model_customization_job(**request)
        return reply["jobArn"]

    def get(self, region: str, name_or_arn: str) -> JobObservation | None:
        """Return what Bedrock says of the job, or None when there is none."""
        try:
            with translated("GetModelCustomizationJob"):
                reply = self._clients.bedrock(region).get_model_customization_job(jobIdentifier=name_or_arn)
        except NotFound:
            return None
        return _observed(reply, seen_at(reply, self._clock))

    def list_since(self, region: str, since: datetime) -> list[JobObservation]:
        """Return all jobs created since then, newest first, all pages."""
        pages = self._listing(region).get_paginator("list_model_customization_jobs")
        found: list[JobObservation] = []
        with translated("ListModelCustomizationJobs"):
            for page in pages.paginate(
                creationTimeAfter=since,
                sortBy="CreationTime",
                sortOrder="Descending",
                PaginationConfig={"PageSize": PAGE},
            ):
                now = seen_at(page, self._clock)
                found += [_observed(each, now) for each in page.get("modelCustomizationJobSummaries", [])]
        return found

    def stop(self, region: str, name_or_arn: str) -> None:
        """Ask for the job to be stopped. One that has ended already is no error."""
        try:
            with translated("StopModelCustomizationJob"):
                self._clients.bedrock_changing(region).stop_model_customization_job(jobIdentifier=name_or_arn)
        except NotFound:
            raise
        except Refused:
            # Bedrock refuses to stop what is not running; anything else that it refuses is a refusal.
            seen = self.get(region, name_or_arn)
            if seen is None or seen.status == "InProgress":
                raise

    def tags(self, region: str, arn: str) -> Mapping[str, str]:
        """Return the tags of a job or custom model."""
        with translated("ListTagsForResource"):
            reply = self._clients.bedrock(region).list_tags_for_resource(resourceARN=arn)
        return {tag["key"]: tag["value"] for tag in reply.get("tags", [])}

    def model_arn(self, region: str, name: str) -> str | None:
        """Return the ARN of the custom model of that name, or None when the account has none."""
        found = self.custom_model(region, name)
        return found.arn if found else None

    def own_models(self, region: str) -> list[MadeModel]:
        """Return the account's own custom models, all pages."""
        pages = self._clients.bedrock_listing(region).get_paginator("list_custom_models")
        found: list[MadeModel] = []
        with translated("ListCustomModels"):
            for page in pages.paginate(isOwned=True, PaginationConfig={"PageSize": PAGE}):
                found += [_made(each) for each in page.get("modelSummaries", [])]
        return found

    def custom_model(self, region: str, name_or_arn: str) -> MadeModel | None:
        """Return all that Bedrock says of a custom model, or None when there is none."""
        try:
            with translated("GetCustomModel"):
                return _made(self._clients.bedrock(region).get_custom_model(modelIdentifier=name_or_arn))
        except NotFound:
            return None

    def delete_model(self, region: str, arn: str) -> None:
        """Delete a custom model. One that is gone already is no error."""
        try:
            with translated("DeleteCustomModel"):
                self._clients.bedrock_changing(region).delete_custom_model(modelIdentifier=arn)
        except NotFound:
            return

    def lifecycle(self, region: str, model_id: str) -> Lifecycle:
        """Return the base model's life. An ID for training that is gone is looked up as its base, for the dates."""
        found = self._foundation_model(region, model_id)
        if found is None:
            # Without the length of its context (`:200k`), which only IDs for training have.
            base = self._foundation_model(region, model_id.rpartition(":")[0])
            return Lifecycle("GONE", customizable=False) if base is None else _lifecycle(*base, is_base=True)
        return _lifecycle(*found, is_base=False)

    def describe(self, region: str, name_or_arn: str) -> Described | None:
        """Return how a job was made, or None when there is none."""
        try:
            with translated("GetModelCustomizationJob"):
                said = self._clients.bedrock(region).get_model_customization_job(jobIdentifier=name_or_arn)
        except NotFound:
            return None
        validators = said.get("validationDataConfig", {}).get("validators", [])
        return Described(
            base_model=said["baseModelArn"],
            model_name=said.get("outputModelName", said["jobName"]),
            role_arn=said["roleArn"],
            training_uri=said.get("trainingDataConfig", {}).get("s3Uri", ""),
            output_uri=said["outputDataConfig"]["s3Uri"],
            hyperparameters=said.get("hyperParameters", {}),
            validation_uri=validators[0]["s3Uri"] if validators else None,
        )

    def under_way(self, region: str) -> int:
        """Return how many jobs of the account run in the region or are being stopped."""
        pages = self._clients.bedrock(region).get_paginator("list_model_customization_jobs")
        count = 0
        with translated("ListModelCustomizationJobs"):
            # The API filters by one status at a time.
            for status in _UNDER_WAY:
                for page in pages.paginate(statusEquals=status, PaginationConfig={"PageSize": PAGE}):
                    count += len(page.get("modelCustomizationJobSummaries", []))
        return count

    def open_bases(self, region: str) -> list[str]:
        """Return the IDs of the base models that can be fine-tuned in the region now."""
        with translated("ListFoundationModels"):
            reply = self._clients.bedrock(region).list_foundation_models(byCustomizationType=_FINE_TUNING)
        now = seen_at(reply, self._clock)
        return [
            each["modelId"]
            for each in reply.get("modelSummaries", [])
            if _lifecycle(each, now, is_base=False).status == "ACTIVE"
        ]

    def _foundation_model(self, region: str, model_id: str) -> tuple[Mapping[str, Any], datetime] | None:
        try:
            with translated("GetFoundationModel"):
                reply = self._clients.bedrock(region).get_foundation_model(modelIdentifier=model_id)
        except (NotFound, Refused):  # an ID that was never known is a ValidationException
            return None
        return reply.get("modelDetails", {}), seen_at(reply, self._clock)


def _request(plan: JobPlan, tags: Mapping[str, str]) -> "CreateModelCustomizationJobRequestTypeDef":
    """Return the request, every name, address and tag of it checked against the service's own patterns."""
    service_patterns.check_tags(tags)
    marked: list[Any] = [{"key": key, "value": value} for key, value in tags.items()]
    request: CreateModelCustomizationJobRequestTypeDef = {
        "jobName": service_patterns.JOB_NAME.check(plan.job_name),
        "customModelName": service_patterns.MODEL_NAME.check(plan.model_name),
        "roleArn": service_patterns.ROLE_ARN.check(plan.role_arn),
        "clientRequestToken": service_patterns.CLIENT_TOKEN.check(plan.digest),
        "baseModelIdentifier": plan.base_model_id,
        "customizationType": _FINE_TUNING,
        "trainingDataConfig": {"s3Uri": service_patterns.S3_URI.check(plan.training_uri)},
        "outputDataConfig": {"s3Uri": service_patterns.S3_URI.check(plan.output_uri)},
        "hyperParameters": dict(plan.hyperparameters),
        "jobTags": marked,
        "customModelTags": marked,
    }
    if plan.validation_uri:
        uri = service_patterns.S3_URI.check(plan.validation_uri)
        request["validationDataConfig"] = {"validators": [{"s3Uri": uri}]}
    return request


def _observed(said: Mapping[str, Any], now: datetime) -> JobObservation:
    """Return what a Get or one entry of a List says; a listing leaves the last members empty."""
    return JobObservation(
        name=said["jobName"],
        arn=said["jobArn"],
        status=said.get("status", "InProgress"),
        stages=_stages(said.get("statusDetails") or {}),
        created=said["creationTime"],
        seen_at=now,
        ended=said.get("endTime"),
        model_arn=said.get("outputModelArn") or said.get("customModelArn"),
        model_name=said.get("outputModelName") or said.get("customModelName"),
        failure=said.get("failureMessage"),
        **_losses(said),
        client_token=said.get("clientRequestToken"),
    )


def _made(said: Mapping[str, Any]) -> MadeModel:
    """Return what a Get or one entry of a List says of a custom model."""
    return MadeModel(
        name=said["modelName"],
        arn=said["modelArn"],
        base_model=said.get("baseModelArn", ""),
        created=said["creationTime"],
        training_uri=(said.get("trainingDataConfig") or {}).get("s3Uri", ""),
        **_losses(said),
    )


def _losses(said: Mapping[str, Any]) -> dict[str, float | None]:
    """Return both losses, under the names that our values have for them."""
    validation = said.get("validationMetrics") or [{}]
    return {
        "training_loss": _loss((said.get("trainingMetrics") or {}).get("trainingLoss")),
        "validation_loss": _loss(validation[0].get("validationLoss")),
    }


def _loss(said: Any) -> float | None:
    """Return a loss, None where it is no number: of a training that diverged it is NaN or infinite, maybe as text."""
    return float(said) if isinstance(said, int | float) and math.isfinite(said) else None


def _stages(details: Mapping[str, Any]) -> tuple[Stage, ...]:
    return tuple(_stage(name, details[key]) for name, key in _STAGES.items() if details.get(key))


def _stage(name: str, said: Mapping[str, Any]) -> Stage:
    word = said.get("status", StageState.NOT_STARTED)
    known = word in StageState.__members__.values()
    # A word of tomorrow means at least that it has begun.
    state = StageState(word) if known else StageState.IN_PROGRESS
    return Stage(name, state, said.get("creationTime"), said.get("lastModifiedTime"))


def _lifecycle(said: Mapping[str, Any], now: datetime, *, is_base: bool) -> Lifecycle:
    life = said.get("modelLifecycle") or {}
    end = life.get("endOfLifeTime")
    return Lifecycle(
        status="ENDED" if end and end <= now else life.get("status", "ACTIVE"),
        legacy_from=life.get("legacyTime"),
        end_of_life=end,
        customizable=not is_base and _FINE_TUNING in said.get("customizationsSupported", []),
    )
