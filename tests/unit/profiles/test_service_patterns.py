"""Our patterns are the service's: each is held against botocore's model of Bedrock."""

import botocore.session
import pytest
from botocore.model import ListShape, OperationModel, Shape, StructureShape

from bot.errors import Refused
from bot.profiles import service_patterns
from bot.profiles.service_patterns import ServicePattern


def _operation(name: str) -> OperationModel:
    return botocore.session.get_session().get_service_model("bedrock").operation_model(name)


def _shape(operation: str, *path: str) -> Shape:
    shape: Shape | None = _operation(operation).input_shape
    for step in path:
        shape = shape.member if isinstance(shape, ListShape) else _member(shape, step)
    assert shape is not None
    return shape


def _member(shape: Shape | None, name: str) -> Shape:
    assert isinstance(shape, StructureShape)
    return shape.members[name]


@pytest.mark.parametrize(
    ("rule", "operation", "path"),
    [
        (service_patterns.JOB_NAME, "CreateModelCustomizationJob", ("jobName",)),
        (service_patterns.MODEL_NAME, "CreateModelCustomizationJob", ("customModelName",)),
        (service_patterns.ROLE_ARN, "CreateModelCustomizationJob", ("roleArn",)),
        (service_patterns.CLIENT_TOKEN, "CreateModelCustomizationJob", ("clientRequestToken",)),
        (service_patterns.S3_URI, "CreateModelCustomizationJob", ("trainingDataConfig", "s3Uri")),
        (service_patterns.TAG_KEY, "CreateModelCustomizationJob", ("jobTags", "[]", "key")),
        (service_patterns.TAG_VALUE, "CreateModelCustomizationJob", ("jobTags", "[]", "value")),
        (
            service_patterns.PROVISIONED_MODEL_NAME,
            "CreateProvisionedModelThroughput",
            ("provisionedModelName",),
        ),
        (service_patterns.DEPLOYMENT_NAME, "CreateCustomModelDeployment", ("modelDeploymentName",)),
    ],
)
def test_the_rule_is_botocores(rule: ServicePattern, operation: str, path: tuple[str, ...]) -> None:
    metadata = _shape(operation, *path).metadata

    assert rule.pattern.pattern == metadata["pattern"]
    assert rule.maximum == metadata["max"]
    assert rule.minimum == max(metadata["min"], 1 if rule is service_patterns.ROLE_ARN else 0)


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (service_patterns.JOB_NAME, "claims_router"),
        (service_patterns.JOB_NAME, ""),
        (service_patterns.JOB_NAME, "x" * 64),
        (service_patterns.JOB_NAME, "claims\n"),
        (service_patterns.MODEL_NAME, "claims.router"),
        (service_patterns.MODEL_NAME, "claims--router"),
        (service_patterns.S3_URI, "s3://Bucket/file.jsonl"),
        (service_patterns.S3_URI, "s3://bucket/a b.jsonl"),
        (service_patterns.S3_URI, "s3://bucket//file.jsonl"),
        (service_patterns.S3_URI, "s3://bucket/a=b"),
        (service_patterns.ROLE_ARN, "arn:aws:iam::1:role/x"),
        (service_patterns.TAG_VALUE, "<@U1>"),
    ],
)
def test_what_the_service_would_refuse_is_refused_with_the_rule_in_words(
    rule: ServicePattern, value: str
) -> None:
    with pytest.raises(Refused) as caught:
        rule.check(value)

    assert caught.value.hint == rule.words


def test_a_resource_takes_fifty_tags() -> None:
    assert service_patterns.check_tags({f"k{n}": "v" for n in range(50)})
    with pytest.raises(Refused, match="51 tags"):
        service_patterns.check_tags({f"k{n}": "v" for n in range(51)})


def test_any_text_can_be_made_a_tags_value() -> None:
    assert service_patterns.tag_text("Zoë <@U1> #claims") == "Zo- -@U1- -claims"
    assert len(service_patterns.tag_text("x" * 300)) == 256
