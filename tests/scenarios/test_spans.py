"""Spans through a whole journey: which there are, within which, and what they tell."""

import pytest
from opentelemetry.trace import SpanKind

from tests.scenarios.house import CHANNEL, House
from tests.scenarios.spans import Spans

pytestmark = [pytest.mark.scenario, pytest.mark.redis_server]


def test_a_press_is_followed_over_the_queue_to_slack_aws_and_redis(house: House, spans: Spans) -> None:
    house.trainer.slash("/tune", "help validate", CHANNEL)
    plan = house.plan(model_name="claims-router", job_name="claims-router-job")
    house.trainer.clicks(plan, "plan.start")
    house.waits("stages done", button="job.stop")

    kinds = {each.name: each.kind for each in spans.all}
    expected = {
        "slack events_api": SpanKind.SERVER,
        "slack interactive": SpanKind.SERVER,
        "slack slash_commands": SpanKind.SERVER,
        "listener": SpanKind.INTERNAL,
        "turn upload": SpanKind.CONSUMER,
        "turn job": SpanKind.CONSUMER,
        "chat.postMessage": SpanKind.CLIENT,
        "file download": SpanKind.CLIENT,
        "response_url": SpanKind.CLIENT,
        "Bedrock/CreateModelCustomizationJob": SpanKind.CLIENT,
        "EVALSHA put_spec": SpanKind.CLIENT,
        "EVALSHA register": SpanKind.CLIENT,
        "EVALSHA commit": SpanKind.CLIENT,
    }
    assert {name: kinds.get(name) for name in expected} == expected

    def above(name: str) -> list[str]:
        by_id = {each.context.span_id: each for each in spans.all if each.context}
        each, names = spans.of(name)[-1], list[str]()
        while each.parent and (found := by_id.get(each.parent.span_id)):
            each = found
            names.append(each.name)
        return names

    # A span is told when it ends, so those around another come after it.
    pressed = ["turn job", "listener", "slack interactive"]
    house.until(lambda: above("Bedrock/CreateModelCustomizationJob") == pressed, "all that is around it")
    assert above("file download") == ["turn upload", "listener", "slack events_api"]
    assert above("response_url")[0] == "listener"
    [made] = spans.of("Bedrock/CreateModelCustomizationJob")
    told = dict(made.attributes or {})
    assert told.pop("aws.request_id")
    assert told == {
        "rpc.system.name": "aws-api",
        "rpc.method": "Bedrock/CreateModelCustomizationJob",
        "cloud.region": "us-west-2",
        "http.response.status_code": 201,
    }
    turn = dict(spans.of("turn job")[-1].attributes or {})
    assert turn["tunesmith.kind"] == "job"
    assert str(turn["tunesmith.resource"]).startswith("job:")
    assert len(str(turn["tunesmith.trace"])) == 16
    assert dict(spans.of("EVALSHA commit")[-1].attributes or {}) == {
        "db.system.name": "redis",
        "db.operation.name": "EVALSHA",
        "db.stored_procedure.name": "commit",
    }
    assert not spans.of("EVALSHA claim"), "nobody wants a trace of a look at an empty queue"
