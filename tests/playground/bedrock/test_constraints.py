import re

import pytest
from botocore.model import Shape, StructureShape

from bot.playground.bedrock.constraints import WrongType, compiled, validation_message, violations
from bot.playground.bedrock.registry import handlers
from bot.playground.bedrock.wire import model_of


def _input(operation: str, service: str = "bedrock") -> StructureShape:
    shape = model_of(service).operation_model(operation).input_shape
    assert isinstance(shape, StructureShape)
    return shape


def _patterns(shape: Shape, seen: set[str]) -> set[str]:
    if shape.name in seen:
        return set()
    seen.add(shape.name)
    found = {shape.metadata["pattern"]} if "pattern" in shape.metadata else set()
    children = list(getattr(shape, "members", {}).values())
    children += [getattr(shape, name) for name in ("member", "key", "value") if hasattr(shape, name)]
    return found.union(*(_patterns(child, seen) for child in children))


def test_every_pattern_of_every_served_operation_can_be_checked() -> None:
    patterns: set[str] = set()
    for service, name in handlers():
        model = model_of(service).operation_model(name)
        for shape in (model.input_shape, model.output_shape):
            if shape is not None:
                patterns |= _patterns(shape, set())
    assert len(patterns) > 40
    assert all(isinstance(compiled(pattern), re.Pattern) for pattern in patterns)


def test_a_name_with_many_hyphens_is_judged_at_once() -> None:
    found = violations(_input("StopModelCustomizationJob"), {"jobIdentifier": "a" + "-" * 60 + "_"})
    assert len(found) == 1


@pytest.mark.parametrize(
    ("member", "value", "rule"),
    [
        ("jobName", "has_underscore", "Member must satisfy regular expression pattern: [a-zA-Z0-9]"),
        ("jobName", "a" * 64, "Member must have length less than or equal to 63"),
        ("customModelName", "has.dot", "Member must satisfy regular expression pattern"),
        ("customizationType", "GUESSING", "Member must satisfy enum value set: [FINE_TUNING, "),
        ("roleArn", "arn:aws:iam::1:user/x", "Member must satisfy regular expression pattern"),
        ("roleArn", None, "Member must not be null"),
        (
            "validationDataConfig",
            {"validators": [{"s3Uri": "s3://b/a b"}]},
            "at 'validationDataConfig.validators.1.me",
        ),
    ],
)
def test_each_kind_of_constraint_is_named_as_the_service_does(member: str, value: object, rule: str) -> None:
    request: dict[str, object] = {
        "jobName": "n",
        "customModelName": "n",
        "roleArn": "arn:aws:iam::123456789012:role/r",
        "baseModelIdentifier": "anthropic.claude-3-haiku-20240307-v1:0:200k",
        "trainingDataConfig": {"s3Uri": "s3://bucket/key"},
        "outputDataConfig": {"s3Uri": "s3://bucket/out/"},
    }
    assert violations(_input("CreateModelCustomizationJob"), request) == []

    [found] = violations(_input("CreateModelCustomizationJob"), {**request, member: value})

    assert rule in found
    assert validation_message([found]).startswith("1 validation error detected: Value ")


def test_ranges_are_inclusive() -> None:
    shape = _input("ListModelCustomizationJobs")
    assert violations(shape, {"maxResults": 1000}) == []
    assert "less than or equal to 1000" in violations(shape, {"maxResults": 1001})[0]
    assert "greater than or equal to 1" in violations(shape, {"maxResults": 0})[0]


def test_a_number_where_text_belongs_cannot_be_read() -> None:
    with pytest.raises(WrongType, match="must be a string"):
        violations(_input("CreateModelCustomizationJob"), {"hyperParameters": {"epochCount": 2}})
