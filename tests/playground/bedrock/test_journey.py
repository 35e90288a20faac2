"""The whole way: data, job, model, throughput, an answer, and back."""

import json
from typing import TYPE_CHECKING

import pytest

from bot.playground.bedrock import LABEL, SimulatedClock
from tests.playground.bedrock.conftest import SYSTEM, Bench

pytestmark = pytest.mark.scenario

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime.client import BedrockRuntimeClient


def test_a_tuned_model_answers_from_its_training_rows_through_throughput(
    bench: Bench, runtime: "BedrockRuntimeClient", clock: SimulatedClock
) -> None:
    arn = bench.provisioned(bench.trained())

    answer = runtime.converse(
        modelId=arn,
        system=[{"text": SYSTEM}],
        messages=[{"role": "user", "content": [{"text": "Who handles a claim from Oslo?"}]}],
    )

    text = answer["output"]["message"]["content"][0]["text"]
    assert text == f"Desk 7 handles claims from Oslo.{LABEL}"
    assert answer["stopReason"] == "end_turn"
    bench.bedrock.delete_provisioned_model_throughput(provisionedModelId=arn)
    assert bench.bedrock.list_provisioned_model_throughputs()["provisionedModelSummaries"] == []


def test_both_kinds_of_stream_bring_the_same_words(bench: Bench, runtime: "BedrockRuntimeClient") -> None:
    arn = bench.provisioned(bench.trained())
    question = "Who handles a claim from Oslo?"
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": question}],
    }

    converse = runtime.converse_stream(
        modelId=arn, messages=[{"role": "user", "content": [{"text": question}]}]
    )
    invoke = runtime.invoke_model_with_response_stream(modelId=arn, body=json.dumps(body))

    spoken = [
        event["contentBlockDelta"]["delta"]["text"]
        for event in converse["stream"]
        if "contentBlockDelta" in event
    ]
    pieces = [json.loads(event["chunk"]["bytes"]) for event in invoke["body"]]
    deltas = [piece["delta"]["text"] for piece in pieces if piece["type"] == "content_block_delta"]
    assert len(spoken) > 3
    assert "".join(spoken) == "".join(deltas) == f"Desk 7 handles claims from Oslo.{LABEL}"
